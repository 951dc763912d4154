"""Messages in lists, for staff and for whoever runs the server."""

from collections.abc import Iterable

from sqlalchemy import select

from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.pages import page_of


def listed(
    clinic_id: str, *, status: str | None, page: int, page_size: int
) -> tuple[list[OutboxMessageRow], int]:
    """A page of a clinic's messages, those due last coming first, and how many there are."""
    query = select(OutboxMessageRow).where(OutboxMessageRow.clinic_id == clinic_id)
    if status:
        query = query.where(OutboxMessageRow.status == status)
    query = query.order_by(OutboxMessageRow.due_at.desc(), OutboxMessageRow.id)
    return page_of(query, page=page, page_size=page_size)


def of_patient(
    clinic_id: str, patient_id: str, subject_ids: Iterable[str] | None, *, page: int, page_size: int
) -> tuple[list[OutboxMessageRow], int]:
    """A page of what a patient was told or will be, the latest first; with `subject_ids` only what
    speaks of these."""
    m = OutboxMessageRow
    query = select(m).where(m.clinic_id == clinic_id, m.patient_id == patient_id)
    if subject_ids is not None:
        query = query.where(m.subject_id.in_(list(subject_ids)))
    return page_of(query.order_by(m.due_at.desc(), m.id), page=page, page_size=page_size)


def newest(*, status: str | None, limit: int) -> list[OutboxMessageRow]:
    """Messages of every clinic, those due last coming first."""
    query = select(OutboxMessageRow).order_by(OutboxMessageRow.due_at.desc()).limit(limit)
    if status:
        query = query.where(OutboxMessageRow.status == status)
    return list(db.session.scalars(query))
