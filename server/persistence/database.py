"""The one database object, and what SQLite and PostgreSQL need to behave alike."""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event, select
from sqlalchemy.orm import DeclarativeBase

from server.persistence import sqlite_turns

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""True while `transactions.transaction` begins, so that SQLite takes its write lock at once."""


class Base(DeclarativeBase):
    """Every row's parent: constraint names are the same in every database."""

    metadata = MetaData(naming_convention=NAMES)


Row = TypeVar("Row")
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def by_id(kind: type[Row], ids: Iterable[str]) -> list[Row]:
    """Rows of one kind, of any clinic."""
    column: Any = kind.id  # type: ignore[attr-defined]
    return list(db.session.scalars(select(kind).where(column.in_(sorted(set(ids))))))


def attend(engine: Engine) -> None:
    """Make one engine keep foreign keys and, on SQLite, begin transactions the safe way; on
    PostgreSQL, answer at once."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _open_postgresql)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        sqlite_turns.attend(engine)


def _open_sqlite(connection, _record) -> None:  # type: ignore[no-untyped-def]
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _open_postgresql(connection, _record) -> None:  # type: ignore[no-untyped-def]
    # Compiling a query takes 0.3 s here, and the longest that anybody waits for takes less by far.
    connection.autocommit = True
    connection.execute("SET jit = off")
    # Else every instant read is brought to UTC one by one, by whatever clock the server has.
    connection.execute("SET TIME ZONE 'UTC'")
    connection.autocommit = False


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that writes later fails with "busy" whatever the timeout (reliability A1).
    if writing.get():
        sqlite_turns.wait(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def engine_options(database_url: str) -> dict[str, object]:
    """Pool settings: PostgreSQL connections are tested before use, so a restart heals itself. What
    a statement carried never stands in an error's words."""
    if database_url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30}, "hide_parameters": True}
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": 10,
    }
