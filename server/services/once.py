"""A request sent twice has its effect once: the reply is kept where the effect was written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from server.persistence import idempotency
from server.persistence.database import db
from server.persistence.idempotency import Asked, IdempotentReplyRow

__all__ = ["Asked", "KeyReused", "Reply", "once"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What was answered: status, JSON body, and the ETag if there was one."""

    status: int
    body: dict[str, object]
    etag: str | None = None
    repeated: bool = False


class KeyReused(Exception):
    """The same key came with another request."""


def once(asked: Asked, act: Callable[[], Reply], *, now: datetime) -> Reply:
    """Run `act`, which is one transaction, and keep its reply; or give the reply kept before,
    even where `act` would by now be refused. Raises KeyReused."""
    db.session.rollback()
    if before := idempotency.kept(asked.user_id, asked.key):
        return _again(asked, before)
    token = idempotency.asked.set(asked)
    try:
        reply = act()
        _keep(asked, reply, now)
        db.session.commit()
        return reply
    except idempotency.Replayed as replayed:
        return _again(asked, replayed.reply)
    except BaseException:
        db.session.rollback()
        raise
    finally:
        idempotency.asked.reset(token)


def _keep(asked: Asked, reply: Reply, now: datetime) -> None:
    db.session.add(
        IdempotentReplyRow(
            user_id=asked.user_id,
            key=asked.key,
            request_hash=asked.request_hash,
            status=reply.status,
            body=reply.body,
            etag=reply.etag,
            made_at=now,
        )
    )


def _again(asked: Asked, kept: IdempotentReplyRow) -> Reply:
    if kept.request_hash != asked.request_hash:
        raise KeyReused
    return Reply(status=kept.status, body=kept.body, etag=kept.etag, repeated=True)
