"""An embedded clinic's one file: copied while it is in use, and looked through before it counts."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine

from server.backup.bundle import NoBackup
from server.backup.ledger import Ledger, ledger_of
from server.persistence import migrate

DAMAGED = "This is no backup, or it is damaged."


def copy(source: Path, target: Path) -> None:
    """An exact copy of a SQLite file in use; refused where either side is damaged."""
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            [(verdict,)] = new.execute("PRAGMA integrity_check").fetchall()
    except (sqlite3.DatabaseError, ValueError) as error:
        raise NoBackup(DAMAGED) from error
    if verdict != "ok":
        raise NoBackup(DAMAGED)


def looked_through(file: Path) -> tuple[str, Ledger]:
    """Which form the database has, and its ledger; refused where it is not one of Tandem's."""
    with closing(sqlite3.connect(file)) as database:
        found = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    if not {"clinic", "outbox_message", "alembic_version"} <= found:
        raise NoBackup("This is a database, but not one of Tandem's.")
    engine = create_engine(f"sqlite:///{file.resolve()}")
    try:
        with engine.connect() as connection:
            return migrate.revision_of(connection), ledger_of(connection)
    finally:
        engine.dispose()
