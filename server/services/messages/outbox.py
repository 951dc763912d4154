"""Messages as staff see them: what waits, what went, what was given up and can be tried again."""

from datetime import datetime

from server.persistence import appointments as bookings
from server.persistence import outbox as rows
from server.persistence import outbox_lists as lists
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.transactions import transaction
from server.services import reach
from server.services.access import ACTIONS, Caller, require
from server.services.booking import appointments
from server.services.record import audit
from server.services.refusals import Conflict, NotFound
from shared.vocabulary import MessageStatus


def listed(
    by: Caller, *, status: str | None, page: int, page_size: int
) -> tuple[list[OutboxMessageRow], int]:
    """A page of the clinic's messages, those due last coming first."""
    require(by, "messages.read")
    return lists.listed(by.clinic_id, status=status, page=page, page_size=page_size)


def of_appointment(by: Caller, appointment_id: str, *, now: datetime) -> list[OutboxMessageRow]:
    """Everything told or to be told about an appointment, before it goes."""
    with transaction():
        row = appointments.within_reach(by, "appointments.read", appointment_id)
        audit.looked(by, "appointments.read", [row.patient_id], now=now)
        return rows.of_subject(by.clinic_id, row.id)


def of_patient(
    by: Caller, patient_id: str, *, page: int, page_size: int, now: datetime
) -> tuple[list[OutboxMessageRow], int]:
    """A page of everything a patient was told or will be, the latest first. Who may read no
    messages but care for the patient sees those about visits."""
    reach.require_known(by, "appointments.read", patient_id)
    with transaction():
        audit.looked(by, "appointments.read", [patient_id], now=now)
        every = by.role in ACTIONS["messages.read"]
        visits = None if every else bookings.ids_of(by.clinic_id, patient_id)
        return lists.of_patient(by.clinic_id, patient_id, visits, page=page, page_size=page_size)


def resend(by: Caller, message_id: str, *, now: datetime) -> OutboxMessageRow:
    """Try again what was given up. Conflict for any other."""
    require(by, "messages.resend")
    with transaction():
        row = rows.message(by.clinic_id, message_id)
        if row is None:
            raise NotFound
        if not _try_again(row):
            raise Conflict("Only a message that was given up is sent again.")
        audit.changed(by, "messages.resend", now=now, patient_id=row.patient_id, subject_id=row.id)
        db.session.flush()
        return row


def newest(*, status: str | None, limit: int) -> list[OutboxMessageRow]:
    """Messages of every clinic, for whoever runs the server."""
    return lists.newest(status=status, limit=limit)


def about(message_id: str) -> dict[str, object] | None:
    """What is on record about a message, for whoever runs the server."""
    row = db.session.get(OutboxMessageRow, message_id)
    if row is None:
        return None
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def try_again(message_id: str) -> bool:
    """Try again what was given up; False for any other."""
    with transaction():
        row = db.session.get(OutboxMessageRow, message_id)
        return row is not None and _try_again(row)


def quarantine() -> int:
    """After a restore nobody knows what went out since the backup: what was due by now is stopped
    for staff to look at. How many there were is returned."""
    with transaction():
        at = rows.now()
        found = rows.due_by(at)
        for row in found:
            row.status, row.failure = MessageStatus.STOPPED, "restored"
        return len(found)


def _try_again(row: OutboxMessageRow) -> bool:
    if row.status != MessageStatus.DEAD:
        return False
    if row.failure == rows.UNDELIVERED:  # taken once: by the same key it would not go out again
        row.bundle = rows.key_of(str(row.bundle), row.kind, row.channel, row.subject_version)
    row.status, row.attempts, row.failure = MessageStatus.WAITING, 0, ""
    row.lease, row.lease_until = None, None
    return True
