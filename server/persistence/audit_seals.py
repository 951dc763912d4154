"""The chain that holds the audit trail together: one seal an event, each made over the one before.

Sealing is the clock's work, seconds after the event: a chain that bookings had to lengthen
themselves would make them wait for each other.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence import audit
from server.persistence.audit import AuditEventRow
from server.persistence.database import Base, db
from server.persistence.types import At, Ref

LOOKS_BACK = timedelta(days=7)
"""How much older than the newest sealed one an event may be and still be found by the clock."""
AT_ONCE = 1000


class AuditSealRow(Base):
    """The seal of one event; `number` counts from one without a gap."""

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[Ref] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    event_at: Mapped[At]


@dataclass(frozen=True)
class Link:
    """A seal and the event it stands for, if that is there."""

    number: int
    event_id: str
    digest: str
    event: AuditEventRow | None


def head() -> AuditSealRow | None:
    """The last seal."""
    return db.session.scalar(select(AuditSealRow).order_by(AuditSealRow.number.desc()).limit(1))


def digest_of(number: int) -> str:
    """The digest of one seal; "" where there is none."""
    seal = db.session.get(AuditSealRow, number)
    return seal.digest if seal else ""


def event_of(seal: AuditSealRow) -> AuditEventRow | None:
    """What it seals."""
    return db.session.get(AuditEventRow, seal.event_id)


def digest(number: int, before: str, event: AuditEventRow) -> str:
    """The seal of an event by its place, by the seal before it, and by what the event says."""
    said = f"{number}|{before}|{audit.mac_of(event)}"
    return hmac.digest(audit.key().encode(), said.encode(), "sha256").hex()


def unsealed(since: datetime | None, limit: int = AT_ONCE) -> list[AuditEventRow]:
    """Events without a seal, oldest first."""
    e, s = AuditEventRow, AuditSealRow
    query = select(e).outerjoin(s, s.event_id == e.id).where(s.number.is_(None))
    if since is not None:
        query = query.where(e.at >= since - LOOKS_BACK)
    return list(db.session.scalars(query.order_by(e.at, e.id).limit(limit)))


def add(number: int, event: AuditEventRow, made: str) -> None:
    """Seal an event."""
    row = AuditSealRow(number=number, event_id=event.id, digest=made, event_at=event.at)
    db.session.add(row)


def links() -> Iterator[Link]:
    """The whole chain from its beginning, with its events."""
    e, s, after = AuditEventRow, AuditSealRow, 0
    while True:
        query = select(s, e).outerjoin(e, e.id == s.event_id).where(s.number > after)
        found = db.session.execute(query.order_by(s.number).limit(AT_ONCE)).all()
        for seal, event in found:
            after = seal.number
            yield Link(seal.number, seal.event_id, seal.digest, event)
        if not found:
            return
        db.session.expunge_all()
