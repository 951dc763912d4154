"""What the clock looks for: visits of which nobody has said what became of them, visits whose
window has closed, and follow-ups that nothing is left to do about. Each is done once."""

from datetime import datetime, timedelta

from server.domain import series as rules
from server.persistence import appointments as rows
from server.persistence import audit, follow_ups, house_rules, outbox
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.series import SeriesRow
from server.persistence.transactions import Locks, series_lock, transaction
from server.services.booking import bookings
from server.services.planning import pictures
from server.services.refusals import Conflict
from server.services.series import follow_ups as follow
from shared.vocabulary import (
    AppointmentStatus,
    FollowUpCause,
    FollowUpStatus,
    SeriesStatus,
    VisitKind,
)

A = AppointmentStatus
BY_THE_CLOCK = "clock"
ASKED_AFTER = timedelta(minutes=60)
"""How long after its end a visit of which nothing was said comes onto somebody's list."""
MANY = 200


def unsaid() -> int:
    """Put visits that ended and were not spoken of on the clinic's list, or down as missed where
    the clinic's rule says so. How many were put down so is returned."""
    count, after = 0, ""
    while found := follow_ups.unsaid(outbox.now(), MANY, after=after):
        after = found[-1].id
        for clinic_id, one in [(row.clinic_id, row.id) for row in found]:
            count += _unsaid(clinic_id, one)
    return count


def _unsaid(clinic_id: str, appointment_id: str) -> bool:
    before = rows.appointment(clinic_id, appointment_id)
    if before is None or not _is_due(before, outbox.now()):
        return False
    with transaction(Locks(names=frozenset({series_lock(before.series_id)}))):
        row, now = rows.appointment(clinic_id, appointment_id), outbox.now()
        if row is None or row.status not in (A.PENDING, A.BOOKED):
            return False
        return _put_down(row, now)


def _is_due(row: AppointmentRow, now: datetime) -> bool:
    """Whether something is to be put down that is not yet."""
    after = _missed_after(row)
    missed = after is not None and row.ends_at + after <= now
    known = follow_ups.open_of(row.series_id, row.visit_code) is not None
    return missed or (row.ends_at + ASKED_AFTER <= now and not known)


def _missed_after(row: AppointmentRow) -> timedelta | None:
    minutes = house_rules.of_clinic(row.clinic_id).noshow_after_minutes
    return None if minutes is None else timedelta(minutes=minutes)


def _put_down(row: AppointmentRow, now: datetime) -> bool:
    after = _missed_after(row)
    if after is None or row.ends_at + after > now:
        cause = FollowUpCause.UNSAID
        follow.open_for(row.clinic_id, row.series_id, row.visit_code, cause, now=now)
        return False
    series = db.session.get_one(SeriesRow, row.series_id)
    stopped = series.status == SeriesStatus.ON_HOLD and row.kind == VisitKind.INFUSION
    status = A.CANCELLED if stopped else A.NO_SHOW  # nobody could have come while it was on hold
    bookings.let_go(row, status, "on hold" if stopped else "nobody said otherwise", now=now)
    if not stopped:
        cause = FollowUpCause.NO_SHOW
        follow.open_for(row.clinic_id, row.series_id, row.visit_code, cause, now=now)
    _on_record(row, "appointments.progress", {"status": str(status), "unsaid": True}, now)
    return True


def _on_record(row: AppointmentRow, action: str, facts: dict[str, object], now: datetime) -> None:
    audit.record(
        clinic_id=row.clinic_id,
        at=now,
        by_user_id=None,
        role=BY_THE_CLOCK,
        action=action,
        patient_id=row.patient_id,
        subject_id=row.id,
        facts=facts,
    )


def closed_windows() -> int:
    """Open a follow-up for every visit whose window has closed without it, in series that have
    begun. How many is returned."""
    return sum(_closed(clinic_id, one) for clinic_id, one in follow_ups.series_with_a_gap())


def _closed(clinic_id: str, series_id: str) -> int:
    with transaction(Locks(names=frozenset({series_lock(series_id)}))):
        now = outbox.now()
        try:
            picture = pictures.of_series(clinic_id, series_id)
        except Conflict:  # the site lacks what the protocol needs; the doctor names it
            return 0
        done = {
            code: picture.placement(code)
            for code, row in picture.live.items()
            if row.status == A.FULFILLED
        }
        late = rules.overdue(picture.visits, done, now=now, zone=picture.zone)
        missing = [c for c in late if c not in picture.live and not follow_ups.told(series_id, c)]
        for code in missing:
            follow.open_for(clinic_id, series_id, code, FollowUpCause.WINDOW_CLOSED, now=now)
        return len(missing)


def settled() -> int:
    """Close the follow-ups that nothing is left to do about. How many is returned."""
    found = follow_ups.over(MANY)
    for clinic_id, one in found:
        with transaction(Locks(names=frozenset({f"follow-up:{one}"}))):
            row = follow_ups.follow_up(clinic_id, one)
            if row is not None and row.is_open:
                row.status, row.settled_at = FollowUpStatus.SETTLED, outbox.now()
                row.outcome = "settled by what was booked or decided"
                outbox.stop([row.id])
    return len(found)
