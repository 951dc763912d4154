"""Forms asked of a patient: what is due, and the answers, with what must follow from them."""

from dataclasses import asdict, dataclass
from datetime import datetime

from server.domain import instruments
from server.domain.faults import Fault
from server.domain.instruments import Answer
from server.domain.questionnaires import Questionnaire
from server.persistence import check_ins as rows
from server.persistence import house_rules, outbox
from server.persistence.check_ins import CheckInRow, ResponseRow
from server.persistence.database import db
from server.persistence.people import patient
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.services import reach
from server.services.access import Caller, require
from server.services.check_ins import alerts, questionnaires
from server.services.messages import outgoing
from server.services.messages.outgoing import Subject
from server.services.people import on_call
from server.services.record import audit
from server.services.refusals import Conflict, Invalid, NotFound
from shared.problems import FieldFault
from shared.vocabulary import AfterMissedCheckIn, CheckInStatus, ReminderKind

__all__ = [
    "Answer",
    "Answered",
    "Questionnaire",
    "answer",
    "listed",
    "miss",
    "read",
    "within_reach",
]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Answers by item, and when the patient gave them."""

    answers: dict[str, Answer]
    answered_at: datetime


def listed(
    by: Caller, patient_id: str, *, page: int, page_size: int, now: datetime
) -> tuple[list[CheckInRow], int]:
    """A page of a patient's check-ins, past and to come."""
    reach.require_patient(by, "check_ins.read", patient_id)
    with transaction():
        if patient(by.clinic_id, patient_id) is None:
            raise NotFound
        audit.looked(by, "check_ins.read", [patient_id], now=now)
        return rows.of_patient(by.clinic_id, patient_id, page=page, page_size=page_size)


def read(by: Caller, check_in_id: str, *, now: datetime) -> CheckInRow:
    """One check-in with its answers, if there are any."""
    with transaction():
        row = within_reach(by, "check_ins.read", check_in_id)
        audit.looked(by, "check_ins.read", [row.patient_id], now=now)
        return row


def within_reach(by: Caller, action: str, check_in_id: str) -> CheckInRow:
    """A check-in that this person may act on; any other is NotFound."""
    require(by, action)
    row = rows.check_in(by.clinic_id, check_in_id)
    if row is None:
        raise NotFound
    reach.require_patient(by, action, row.patient_id)
    return row


def answer(by: Caller, check_in_id: str, given: Answered, *, now: datetime) -> ResponseRow:
    """Keep a patient's answers and what they come to; what a clinician must see today opens an
    alert in the same transaction. Once: a second answer is a Conflict."""
    within_reach(by, "check_ins.answer", check_in_id)
    with transaction(Locks(names=frozenset({f"check-in:{check_in_id}"}))):
        row = within_reach(by, "check_ins.answer", check_in_id)
        _require_open(row, given, now)
        form = questionnaires.form(row.clinic_id, row.questionnaire)
        _require_fits(form, given)
        response = _kept(row, form, given, now)
        audit.changed(by, "check_ins.answer", now=now, patient_id=row.patient_id, subject_id=row.id)
        db.session.flush()
        return response


def _require_open(row: CheckInRow, given: Answered, now: datetime) -> None:
    if row.status == CheckInStatus.COMPLETED:
        raise Conflict("These questions have been answered already.")
    if row.status == CheckInStatus.CANCELLED:
        raise Conflict("These questions are no longer asked.")
    if min(given.answered_at, now) < row.opens_at:
        raise Conflict("It is too early for these questions.")


def _require_fits(form: Questionnaire, given: Answered) -> None:
    if found := instruments.faults(form, given.answers):
        raise Invalid(map(_fault, found))
    if all(value is None for value in given.answers.values()):
        raise Invalid.field("answers", "must hold at least one answer")


def _fault(fault: Fault) -> FieldFault:
    return FieldFault(path=fault.path, reason=fault.reason)


def _kept(row: CheckInRow, form: Questionnaire, given: Answered, now: datetime) -> ResponseRow:
    score = instruments.score(form, given.answers)
    total = score.total if score else None
    before = rows.totals(row.patient_id, form.code)
    met = instruments.alerts(
        form,
        given.answers,
        total=total,
        last_total=before[-1][1] if before else None,
        limits=house_rules.of_clinic(row.clinic_id).limits,
    )
    response = ResponseRow(
        id=new_id(),
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        questionnaire=form.code,
        answers=given.answers,
        total=total,
        score=asdict(score) if score else None,
        help_line=any(rule.help_line for rule in met),
        answered_at=min(given.answered_at, now),
        received_at=now,
    )
    row.response, row.status = response, CheckInStatus.COMPLETED
    outbox.stop([row.id])
    rows.drop_draft(row.id)
    db.session.flush()
    if met:
        alerts.raise_alert(row, [rule.code for rule in met], now=now)
    return response


def miss(limit: int) -> int:
    """Check-ins whose time is over without an answer: put down so, and done about it what the
    clinic's rule says. By the database's clock. How many there were is returned."""
    with transaction():
        at = outbox.now()
        found = rows.unanswered(at, limit)
        for row in found:
            row.status = CheckInStatus.FAILED
            outbox.stop([row.id])
            db.session.flush()
            _after_missed(row, at)
        return len(found)


def _after_missed(row: CheckInRow, at: datetime) -> None:
    match house_rules.of_clinic(row.clinic_id).after_missed_check_in:
        case AfterMissedCheckIn.ALERT:
            alerts.raise_alert(row, [str(ReminderKind.CHECK_IN_MISSED)], now=at)
        case AfterMissedCheckIn.TELL:
            subject = Subject(clinic_id=row.clinic_id, id=row.id, version=row.version)
            told = on_call.everybody(row.clinic_id, now=at)[:1]
            until = at + alerts.TOLD_FOR
            outgoing.to_staff(told, subject, ReminderKind.CHECK_IN_MISSED, now=at, until=until)
