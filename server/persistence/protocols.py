"""Protocols of a clinic and their versions: draft, published and frozen, retired."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Code, Document, Id, Instant, Ref, Title


class ProtocolRow(Base):
    """A protocol as a clinic keeps it, by its code."""

    __tablename__ = "protocol"
    __table_args__ = (UniqueConstraint("clinic_id", "code"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    code: Mapped[Code]
    title: Mapped[Title]


class ProtocolVersionRow(Base):
    """One edition. Once published its document never changes; a database trigger sees to it.

    `activated_at` is set when a prescriber has signed every empty or recalled safety field; new
    series may then start on it.
    """

    __tablename__ = "protocol_version"
    __table_args__ = (UniqueConstraint("protocol_id", "number"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    protocol_id: Mapped[Ref] = mapped_column(ForeignKey("protocol.id"), index=True)
    number: Mapped[int]
    status: Mapped[Code]
    document: Mapped[Document]
    signatures: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    made_at: Mapped[At]
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    activated_at: Mapped[datetime | None] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


def version_of(clinic_id: str, version_id: str) -> ProtocolVersionRow | None:
    """A protocol version of this clinic."""
    query = select(ProtocolVersionRow).where(
        ProtocolVersionRow.clinic_id == clinic_id, ProtocolVersionRow.id == version_id
    )
    return db.session.scalar(query)
