"""A PostgreSQL database by its own tools, pg_dump and pg_restore, which must be on the path.

A restored database gets the row that tells its form last, together with its quarantine: until then
no process of Tandem's works on it. Whoever dies in between leaves a database to be dropped, not one
that sends everything again.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url

from server.backup.bundle import NoBackup
from server.backup.ledger import QUEUE, Ledger, ledger_of
from server.persistence import migrate
from server.persistence.leader import LEADER

SNAPSHOT = text("SELECT pg_export_snapshot()")
TAKE = text("SELECT pg_try_advisory_lock(:key)")
STOP_WHAT_WAS_DUE = text(
    "UPDATE outbox_message SET status = 'stopped', failure = 'restored' "
    "WHERE status = 'preparation' AND due_at <= clock_timestamp()"
)
SAY_ITS_FORM = text("INSERT INTO alembic_version (version_num) VALUES (:revision)")


def dump(url: str, into: Path) -> tuple[str, Ledger]:
    """Write everything as of one moment, while it is in use; its form, and its ledger then."""
    with _connected(url, isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(SNAPSHOT)
        revision, ledger = migrate.revision_of(connection), ledger_of(connection)
        if not revision:
            raise NoBackup("There is no clinic in this database.")
        left_out = f"--exclude-table={QUEUE}*"
        _run(
            "pg_dump", url, "--format=custom", f"--snapshot={snapshot}", left_out, f"--file={into}"
        )
    return revision, ledger


@contextmanager
def _connected(url: str, **options: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.connect().execution_options(**options) as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def nobody_else(url: str) -> Iterator[None]:
    """As long as the block lasts no clock begins, and the database is an empty one."""
    with _connected(url, isolation_level="AUTOCOMMIT") as connection:
        if inspect(connection).get_table_names():
            raise NoBackup("This database is not empty: restore into a new one (createdb).")
        if not connection.scalar(TAKE, {"key": LEADER}):
            raise NoBackup("A clock runs on this database: stop it first.")
        yield


def load(url: str, dumped: Path) -> Ledger:
    """Put everything back but the row that tells its form; its ledger as it is then."""
    contents = dumped.with_suffix(".list")
    lines = _run("pg_restore", None, "--list", str(dumped)).splitlines()
    kept = [line for line in lines if "TABLE DATA" not in line or "alembic_version" not in line]
    contents.write_text("\n".join(kept))
    whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    try:
        _run("pg_restore", url, *whole, f"--use-list={contents}", str(dumped))
    finally:
        contents.unlink()
    with _connected(url) as connection:
        return ledger_of(connection)


def quarantine(url: str, revision: str) -> int:
    """Stop what was due and say which form the database has, in one: it is a clinic now."""
    with _connected(url) as connection, connection.begin():
        stopped = connection.execute(STOP_WHAT_WAS_DUE).rowcount
        connection.execute(SAY_ITS_FORM, {"revision": revision})
    return stopped


def _run(tool: str, url: str | None, *words: str) -> str:
    """Run one of PostgreSQL's tools. The password goes by the environment, where nobody else sees
    it; of what the tool says only the kind is passed on, because it may quote rows."""
    if (program := shutil.which(tool)) is None:
        raise NoBackup(f"{tool} is missing: install PostgreSQL's client programs.")
    place, password = _place(make_url(url)) if url else ([], {})
    done = subprocess.run(  # noqa: S603 - words of ours
        [program, *place, *words],
        capture_output=True,
        text=True,
        env={**os.environ, **password},
        check=False,
    )
    if done.returncode:
        raise NoBackup(f"{tool} could not do it: {_kind(done.stderr)}")
    return done.stdout


def _place(url: URL) -> tuple[list[str], dict[str, str]]:
    plain = url.set(drivername="postgresql")
    password = str(plain.password) if plain.password else ""
    open_to_all = plain._replace(password=None).render_as_string(hide_password=False)
    return [f"--dbname={open_to_all}"], {"PGPASSWORD": password} if password else {}


KINDS = {
    "server version mismatch": "it is older than the server; install the server's version of it",
    "unsupported version": "the backup was made by a newer pg_dump; install that version",
    "connection to server": "the database does not answer",
    "does not exist": "something it needs is missing in this PostgreSQL",
    "permission denied": "the database's user may not do this",
    "input file": "the backup is damaged",
}


def _kind(said: str) -> str:
    return next((kind for words, kind in KINDS.items() if words in said), "for no known reason")
