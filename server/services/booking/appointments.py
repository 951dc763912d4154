"""A booked time after it was booked: read, arrived, done, missed, cancelled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain import series as rules
from server.domain import stages
from server.domain.breaches import Breach, BreachCode, Refused
from server.persistence import appointments as rows
from server.persistence import series
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.last_word import guarded
from server.persistence.series import SeriesRow
from server.persistence.transactions import Locks, series_lock, transaction
from server.services import reach
from server.services.access import Caller, require
from server.services.booking import bookings
from server.services.check_ins import check_in_times
from server.services.planning import pictures
from server.services.record import audit
from server.services.refusals import NotFound, Stale
from server.services.series import follow_ups
from shared.vocabulary import (
    AppointmentStatus,
    FollowUpCause,
    PlannedVisitStatus,
    SeriesStatus,
    Stage,
    VisitKind,
)

A = AppointmentStatus
UNDO_FOR = timedelta(minutes=10)
"""So long "done" can be taken back, for whoever pressed it on the wrong line."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Which appointments are asked for; `patient_id` and `bookable_id` narrow it."""

    start: datetime
    end: datetime
    site_id: str | None = None
    patient_id: str | None = None
    bookable_id: str | None = None


def read(by: Caller, appointment_id: str, *, now: datetime) -> AppointmentRow:
    """One appointment; that somebody looked is on record."""
    with transaction():
        row = within_reach(by, "appointments.read", appointment_id)
        audit.looked(by, "appointments.read", [row.patient_id], now=now)
        return row


def listed(
    by: Caller, span: Span, *, page: int, page_size: int, now: datetime
) -> tuple[list[AppointmentRow], int]:
    """A page of the appointments in a span that this person may see, and how many there are."""
    only = reach.only_patients(by, "appointments.read")
    with transaction():
        found, total = rows.between(
            by.clinic_id,
            start=span.start,
            end=span.end,
            site_id=span.site_id,
            patient_id=span.patient_id,
            bookable_id=span.bookable_id,
            only_patients=only,
            page=page,
            page_size=page_size,
        )
        audit.looked(by, "appointments.read", {row.patient_id for row in found}, now=now)
        return found, total


def within_reach(by: Caller, action: str, appointment_id: str) -> AppointmentRow:
    """The appointment, or NotFound where there is none this person may know of."""
    require(by, action)
    row = rows.appointment(by.clinic_id, appointment_id)
    if row is None:
        raise NotFound
    reach.require_patient(by, action, row.patient_id)
    return row


@dataclass(frozen=True, kw_only=True)
class Step:
    """What happens to an appointment seen at `expected_version`; `reason` in the clinic's words."""

    to: AppointmentStatus
    expected_version: int
    reason: str = ""


def cancel(by: Caller, appointment_id: str, step: Step, *, now: datetime) -> AppointmentRow:
    """Give up a booked time. The visit stays due: it is planned anew or decided upon."""
    return _change(by, "appointments.cancel", appointment_id, step, now)


def progress(by: Caller, appointment_id: str, step: Step, *, now: datetime) -> AppointmentRow:
    """The patient has arrived, was treated, or did not come (said only once the visit should have
    begun). An infusion of a series on hold does not begin."""
    return _change(by, "appointments.progress", appointment_id, step, now)


def to_stage(
    by: Caller, appointment_id: str, to: Stage, *, expected_version: int, now: datetime
) -> AppointmentRow:
    """An infusion's patient who has arrived is a step further, or one back."""
    series_id = within_reach(by, "appointments.progress", appointment_id).series_id
    with transaction(Locks(names=frozenset({series_lock(series_id)}))):
        row = within_reach(by, "appointments.progress", appointment_id)
        if row.version != expected_version:
            raise Stale
        if row.status != A.ARRIVED or row.kind != VisitKind.INFUSION:
            said = {"what": "an appointment", "before": str(row.status), "after": str(to)}
            raise Refused(
                [Breach(code=BreachCode.NOT_ALLOWED_CHANGE, visit=row.visit_code, facts=said)]
            )
        if found := stages.against(Stage(row.stage), to, row.visit_code):
            raise Refused(found)
        row.stage, row.stage_at = to, now
        facts: dict[str, object] = {"stage": str(to), "visit": row.visit_code}
        audit.changed(
            by,
            "appointments.progress",
            now=now,
            patient_id=row.patient_id,
            subject_id=row.id,
            facts=facts,
        )
        db.session.flush()
        return row


@guarded
def _change(
    by: Caller, action: str, appointment_id: str, step: Step, now: datetime
) -> AppointmentRow:
    series_id = within_reach(by, action, appointment_id).series_id
    with transaction(Locks(names=frozenset({series_lock(series_id)}))):
        row = within_reach(by, action, appointment_id)
        if row.version != step.expected_version:
            raise Stale
        of = series.series(by.clinic_id, series_id)
        if of is None:
            raise NotFound  # cannot be: a foreign key holds it
        if found := _against(row, step.to, of, now):
            raise Refused(found)
        _apply(row, step, of, now)
        facts: dict[str, object] = {"status": str(step.to), "visit": row.visit_code}
        audit.changed(
            by, action, now=now, patient_id=row.patient_id, subject_id=row.id, facts=facts
        )
        db.session.flush()
        return row


def _against(
    row: AppointmentRow, to: AppointmentStatus, of: SeriesRow, now: datetime
) -> list[Breach]:
    """What stands against an allowed change. Raises Refused where the status cannot follow."""
    rules.change(A(row.status), to)
    stopped = of.status == SeriesStatus.ON_HOLD and row.kind == VisitKind.INFUSION
    if to is A.ARRIVED and stopped:
        return [Breach(code=BreachCode.ON_HOLD, visit=row.visit_code)]
    ahead = to in (A.NO_SHOW, A.FULFILLED) and now < row.starts_at
    long_ago = row.status == A.FULFILLED and (row.stage_at or now - UNDO_FOR * 2) < now - UNDO_FOR
    if ahead or long_ago:
        facts = {"what": "an appointment", "before": str(row.status), "after": str(to)}
        return [Breach(code=BreachCode.NOT_ALLOWED_CHANGE, visit=row.visit_code, facts=facts)]
    return []


def _apply(row: AppointmentRow, step: Step, of: SeriesRow, now: datetime) -> None:
    if step.to in (A.CANCELLED, A.NO_SHOW):
        bookings.let_go(row, step.to, step.reason, now=now)
    elif row.status == A.NO_SHOW:
        bookings.take_back(row)
        row.status = step.to
        picture = pictures.of_series(row.clinic_id, row.series_id)
        check_in_times.follow(picture, now=now)
    else:
        taken_back = row.status == A.FULFILLED
        row.status = step.to
        if step.to in (A.ARRIVED, A.BOOKED):
            row.reason = step.reason  # why somebody came late
        row.stage_at = now
        if step.to is not A.FULFILLED and not taken_back:
            row.stage = Stage.ARRIVED
    if step.to is A.NO_SHOW:
        cause = FollowUpCause.NO_SHOW
        follow_ups.open_for(row.clinic_id, row.series_id, row.visit_code, cause, now=now)
    if step.to is A.FULFILLED:
        _stands(of, row, PlannedVisitStatus.COMPLETED)
    elif step.to is A.ARRIVED:
        _stands(of, row, PlannedVisitStatus.ACTIVE)
    series.touch(of)


def _stands(of: SeriesRow, row: AppointmentRow, status: PlannedVisitStatus) -> None:
    for visit in of.planned_visits:
        if visit.code == row.visit_code:
            visit.status = status
