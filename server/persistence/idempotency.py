"""Replies kept by Idempotency-Key, in the transaction that made them true; for 14 days."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import JSON, PrimaryKeyConstraint, delete
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Code, Ref

KEPT_FOR = timedelta(days=14)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request that must have its effect once: whose key, and the SHA-256 of route and body."""

    user_id: str
    key: str
    request_hash: str


asked: ContextVar[Asked | None] = ContextVar("asked", default=None)
"""Set around a service call: its transaction then stays open until the reply is kept with it."""


class Replayed(Exception):
    """The key was used before; `reply` is what was answered then."""

    def __init__(self, reply: "IdempotentReplyRow") -> None:
        super().__init__("answered before")
        self.reply = reply


class IdempotentReplyRow(Base):
    """One reply: same key and body gives it again, same key with another body is refused."""

    __tablename__ = "idempotent_reply"
    __table_args__ = (PrimaryKeyConstraint("user_id", "key"),)

    user_id: Mapped[Ref]
    key: Mapped[Code] = mapped_column()
    request_hash: Mapped[str]
    """SHA-256 of route and body."""
    status: Mapped[int]
    body: Mapped[dict[str, object]] = mapped_column(JSON)
    etag: Mapped[str | None]
    made_at: Mapped[At] = mapped_column(index=True)


def kept(user_id: str, key: str) -> IdempotentReplyRow | None:
    """The reply kept under this person's key."""
    return db.session.get(IdempotentReplyRow, (user_id, key))


def forget_old(now: datetime) -> int:
    """Delete replies older than the time they are kept; how many went."""
    gone = db.session.execute(
        delete(IdempotentReplyRow).where(IdempotentReplyRow.made_at < now - KEPT_FOR)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
