"""What tests may ask for: a fresh database, the application on it, a browser's view of it.

Tests of rules, planner and architecture ask for none of these and pay nothing for them: everything
heavy is imported inside the fixtures.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.canary import Watch
    from tests.cast import Cast
    from tests.databases import PostgresDatabases
    from tests.troupe import Troupe, Troupes

os.environ |= {
    # Kivy otherwise takes pytest's arguments for its own and writes logs into the home folder.
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_NO_FILELOG": "1",
}

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""Seen from here every visit that is booked still lies ahead, and so is examined."""


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database; the test runs once on each kind."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A database in which no migration has run yet."""
    empty = "empty_sqlite_url" if request.param == "sqlite" else "empty_postgres_url"
    return request.getfixturevalue(empty)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, sqlite_template: Path, sqlite_folder: Path) -> str:
    """A copy of an empty clinic's database, or of one where `troupe` asks for everybody."""
    from sqlalchemy.engine import make_url

    from tests import databases

    if "troupe" in request.fixturenames:
        troupe = request.getfixturevalue("sqlite_troupe")
        return databases.copy_of(Path(make_url(troupe.url).database), sqlite_folder)
    return databases.copy_of(sqlite_template, sqlite_folder)


@pytest.fixture
def empty_sqlite_url(sqlite_folder: Path) -> str:
    from tests import databases

    return databases.sqlite_url(sqlite_folder / "tandem.sqlite3")


@pytest.fixture
def postgres_url(
    request: pytest.FixtureRequest, postgres_databases: "PostgresDatabases", postgres_template: str
) -> Iterator[str]:
    """A copy of an empty clinic's database, or of one where `troupe` asks for everybody."""
    from sqlalchemy.engine import make_url

    like = postgres_template
    if "troupe" in request.fixturenames:
        like = make_url(request.getfixturevalue("postgres_troupe").url).database
    with postgres_databases.database(like=like) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres_databases: "PostgresDatabases") -> Iterator[str]:
    with postgres_databases.database() as url:
        yield url


@pytest.fixture(scope="session")
def application(usual_application: "Flask") -> "Flask":
    """The application that `app` stands on; a file may have another."""
    return usual_application


@pytest.fixture(scope="session")
def usual_application() -> "Flask":
    """The application, made once for each test process: with all its addresses it takes a while."""
    from server.app import create_app
    from server.config import Settings

    return create_app(Settings(database_url="sqlite://", secret_key="-", testing=True))


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Passwords are kept as a clinic keeps them, but a thousandth as dear to try."""
    from argon2 import PasswordHasher, profiles

    from server.services.sign_ins import passwords

    passwords.hasher = PasswordHasher.from_parameters(profiles.CHEAPEST)


@pytest.fixture
def dear_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords as a clinic keeps them, to the last turn."""
    from argon2 import PasswordHasher

    from server.services.sign_ins import passwords

    monkeypatch.setattr(passwords, "hasher", PasswordHasher())


@pytest.fixture
def app(
    application: "Flask",
    database_url: str,
    tmp_path: Path,
    watch: "Watch",
    request: pytest.FixtureRequest,
) -> Iterator["Flask"]:
    """The application on a fresh database, inside its context.

    After the test the doctor must find nothing, unless it is marked `breaks_on_purpose`, and no
    word about anybody may have come out by a side door; what is on record must verify.
    """
    from server.config import Settings
    from server.persistence.database import db
    from server.services.record import audit_chain, doctor
    from tests import databases

    settings = Settings(
        database_url=database_url, secret_key=databases.SECRET, testing=True, data_dir=tmp_path
    )
    databases.put_on(application, settings)
    with application.app_context():
        yield application
        assert watch.leaks() == []
        if "breaks_on_purpose" not in request.keywords:
            assert doctor.examine(now=LONG_AGO) == []
            audit_chain.seal()
            assert audit_chain.verified([], now=LONG_AGO)[1] == []
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def watch() -> "Iterator[Watch]":
    """Hears what comes out by the side doors as long as the test lasts."""
    from tests import canary

    with canary.watching() as watch:
        yield watch


@pytest.fixture
def cast(app: "Flask", watch: "Watch", troupe: "Troupe") -> "Cast":
    """Two clinics full of people; they are in the database from the start."""
    return troupe.enters(watch)


@pytest.fixture
def signed_in_on() -> datetime | None:
    """When everybody of `cast` signed in; a file may say something else than just now."""
    return None


@pytest.fixture
def troupe(request: pytest.FixtureRequest, database_url: str) -> "Troupe":
    kind = "sqlite" if database_url.startswith("sqlite") else "postgres"
    return request.getfixturevalue(f"{kind}_troupe")


@pytest.fixture
def sqlite_troupe(sqlite_troupes: "Troupes", signed_in_on: datetime | None) -> "Troupe":
    return sqlite_troupes.on(signed_in_on)


@pytest.fixture
def postgres_troupe(postgres_troupes: "Troupes", signed_in_on: datetime | None) -> "Troupe":
    return postgres_troupes.on(signed_in_on)


@pytest.fixture(scope="session")
def sqlite_troupes(usual_application: "Flask", sqlite_template: Path) -> "Iterator[Troupes]":
    from tests import databases
    from tests.troupe import Troupes

    with ExitStack() as until_the_end:
        yield Troupes(
            usual_application,
            lambda: databases.copy_of(sqlite_template, until_the_end.enter_context(_folder())),
        )


@pytest.fixture(scope="session")
def postgres_troupes(
    usual_application: "Flask", postgres_databases: "PostgresDatabases", postgres_template: str
) -> "Iterator[Troupes]":
    from tests.troupe import Troupes

    with ExitStack() as until_the_end:
        another = postgres_databases.database
        yield Troupes(
            usual_application, lambda: until_the_end.enter_context(another(like=postgres_template))
        )


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    return app.test_client()


@pytest.fixture(scope="session")
def demo_clinic() -> Path:
    """The folder of a demo clinic, to copy and to serve."""
    from tests import demo_clinic

    return demo_clinic.folder()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator["PostgresDatabases"]:
    """One server for each test process: half a second once, and nobody waits for a neighbour."""
    from tests import databases

    with databases.postgres_databases() as made:
        yield made


@pytest.fixture(scope="session")
def postgres_template(postgres_databases: "PostgresDatabases") -> Iterator[str]:
    from sqlalchemy.engine import make_url

    from server.persistence import migrate

    with postgres_databases.database() as url:
        migrate.upgrade(url)
        yield make_url(url).database


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests import databases

    return databases.migrated_sqlite_file(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_folder() -> Iterator[Path]:
    """In memory if possible: SQLite waits for the disk at every commit, and must go on doing so."""
    with _folder() as folder:
        yield folder


@contextmanager
def _folder() -> Iterator[Path]:
    from tests.postgres import fast_folder

    folder = Path(tempfile.mkdtemp(prefix="tandem-", dir=fast_folder()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
