"""One thing asked for is one transaction: locks first, then reads, then writes, one commit."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, text
from sqlalchemy.orm import scoped_session

from server.persistence import idempotency
from server.persistence.database import db, writing
from server.persistence.idempotency import Asked

TAKE_ALL = text(
    "SELECT pg_advisory_xact_lock(k) FROM "
    "(SELECT k FROM unnest(CAST(:keys AS bigint[])) AS k ORDER BY k) AS sorted_keys"
)
TAKE_SHARED = text("SELECT pg_advisory_xact_lock_shared(:key)")


@dataclass(frozen=True, slots=True)
class Locks:
    """What a transaction touches. `calendar` is the clinic whose opening hours it relies on
    (shared) or, with `changes_calendar`, rewrites (exclusive)."""

    names: frozenset[str] = frozenset()
    calendar: str | None = None
    changes_calendar: bool = False

    def keys(self) -> list[int]:
        """The exclusive keys, sorted, so that two bookings can never wait for each other."""
        names = set(self.names)
        if self.calendar and self.changes_calendar:
            names.add(f"calendar:{self.calendar}")
        return sorted(lock_key(name) for name in names)


def lock_key(name: str) -> int:
    """A name as PostgreSQL's 64-bit advisory lock key."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def series_lock(series_id: str) -> str:
    """Everything that changes one patient's series takes this."""
    return f"series:{series_id}"


def patient_lock(patient_id: str) -> str:
    """Everything that books for one patient takes this."""
    return f"patient:{patient_id}"


def bookable_locks(bookable_id: str, starts_at: datetime, ends_at: datetime) -> Iterator[str]:
    """One name a UTC day touched: two claims that overlap share at least one, in any zone."""
    day = starts_at.astimezone(UTC).date()
    while day <= ends_at.astimezone(UTC).date():
        yield f"bookable:{bookable_id}:{day.isoformat()}"
        day += timedelta(days=1)


@contextmanager
def transaction(locks: Locks = Locks()) -> Iterator[scoped_session[Session]]:
    """Begin afresh, take the locks before the first read, commit at the end or undo all of it.

    Rows loaded before are let go: what was read without the lock may be stale. Inside a request
    with an Idempotency-Key the commit waits until the reply is kept in the same transaction.
    """
    session = db.session
    asked = idempotency.asked.get()
    session.expunge_all()  # before the rollback, which would empty what others still hold
    session.rollback()
    token = writing.set(True)
    try:
        _take(session, locks, asked)
        yield session
        if asked:
            session.flush()
        else:
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        writing.reset(token)


def _take(session: scoped_session[Session], locks: Locks, asked: Asked | None) -> None:
    connection = session.connection()
    if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE took the one there is
        _take_advisory(connection, locks, asked)
    if asked and (reply := idempotency.kept(asked.user_id, asked.key)):
        raise idempotency.Replayed(reply)


def _take_advisory(connection: Connection, locks: Locks, asked: Asked | None) -> None:
    if asked:
        key = lock_key(f"idempotency:{asked.user_id}:{asked.key}")
        connection.execute(TAKE_ALL, {"keys": [key]})
    if locks.calendar and not locks.changes_calendar:
        connection.execute(TAKE_SHARED, {"key": lock_key(f"calendar:{locks.calendar}")})
    if keys := locks.keys():
        connection.execute(TAKE_ALL, {"keys": keys})


def named(*groups: Iterable[str]) -> frozenset[str]:
    """Lock names gathered from several places."""
    return frozenset(name for group in groups for name in group)
