"""Protocols of a clinic and their versions: draft, published and frozen, retired."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.pages import page_of
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


def versions_of(clinic_id: str, version_ids: Iterable[str]) -> list[ProtocolVersionRow]:
    """These protocol versions of this clinic, as far as there are any."""
    query = select(ProtocolVersionRow).where(
        ProtocolVersionRow.clinic_id == clinic_id,
        ProtocolVersionRow.id.in_(sorted(set(version_ids))),
    )
    return list(db.session.scalars(query))


def protocol(clinic_id: str, protocol_id: str) -> ProtocolRow | None:
    """A protocol of this clinic."""
    query = select(ProtocolRow).where(
        ProtocolRow.clinic_id == clinic_id, ProtocolRow.id == protocol_id
    )
    return db.session.scalar(query)


def coded(clinic_id: str, code: str) -> ProtocolRow | None:
    """The protocol of this clinic that bears a code."""
    query = select(ProtocolRow).where(ProtocolRow.clinic_id == clinic_id, ProtocolRow.code == code)
    return db.session.scalar(query)


def protocols(
    clinic_id: str, *, page: int = 1, page_size: int = 100
) -> tuple[list[ProtocolRow], int]:
    """A page of a clinic's protocols, by title, and how many there are."""
    query = select(ProtocolRow).where(ProtocolRow.clinic_id == clinic_id)
    query = query.order_by(ProtocolRow.title, ProtocolRow.id)
    return page_of(query, page=page, page_size=page_size)


def versions(protocol_id: str) -> list[ProtocolVersionRow]:
    """Every version of a protocol, the newest first."""
    query = select(ProtocolVersionRow).where(ProtocolVersionRow.protocol_id == protocol_id)
    return list(db.session.scalars(query.order_by(ProtocolVersionRow.number.desc())))


def last_number(protocol_id: str) -> int:
    """The number of a protocol's newest version, 0 before the first."""
    query = select(func.max(ProtocolVersionRow.number))
    return db.session.scalar(query.where(ProtocolVersionRow.protocol_id == protocol_id)) or 0


def active_ids(protocol_ids: Collection[str]) -> dict[str, str]:
    """For each protocol that has one, the version on which new series start."""
    query = select(ProtocolVersionRow.protocol_id, ProtocolVersionRow.id).where(
        ProtocolVersionRow.protocol_id.in_(protocol_ids),
        ProtocolVersionRow.activated_at.is_not(None),
        ProtocolVersionRow.retired_at.is_(None),
    )
    return dict(db.session.execute(query).all())
