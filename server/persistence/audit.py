"""Who did what, and who looked at whom. Rows are only ever added; triggers see to it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Code, Document, Id, Ref


class AuditEventRow(Base):
    """FHIR AuditEvent: `action` is the row of the access table; `facts` holds ids, never names."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_clinic_id_at", "clinic_id", "at"),
        Index("ix_audit_event_patient_id_at", "patient_id", "at"),
    )

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    at: Mapped[At]
    by_user_id: Mapped[str | None]
    role: Mapped[Code]
    action: Mapped[Code]
    patient_id: Mapped[str | None]
    subject_id: Mapped[str | None]
    facts: Mapped[Document]


def record(
    *,
    clinic_id: str,
    at: datetime,
    by_user_id: str | None,
    role: str,
    action: str,
    patient_id: str | None = None,
    subject_id: str | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    """Add one event to the present transaction: no audit, no change."""
    db.session.add(
        AuditEventRow(
            clinic_id=clinic_id,
            at=at,
            by_user_id=by_user_id,
            role=role,
            action=action,
            patient_id=patient_id,
            subject_id=subject_id,
            facts=facts or {},
        )
    )
