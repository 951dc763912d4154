"""Fresh databases in their newest form, one a test: migrated once, then copied in milliseconds."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect, make_url

from server.app import configure
from server.config import Settings
from server.persistence import migrate
from server.persistence.database import attend
from tests.postgres import own_server

SECRET = "only for tests"
_engines: dict[str, Engine] = {}
"""One for each kind of database: it remembers how every statement is put into SQL, which otherwise
each test would work out anew, and that takes longer than to run them."""


def put_on(app: Flask, settings: Settings) -> None:
    """Give an application that is there already other settings and another database."""
    configure(app, settings)
    url, options = app.config["SQLALCHEMY_DATABASE_URI"], app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    engine = _engines.get(url.drivername) or _engine(url, options)
    engine.dispose()
    engine.url = url
    engine.update_execution_options(**options["execution_options"])
    # Flask-SQLAlchemy makes engines once and for all, and offers no way to change one.
    app.extensions["sqlalchemy"]._app_engines[app][None] = engine


def _engine(url: URL, options: dict[str, Any]) -> Engine:
    """An engine whose new connections lead to whatever address it bears by then."""
    engine = _engines[url.drivername] = create_engine(url, **options)

    def lead(dialect: Dialect, _record: object, words: list[str], named: dict[str, Any]) -> None:
        words[:], more = dialect.create_connect_args(engine.url)
        named.update(more)

    event.listen(engine, "do_connect", lead)
    attend(engine)
    return engine


class PostgresDatabases:
    """Databases on one server, each real: any number of connections, commits and locks."""

    def __init__(self, server: psycopg.Connection, address: str) -> None:
        self.server = server
        self.address = make_url(address)
        # By chance, because others may be testing on the server that TEST_DATABASE_URL names.
        self.prefix = f"tandem_test_{secrets.token_hex(4)}"
        self.numbers = count(1)

    @contextmanager
    def database(self, *, like: str = "template0") -> Iterator[str]:
        """A copy of another database, dropped afterwards whoever is still connected."""
        name = f"{self.prefix}_{next(self.numbers)}"
        # Copying files beats writing every page through the log fourfold at this size.
        statement = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self.server.execute(statement.format(Identifier(name), Identifier(like)))
        try:
            yield self.address_of(name)
        finally:
            self.server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def address_of(self, name: str) -> str:
        address = self.address.set(drivername="postgresql+psycopg", database=name)
        return address.render_as_string(hide_password=False)


@contextmanager
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Databases on the server that TEST_DATABASE_URL names, or on one of our own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        with _databases_on(given) as databases:
            yield databases
    else:
        with own_server() as address, _databases_on(address) as databases:
            yield databases


@contextmanager
def _databases_on(address: str) -> Iterator[PostgresDatabases]:
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as server:
        yield PostgresDatabases(server, plain)


def migrated_sqlite_file(folder: Path) -> Path:
    """A SQLite file in its newest form, to copy from."""
    file = folder / "template.sqlite3"
    migrate.upgrade(sqlite_url(file))
    return file


def copy_of(template: Path, folder: Path) -> str:
    """The address of a copy, in a folder of its own because SQLite puts files beside it."""
    file = folder / "tandem.sqlite3"
    shutil.copyfile(template, file)
    return sqlite_url(file)


def sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"
