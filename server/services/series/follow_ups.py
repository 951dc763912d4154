"""After a visit did not take place: who must know, what the protocol lets the clinic do, and a
ready plan for the rest of the series. Nothing moves until somebody takes it.

What follows stands in `domain.missed`: within its window a visit is planned again, later ones at
their own least gaps; beyond it a prescriber decides on an infusion, and the rest is recorded.
"""

from datetime import datetime

from server.domain.breaches import Breach, BreachCode, Refused
from server.persistence import follow_ups as rows
from server.persistence import outbox
from server.persistence import series as series_rows
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.follow_ups import FollowUpRow
from server.persistence.last_word import guarded
from server.persistence.transactions import Locks, series_lock, transaction
from server.persistence.types import new_id
from server.services import reach
from server.services.access import Caller, require
from server.services.booking import bookings
from server.services.messages import outgoing
from server.services.messages.outgoing import Subject
from server.services.people import colleagues
from server.services.planning import pictures, plan_bodies, questions
from server.services.planning.pictures import SeriesPicture
from server.services.record import audit
from server.services.refusals import Conflict, NotFound, Stale
from server.services.series import rest
from server.services.series.rest import Rest
from shared.vocabulary import FollowUpCause, FollowUpStatus, ReminderKind, SeriesStatus

TOLD = {
    FollowUpCause.NO_SHOW: ReminderKind.NO_SHOW,
    FollowUpCause.WINDOW_CLOSED: ReminderKind.WINDOW_CLOSED,
    FollowUpCause.RESUMED: ReminderKind.RESUMED,
}
"""Of what staff are told at once; the rest waits for their list."""


def open_for(
    clinic_id: str, series_id: str, visit_code: str, cause: FollowUpCause, *, now: datetime
) -> None:
    """Put down, in the present transaction, that a visit needs somebody, and tell the people of the
    series. What is open already stays as it is, but for its cause: a visit of which nothing was
    said may turn out to be missed."""
    row = rows.open_of(series_id, visit_code)
    if row is not None and row.cause == cause:
        return
    if row is None:
        row = _new(clinic_id, series_id, visit_code, now)
    row.cause, row.planned_at = cause, None
    db.session.add(row)
    db.session.flush()
    if kind := TOLD.get(cause):
        subject = Subject(clinic_id=clinic_id, id=row.id, version=row.version)
        told = [user.id for user in colleagues.of_series(clinic_id, series_id)]
        outgoing.to_staff(told, subject, kind, now=now, until=now + outgoing.TOLD_FOR)


def _new(clinic_id: str, series_id: str, visit_code: str, now: datetime) -> FollowUpRow:
    series = series_rows.series(clinic_id, series_id)
    if series is None:
        raise NotFound  # cannot be: foreign keys hold it
    return FollowUpRow(
        id=new_id(),
        clinic_id=clinic_id,
        patient_id=series.patient_id,
        series_id=series_id,
        visit_code=visit_code,
        status=FollowUpStatus.OPEN,
        made_at=now,
    )


def listed(
    by: Caller, *, status: str | None, page: int, page_size: int, now: datetime
) -> tuple[list[FollowUpRow], int]:
    """A page of those about patients within reach, oldest first."""
    only = reach.only_patients(by, "follow_ups.read")
    with transaction():
        found, total = rows.listed(
            by.clinic_id, status=status, only_patients=only, page=page, page_size=page_size
        )
        audit.looked(by, "follow_ups.read", {row.patient_id for row in found}, now=now)
        return found, total


def plan(by: Caller, follow_up_id: str, *, now: datetime) -> FollowUpRow:
    """Look for a plan afresh: since the last one a time may have gone, or a decision been made."""
    _within_reach(by, "follow_ups.settle", follow_up_id)
    make_plan(by.clinic_id, follow_up_id, now=now)
    with transaction():
        row = _within_reach(by, "follow_ups.settle", follow_up_id)
        audit.looked(by, "follow_ups.settle", [row.patient_id], now=now)
        return row


def to_plan(limit: int) -> list[tuple[str, str]]:
    """Those without a plan yet, by clinic and id."""
    return rows.without_plan(limit)


