"""Forms that the clinic fills in itself: what is due, who is told, and what was put down.

A protocol asks for them as it asks for check-ins: by a clinician, or of the patient by a form whose
items are not kept here; then the score alone is put down. An overdue form is never given up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain.local_time import local_date
from server.domain.reminders import clock_at
from server.persistence import appointments, outbox
from server.persistence import paperwork as rows
from server.persistence.database import db
from server.persistence.paperwork import PaperworkRow
from server.persistence.transactions import Locks, series_lock, transaction
from server.services import reach
from server.services.access import Caller, require
from server.services.messages import outgoing
from server.services.messages.outgoing import Subject
from server.services.people import colleagues
from server.services.record import audit
from server.services.refusals import Conflict, Invalid, NotFound, Stale
from shared.vocabulary import PaperworkStatus, ReminderKind

MORNING = 7 * 60


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What is put down of a form: when it was filled in, its score where it has one, a word."""

    done_at: datetime
    total: int | None = None
    note: str = ""


def listed(
    by: Caller,
    *,
    status: str | None,
    due_by: datetime | None = None,
    page: int,
    page_size: int,
    now: datetime,
) -> tuple[list[PaperworkRow], int]:
    """A page of the forms about patients within reach, what is due first first."""
    only = reach.only_patients(by, "paperwork.read")
    with transaction():
        found, count = rows.listed(
            by.clinic_id,
            status=status,
            due_by=due_by,
            only_patients=only,
            page=page,
            page_size=page_size,
        )
        audit.looked(by, "paperwork.read", {row.patient_id for row in found}, now=now)
        return found, count


def of_patient(
    by: Caller, patient_id: str, *, page: int, page_size: int, now: datetime
) -> tuple[list[PaperworkRow], int]:
    """A page of the forms about one patient, what is due first first."""
    reach.require_known(by, "paperwork.read", patient_id)
    with transaction():
        audit.looked(by, "paperwork.read", [patient_id], now=now)
        return rows.listed(
            by.clinic_id,
            status=None,
            due_by=None,
            only_patients=[patient_id],
            page=page,
            page_size=page_size,
        )


def fill(
    by: Caller, paperwork_id: str, filled: Filled, *, expected_version: int, now: datetime
) -> PaperworkRow:
    """Put down that a form was filled in, or correct what was put down. Invalid where it cannot
    have been then, Stale where somebody else was first, Conflict where it is not asked any more."""
    seen = _within_reach(by, "paperwork.fill", paperwork_id)
    with transaction(Locks(names=frozenset({series_lock(seen.series_id)}))):
        row = _within_reach(by, "paperwork.fill", paperwork_id)
        if row.version != expected_version:
            raise Stale
        if row.status == PaperworkStatus.CANCELLED:
            raise Conflict("This form is no longer asked for: its visit was given up.")
        if filled.done_at > now:
            raise Invalid.field("done_at", "lies in the future")
        corrects = not row.is_open
        row.status, row.tell_at = PaperworkStatus.COMPLETED, None
        row.done_at, row.done_by = filled.done_at, by.user_id
        row.total, row.note = filled.total, filled.note
        outbox.stop([row.id])
        facts: dict[str, object] = {"form": row.code, "corrects": corrects}
        audit.changed(
            by,
            "paperwork.fill",
            now=now,
            patient_id=row.patient_id,
            subject_id=row.id,
            facts=facts,
        )
        db.session.flush()
        return row


def _within_reach(by: Caller, action: str, paperwork_id: str) -> PaperworkRow:
    require(by, action)
    row = rows.paperwork(by.clinic_id, paperwork_id)
    if row is None:
        raise NotFound
    reach.require_patient(by, action, row.patient_id)
    return row


def to_tell(limit: int) -> list[tuple[str, str]]:
    """Forms of which staff are to be told now, by clinic and id."""
    return [(row.clinic_id, row.id) for row in rows.to_tell(outbox.now(), limit)]


def tell(clinic_id: str, paperwork_id: str) -> None:
    """Tell the people of a series that a form is due: once when it is, and once more in the morning
    of its last day. By the database's clock."""
    before = rows.paperwork(clinic_id, paperwork_id)
    if before is None:
        return
    with transaction(Locks(names=frozenset({series_lock(before.series_id)}))):
        row, at = rows.paperwork(clinic_id, paperwork_id), outbox.now()
        if row is None or not row.is_open or row.tell_at is None or row.tell_at > at:
            return
        again = _last_morning(row)
        row.tell_at = again if again > at else None
        db.session.flush()
        subject = Subject(clinic_id=clinic_id, id=row.id, version=row.version)
        told = [user.id for user in colleagues.of_series(clinic_id, row.series_id)]
        until = at + outgoing.TOLD_FOR
        outgoing.to_staff(told, subject, ReminderKind.PAPERWORK_DUE, now=at, until=until)


def _last_morning(row: PaperworkRow) -> datetime:
    """The last seven in the morning before a form closes, on the clock of its visit."""
    visit = appointments.appointment(row.clinic_id, row.appointment_id)
    zone = ZoneInfo(visit.time_zone if visit else "UTC")
    day = local_date(row.closes_at, zone)
    same_day = clock_at(day, MORNING, zone)
    if same_day < row.closes_at:
        return same_day
    return clock_at(day - timedelta(days=1), MORNING, zone)
