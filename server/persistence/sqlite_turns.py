"""Writers of one SQLite file take turns, instead of each looking now and then whether it is free.

SQLite itself lets exactly one write at a time; but whoever finds it busy sleeps up to a tenth of a
second and tries again, so that of a dozen writers an unlucky one waited for seconds (measured). The
turn is a lock on a file beside the database: whoever waits is woken, and a process that is killed
lets go. It guards nothing: without it everything stays correct, only slower.
"""

import fcntl
import os

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

KEY = "turn"


def attend(engine: Engine) -> None:
    """Let go of the turn when a connection goes back to the pool or is closed."""
    event.listen(engine, "checkin", _let_go)
    event.listen(engine, "close", _close)


def wait(connection: Connection) -> None:
    """Wait for this connection's turn to write. A database in memory has no need."""
    path = connection.engine.url.database
    if not path or path == ":memory:":
        return
    if KEY not in connection.info:
        connection.info[KEY] = os.open(f"{path}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(connection.info[KEY], fcntl.LOCK_EX)


def _let_go(_connection: object, entry: ConnectionPoolEntry) -> None:
    if KEY in entry.info:
        fcntl.flock(entry.info[KEY], fcntl.LOCK_UN)


def _close(_connection: object, entry: ConnectionPoolEntry) -> None:
    if KEY in entry.info:
        os.close(entry.info.pop(KEY))