def make_plan(clinic_id: str, follow_up_id: str, *, now: datetime) -> None:
    """Find the plan for the rest of the series and put it beside the follow-up."""
    row = rows.follow_up(clinic_id, follow_up_id)
    if row is None or not row.is_open:
        return
    found = _found(row, now)
    with transaction(_lock(row)):
        fresh = rows.follow_up(clinic_id, follow_up_id)
        if fresh is not None and fresh.is_open:
            fresh.remedy, fresh.pair_with = found.remedy, found.pair_with
            fresh.decisions = list(found.decisions)
            fresh.plan, fresh.obstacles = found.body, list(found.obstacles)
            fresh.planned_at = now


def _found(row: FollowUpRow, now: datetime) -> Rest:
    """Without a plan where the site lacks what the protocol asks for: the obstacle names it."""
    try:
        picture = pictures.of_series(row.clinic_id, row.series_id)
    except Conflict as conflict:
        return Rest(obstacles=({"sentence": str(conflict)},))
    return rest.after(picture, row.visit_code, now=now)


def _lock(row: FollowUpRow) -> Locks:
    return Locks(names=frozenset({series_lock(row.series_id)}))


@guarded
def apply(
    by: Caller, follow_up_id: str, *, expected_version: int, now: datetime
) -> list[AppointmentRow]:
    """Book and move exactly what the plan showed. Stale where anything of it has changed since,
    Refused where a time no longer stands or a prescriber has not decided yet."""
    require(by, "series.book")
    row = _within_reach(by, "follow_ups.settle", follow_up_id)
    if row.plan is None or not row.is_open:
        raise Conflict("There is no plan to take here.")
    shown = plan_bodies.from_body(row.plan)
    before = pictures.of_series(by.clinic_id, row.series_id)
    with transaction(bookings.locks_for(before, shown)):
        fresh = _within_reach(by, "follow_ups.settle", follow_up_id)
        if fresh.version != expected_version or not fresh.is_open or fresh.plan is None:
            raise Stale
        picture = pictures.of_series(by.clinic_id, fresh.series_id)
        _require_unchanged(picture, fresh.plan, now)
        free = {each.visit for each in shown.placements}
        asked = questions.question(picture, now=now, free=free, proving=shown)
        bookings.prove(asked, shown, now=now)
        written = bookings.write(picture, shown, now=now)
        pictures.touch(picture)
        _settle(by, fresh, FollowUpStatus.APPLIED, "", now)
        return written


def _require_unchanged(picture: SeriesPicture, body: dict[str, object], now: datetime) -> None:
    if picture.row.status == SeriesStatus.ON_HOLD:
        raise Refused([Breach(code=BreachCode.ON_HOLD)])
    if picture.row.status != SeriesStatus.ACTIVE or not rest.stands(picture, body, now):
        raise Stale


def settle(
    by: Caller, follow_up_id: str, *, outcome: str, expected_version: int, now: datetime
) -> FollowUpRow:
    """Close it with what was done instead."""
    row = _within_reach(by, "follow_ups.settle", follow_up_id)
    with transaction(_lock(row)):
        row = _within_reach(by, "follow_ups.settle", follow_up_id)
        if row.version != expected_version:
            raise Stale
        if not row.is_open:
            raise Conflict("This is settled already.")
        _settle(by, row, FollowUpStatus.SETTLED, outcome, now)
        return row


def _settle(
    by: Caller, row: FollowUpRow, status: FollowUpStatus, outcome: str, now: datetime
) -> None:
    row.status, row.outcome = status, outcome
    row.settled_at, row.settled_by = now, by.user_id
    outbox.stop([row.id])
    db.session.flush()
    facts: dict[str, object] = {"visit": row.visit_code, "status": str(status)}
    audit.changed(
        by,
        "follow_ups.settle",
        now=now,
        patient_id=row.patient_id,
        subject_id=row.id,
        facts=facts,
    )


def _within_reach(by: Caller, action: str, follow_up_id: str) -> FollowUpRow:
    require(by, action)
    row = rows.follow_up(by.clinic_id, follow_up_id)
    if row is None:
        raise NotFound
    reach.require_patient(by, action, row.patient_id)
    return row
