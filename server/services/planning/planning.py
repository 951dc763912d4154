"""Finds times for the visits of a series that have none, and says why where there are none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from server.domain import series as rules
from server.domain.breaches import Breach, BreachCode, Refused
from server.domain.placement import SeriesPlan
from server.persistence.database import db
from server.persistence.series import ProposedPlanRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.planner import explain, quick
from server.planner.calendar import Shelf
from server.planner.reasons.changes import all_changed
from server.services import reach
from server.services.access import Caller, require
from server.services.planning import pictures, plan_bodies, questions
from server.services.planning.pictures import SeriesPicture
from server.services.planning.questions import Question
from server.services.record import audit
from server.services.refusals import Invalid
from shared.vocabulary import DayPart, SeriesStatus

OFFERED_FOR = timedelta(hours=12)
REASONS_SECONDS = 5.0
"""Nobody waits longer for the reasons why there is no plan."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the person planning asks for, beyond what the series says; all optional."""

    candidates: Mapping[str, tuple[str, ...]] | None = None
    start_on_or_after: date | None = None
    start_by: date | None = None
    not_on_weekdays: frozenset[int] = frozenset()
    prefers: DayPart | None = None
    visit: str | None = None
    """Ask for this visit alone, every other standing where it is or waiting."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Plans, best first; where there are none, the obstacles with the nearest fix of each."""

    series_version: int
    plans: tuple[ProposedPlanRow, ...]
    obstacles: tuple[dict[str, object], ...]


def propose(
    by: Caller, series_id: str, *, now: datetime, wishes: Wishes = Wishes(), count: int = 3
) -> Offer:
    """The best ways to place every visit of a series that is not booked yet.

    Visits booked already stay where they are. Nothing is held: another booking may take a time
    first, and booking the plan is then refused with its reasons.
    """
    require(by, "series.plan")
    picture = pictures.of_series(by.clinic_id, series_id)
    reach.require_patient(by, "series.plan", picture.patient.id)
    _require_plannable(picture)
    asked = _wished(_question(picture, now, wishes.visit), wishes)
    shelf = Shelf()
    plans = quick.best_plans(asked.series, asked.calendar, count=count, shelf=shelf)
    crowd = explain.Crowd.of_plans(asked.calendar, plans)
    bodies = [_with_reasons(plan, asked, crowd) for plan in plans]
    obstacles = () if plans else _obstacles(asked, shelf)
    version, patient_id = picture.row.version, picture.patient.id
    with transaction():
        rows = _offered(by, series_id, bodies, now)
        audit.looked(by, "series.plan", [patient_id], now=now)
    return Offer(series_version=version, plans=tuple(rows), obstacles=obstacles)


def trial(
    by: Caller,
    series_id: str,
    changes: Iterable[Mapping[str, object]],
    *,
    now: datetime,
    wishes: Wishes = Wishes(),
) -> list[dict[str, object]]:
    """The best plan if something were otherwise, as an obstacle's nearest fix says it: to be looked
    at, never to be booked; [] where there is none. Invalid for changes that mean nothing here."""
    require(by, "series.plan")
    picture = pictures.of_series(by.clinic_id, series_id)
    reach.require_patient(by, "series.plan", picture.patient.id)
    _require_plannable(picture)
    asked = _wished(_question(picture, now, wishes.visit), wishes)
    try:
        series, calendar = all_changed(asked.series, asked.calendar, changes)
    except (KeyError, TypeError, ValueError, IndexError):
        raise Invalid.field("changes", "that cannot be tried here") from None
    otherwise = replace(asked, series=series, calendar=calendar)
    found = quick.best_plans(series, calendar, count=1)
    crowd = explain.Crowd.of_plans(calendar, found)
    with transaction():
        audit.looked(by, "series.plan", [picture.patient.id], now=now)
    return [_with_reasons(plan, otherwise, crowd) for plan in found]


def _require_plannable(picture: SeriesPicture) -> None:
    status = SeriesStatus(picture.row.status)
    if status is SeriesStatus.ON_HOLD:
        raise Refused([Breach(code=BreachCode.ON_HOLD)])
    if status is not SeriesStatus.ACTIVE:
        rules.change(status, SeriesStatus.ACTIVE)


def _question(picture: SeriesPicture, now: datetime, only: str | None) -> Question:
    """Ask for every visit without an appointment, done or booked; or for one of them, which then
    may not come before what it is counted from."""
    open_visits = {visit.code for visit in picture.visits} - set(picture.live)
    if only is not None:
        open_visits &= {picture.visit(only).code}
    if not open_visits:
        raise Refused([Breach(code=BreachCode.ALREADY_BOOKED, visit=only)])
    return questions.question(picture, now=now, free=open_visits, strict=only is not None)


def _wished(asked: Question, wishes: Wishes) -> Question:
    series, patient = asked.series, asked.series.patient
    if wishes.candidates:
        if unknown := sorted(set(wishes.candidates) - set(series.candidates)):
            raise Invalid.field("candidates", f"the protocol has no choice {unknown[0]}")
        series = replace(series, candidates=dict(series.candidates) | dict(wishes.candidates))
    first = max(series.ready_on, wishes.start_on_or_after or series.ready_on)
    away = (
        set()
        if not wishes.not_on_weekdays
        else {
            series.ready_on + timedelta(days=n)
            for n in range((series.last_day - series.ready_on).days + 1)
            if (series.ready_on + timedelta(days=n)).weekday() in wishes.not_on_weekdays
        }
    )
    patient = replace(patient, away=patient.away | away, prefers=wishes.prefers or patient.prefers)
    start_by = wishes.start_by or series.start_by
    series = replace(series, ready_on=first, start_by=start_by, patient=patient)
    return replace(asked, series=series)


def _with_reasons(plan: SeriesPlan, asked: Question, crowd: explain.Crowd) -> dict[str, object]:
    found = explain.reasons(plan, asked.series, asked.calendar, crowd)
    said = {each.visit: each.as_json() for each in found}
    return plan_bodies.to_body(plan, said)


def _obstacles(asked: Question, shelf: Shelf) -> tuple[dict[str, object], ...]:
    patience = explain.Patience.of(REASONS_SECONDS)
    found = explain.why_not(asked.series, asked.calendar, patience=patience, shelf=shelf)
    # None where there is a plan after all, which nobody waited for.
    return tuple(each.as_json() for each in found or [explain.unknown(asked.series)])


def _offered(
    by: Caller, series_id: str, bodies: list[dict[str, object]], now: datetime
) -> list[ProposedPlanRow]:
    rows = [
        ProposedPlanRow(
            id=new_id(),
            clinic_id=by.clinic_id,
            series_id=series_id,
            place=rank,
            body=body,
            made_at=now,
            expires_at=now + OFFERED_FOR,
        )
        for rank, body in enumerate(bodies, start=1)
    ]
    db.session.add_all(rows)
    return rows
