"""Who did what, and who looked at whom. Rows are only ever added; triggers see to it.

Whoever can write to the database can do so past the triggers. So each row has a mac, made with a
key that is not in the database, and `audit_seals` chains the rows up.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.pages import page_of
from server.persistence.types import At, Code, Document, Id, Ref, new_id


class AuditEventRow(Base):
    """FHIR AuditEvent: `action` is the row of the access table; `facts` holds ids, never names."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_clinic_id_at", "clinic_id", "at"),
        Index("ix_audit_event_patient_id_at", "patient_id", "at"),
        Index("ix_audit_event_at", "at"),
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
    mac: Mapped[str] = mapped_column(String(64), default="")


KEY = "tandem_audit_key"
"""By this name the engine knows the key."""


def key() -> str:
    """The key of this installation, which comes from its settings."""
    return str(db.engine.get_execution_options().get(KEY, ""))


def mac_of(row: AuditEventRow) -> str:
    """What only somebody with the key can write under a row like this."""
    said = {name: getattr(row, name) for name in SAID}
    return _mac(said | {"at": row.at.astimezone(UTC).isoformat()}, key().encode())


SAID = (
    "id",
    "clinic_id",
    "at",
    "by_user_id",
    "role",
    "action",
    "patient_id",
    "subject_id",
    "facts",
)
_JSON = json.JSONEncoder(sort_keys=True)


def _mac(said: Mapping[str, object], of: bytes) -> str:
    return hmac.digest(of, _JSON.encode([said[name] for name in SAID]).encode(), "sha256").hex()


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
    row = AuditEventRow(
        id=new_id(),
        clinic_id=clinic_id,
        at=at,
        by_user_id=by_user_id,
        role=role,
        action=action,
        patient_id=patient_id,
        subject_id=subject_id,
        facts=facts or {},
    )
    row.mac = mac_of(row)
    db.session.add(row)


def record_looks(
    patient_ids: Iterable[str],
    *,
    clinic_id: str,
    at: datetime,
    by_user_id: str,
    role: str,
    action: str,
) -> None:
    """One event for each of these patients whom somebody saw, in one statement: a list or a week
    shows hundreds."""
    same = {"clinic_id": clinic_id, "by_user_id": by_user_id, "role": role, "action": action}
    looks: dict[str, object] = {**same, "subject_id": None, "facts": {}}
    said, of, rows = looks | {"at": at.astimezone(UTC).isoformat()}, key().encode(), []
    for patient_id in patient_ids:
        one = {"id": new_id(), "patient_id": patient_id}
        rows.append({**looks, **one, "at": at, "mac": _mac({**said, **one}, of)})
    if rows:
        db.session.execute(insert(AuditEventRow), rows)


def events(
    clinic_id: str,
    *,
    patient_id: str | None = None,
    by_user_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    page: int,
    page_size: int,
) -> tuple[list[AuditEventRow], int]:
    """A page of a clinic's events from `since` up to, not including, `until`; newest first."""
    query = select(AuditEventRow).where(AuditEventRow.clinic_id == clinic_id)
    if patient_id:
        query = query.where(AuditEventRow.patient_id == patient_id)
    if by_user_id:
        query = query.where(AuditEventRow.by_user_id == by_user_id)
    if since:
        query = query.where(AuditEventRow.at >= since)
    if until:
        query = query.where(AuditEventRow.at < until)
    query = query.order_by(AuditEventRow.at.desc(), AuditEventRow.id)
    return page_of(query, page=page, page_size=page_size)
