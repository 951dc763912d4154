"""How a patient is: what was asked and answered, and every score against the one before treatment.

No grade is given, for a score is no finding: what is told is the number, how far it lies from the
measurement it is compared with, and which one that is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from server.domain import instruments
from server.domain.questionnaires import Item, Questionnaire
from server.persistence import appointments
from server.persistence import check_ins as rows
from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import AlertRow, CheckInRow
from server.persistence.people import PatientRow
from server.persistence.transactions import transaction
from server.services import reach
from server.services.access import Caller
from server.services.check_ins import questionnaires
from server.services.people import patients
from server.services.record import audit
from shared.vocabulary import AppointmentStatus, CheckInStatus, ItemKind, VisitKind

MOST = 2_000
"""So many check-ins of one patient are read; nobody has come near."""
Forms = Mapping[str, Questionnaire]
TOOK_PLACE = (AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One question and what was answered, in the words of the form."""

    asked: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A check-in, the form it asks, and how it stands at this moment."""

    row: CheckInRow
    form: Questionnaire
    standing: str
    """answered, missed, overdue (past its time, can still be answered), open, or ahead."""
    replies: tuple[Reply, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A score. `change` is against the baseline, None for the baseline and what came before it."""

    at: datetime
    total: int
    change: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """All scores of one form, the oldest first."""

    form: Questionnaire
    points: tuple[Point, ...]
    baseline: Point
    before_treatment: bool
    """Whether the baseline was answered before the first infusion of the series begun last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """Everything a clinician reads of how a patient has been."""

    patient: PatientRow
    asked: tuple[Asked, ...]
    curves: tuple[Curve, ...]
    visits: tuple[AppointmentRow, ...]
    """Those that took place, in their order."""
    open_alerts: int

    def standing(self, name: str) -> int:
        """How many check-ins stand so."""
        return sum(1 for each in self.asked if each.standing == name)


def course(by: Caller, patient_id: str, *, now: datetime) -> Course:
    """How a patient has been, for those who may read answers; that they looked is on record."""
    reach.require_known(by, "check_ins.read", patient_id)
    patient = patients.patient(by, patient_id, now=now)
    with transaction():
        audit.looked(by, "check_ins.read", [patient_id], now=now)
        found, _ = rows.of_patient(by.clinic_id, patient_id, page=1, page_size=MOST)
        forms = questionnaires.ever_of_clinic(by.clinic_id)
        held = appointments.that_took_place(by.clinic_id, patient_id, TOOK_PLACE)
        return Course(
            patient=patient,
            asked=tuple(_asked(row, forms, now) for row in found),
            curves=tuple(_curves(found, forms, _begun_at(held))),
            visits=tuple(held),
            open_alerts=len(_open(rows.alerts_of(by.clinic_id, patient_id))),
        )


def _open(alerts: Iterable[AlertRow]) -> list[AlertRow]:
    return [row for row in alerts if row.closed_at is None]


def _begun_at(held: list[AppointmentRow]) -> datetime | None:
    """When the series treated last had its first infusion."""
    infusions = [row for row in held if row.kind == VisitKind.INFUSION]
    if not infusions:
        return None
    return min(row.starts_at for row in infusions if row.series_id == infusions[-1].series_id)


def _asked(row: CheckInRow, forms: Forms, now: datetime) -> Asked:
    form = forms[row.questionnaire]
    return Asked(row=row, form=form, standing=_standing(row, now), replies=_replies(row, form))


def _standing(row: CheckInRow, now: datetime) -> str:
    if row.status == CheckInStatus.COMPLETED:
        return "answered"
    if row.status == CheckInStatus.FAILED or now >= row.closes_at:
        return "missed"
    if now < row.opens_at:
        return "ahead"
    return "overdue" if now > row.due_at else "open"


def _replies(row: CheckInRow, form: Questionnaire) -> tuple[Reply, ...]:
    if row.response is None:
        return ()
    given = row.response.answers
    return tuple(
        Reply(asked=item.text[form.languages[0]], said=_said(form, item, given[item.id]))
        for item in form.items
        if item.id in given
    )


def _said(form: Questionnaire, item: Item, answer: instruments.Answer) -> str:
    if answer is None or answer == "":
        return "skipped"
    if item.kind is ItemKind.YES_NO:
        return "yes" if answer else "no"
    for option in item.options:
        if option.value == answer:
            return f"{option.text[form.languages[0]]} ({answer})"
    return str(answer) if item.kind is ItemKind.TEXT else f"{answer} of {item.least} to {item.most}"


def _curves(found: list[CheckInRow], forms: Forms, begun_at: datetime | None) -> Iterable[Curve]:
    for code, form in forms.items():
        scores = sorted(
            (row.response.answered_at, row.response.total)
            for row in found
            if row.response and row.questionnaire == code and row.response.total is not None
        )
        if form.scoring and scores:
            yield _curve(form, scores, begun_at)


def _curve(
    form: Questionnaire, scores: list[tuple[datetime, int]], begun_at: datetime | None
) -> Curve:
    before = [at for at, _ in scores if begun_at is None or at <= begun_at]
    after = [at for at, _ in scores if begun_at is not None and at > begun_at]
    measured_before = bool(before) and begun_at is not None
    since = before[-1] if measured_before else (before or after)[0]
    base = next(total for at, total in scores if at == since)
    points = tuple(_point(at, total, since, base) for at, total in scores)
    return Curve(
        form=form,
        points=points,
        baseline=next(each for each in points if each.at == since),
        before_treatment=measured_before,
    )


def _point(at: datetime, total: int, since: datetime, base: int) -> Point:
    return Point(at=at, total=total, change=total - base if at > since else None)
