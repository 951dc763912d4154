"""The ledger of a database: one digest of every row of every table, whatever order they lie in.
Two databases of one kind with equal ledgers hold the same."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, inspect

NOT_THE_CLINICS = {"alembic_version"}
QUEUE = "huey_"
"""Tables of the queue hold numbers of rows only; they are not backed up."""
AT_ONCE = 2000


@dataclass(frozen=True)
class Ledger:
    """The digest, and how many rows went into it."""

    digest: str
    rows: int


def ledger_of(connection: Connection) -> Ledger:
    """Read everything there is."""
    whole, count = hashlib.sha256(), 0
    for table in sorted(inspect(connection).get_table_names()):
        if table not in NOT_THE_CLINICS and not table.startswith(QUEUE):
            digests = sorted(_digests(connection, table))
            whole.update(f"{table}:{len(digests)}\n".encode())
            whole.update(b"".join(digests))
            count += len(digests)
    return Ledger(digest=whole.hexdigest(), rows=count)


def _digests(connection: Connection, table: str) -> Iterator[bytes]:
    quoted = connection.dialect.identifier_preparer.quote(table)
    reading = connection.execution_options(stream_results=True, yield_per=AT_ONCE)
    for row in reading.exec_driver_sql(f"SELECT * FROM {quoted}").mappings():  # noqa: S608
        words = json.dumps(dict(row), sort_keys=True, default=_plain)
        yield hashlib.sha256(words.encode()).digest()


def _plain(value: object) -> str:
    """The same words for the same value, whatever the zone of the connection."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
