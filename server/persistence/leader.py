"""Only one clock ticks: the others wait for its lock, and get it the moment it dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

LEADER = 6_021_946_776
"""PostgreSQL's advisory lock of the leading clock."""
STARTING = LEADER + 1
"""PostgreSQL's advisory lock of whoever makes the queue's tables."""


TICKING = LEADER + 2
"""Held beside it by a clock, and not by whoever only keeps the clocks away for a while."""
TRY = text("SELECT pg_try_advisory_lock(:key)")
SILENCED = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND (classid::bigint << 32) + objid::bigint = :key "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Leader(Protocol):
    """The right to tick."""

    def take(self) -> bool:
        """Try to get it; True once it is held."""

    def holds(self) -> bool:
        """Whether it is still held."""

    def release(self) -> None:
        """Give it up."""

    def depose(self) -> None:
        """Take it from a clock that holds it and does nothing."""


class PostgresLeader:
    """A lock of one connection: gone with it, however it goes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.connection: Connection | None = None

    def take(self) -> bool:
        """True once the lock is held; False also where the database does not answer."""
        self.release()
        try:
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = connection.scalar(TRY, {"key": LEADER}) and connection.scalar(
                TRY, {"key": TICKING}
            )
        except SQLAlchemyError:
            return False
        if taken:
            self.connection = connection
        else:
            connection.close()
        return bool(taken)

    def holds(self) -> bool:
        """Whether the connection that carries the lock still lives."""
        try:
            return self.connection is not None and self.connection.scalar(text("SELECT 1")) == 1
        except SQLAlchemyError:
            self.release()
            return False

    def release(self) -> None:
        """Close the connection for good, and with it the lock."""
        if self.connection is not None:
            self.connection.invalidate()
            self.connection.close()
            self.connection = None

    def depose(self) -> None:
        """End its connection: its host may be gone without a word, or its process stopped."""
        with suppress(SQLAlchemyError), self.engine.connect() as connection:
            connection.execute(SILENCED, {"key": TICKING})


class FileLeader:
    """A lock on a file beside the SQLite database, held as long as this process lives."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[str] | None = None

    def take(self) -> bool:
        """True once the lock is held."""
        file = self.path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self.file = file
        return True

    def holds(self) -> bool:
        """A lock on a file is not lost."""
        return self.file is not None

    def release(self) -> None:
        """Close the file, and with it the lock."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def depose(self) -> None:
        """Nothing: a lock on a file ends with its process, and nobody can take it away before."""


def leader_of(engine: Engine) -> Leader:
    """The lock that belongs to a database."""
    if engine.dialect.name == "postgresql":
        return PostgresLeader(engine)
    return FileLeader(Path(f"{engine.url.database}.clock"))


@contextmanager
def one_at_a_time(database_url: str) -> Iterator[None]:
    """Alone, among all processes of a PostgreSQL database that come here."""
    with create_engine(database_url, poolclass=NullPool).connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": STARTING})
        yield
