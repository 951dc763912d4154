"""Backup, destroy, restore, on a real PostgreSQL and with its own tools."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from server.app import create_app
from server.cli import main
from server.config import Settings
from server.persistence.database import db
from server.persistence.leader import PostgresLeader
from server.services.record import audit_chain, doctor
from shared.vocabulary import MessageStatus
from tests.conftest import LONG_AGO
from tests.jobs.a_post import Post
from tests.jobs.mail_server import Postbox
from tests.jobs.test_sending import booked
from tests.postgres import programs
from tests.services.a_series import short_clinic

SECRET = "only for tests"


@dataclass
class Drill:
    """A clinic with messages out and to come, and an empty database to come back in."""

    url: str
    empty_url: str
    folder: Path
    box: Postbox
    patch: pytest.MonkeyPatch

    @property
    def file(self) -> Path:
        return self.folder / "clinic.tandem"

    def run(self, url: str, *words: object) -> Result:
        self.patch.setenv("DATABASE_URL", url)
        return CliRunner().invoke(main, [str(word) for word in words])

    def back_up(self) -> str:
        done = self.run(self.url, "backup", self.file)
        assert done.exit_code == 0, done.output
        return done.output

    def restore(self) -> Result:
        return self.run(self.empty_url, "restore", self.file)

    def sends(self, url: str) -> Post:
        """A clock and a worker, on this database."""
        app = create_app(Settings(database_url=url, secret_key=SECRET, testing=True))
        return Post(app=app, box=self.box)


@pytest.fixture
def drill(
    postgres_url: str,
    empty_postgres_url: str,
    tmp_path: Path,
    postbox: Postbox,
    monkeypatch: pytest.MonkeyPatch,
) -> Drill:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.delenv("TANDEM_DATA", raising=False)
    monkeypatch.setenv("PATH", str(programs()), prepend=":")
    return Drill(postgres_url, empty_postgres_url, tmp_path, postbox, monkeypatch)


def ledger_in(said: str) -> str:
    return re.search(r"ledger +([0-9a-f]{64})", said)[1]


def test_after_backup_and_restore_the_ledger_is_equal_and_nothing_comes_twice(drill: Drill) -> None:
    before = drill.sends(drill.url)
    with before.app.app_context():
        booked(short_clinic())
        before.bring_forward(kind="before")
        made = drill.back_up()
        before.run()
        came = len(drill.box.letters)
        db.session.remove()
        db.engine.dispose()

    back = drill.restore()

    assert back.exit_code == 0, back.output
    assert ledger_in(back.output) == ledger_in(made)
    assert "Put the old one back" not in back.output
    after = drill.sends(drill.empty_url)
    with after.app.app_context():
        after.run()
        assert len(drill.box.letters) == came > 0
        assert after.rows(status=MessageStatus.WAITING)
        assert {row.failure for row in after.rows(status=MessageStatus.STOPPED)} == {"restored"}
        assert doctor.examine(now=LONG_AGO) == []
        db.session.remove()
        db.engine.dispose()


def test_who_comes_back_with_another_secret_is_told(drill: Drill) -> None:
    with drill.sends(drill.url).app.app_context():
        booked(short_clinic())
        audit_chain.seal()
        db.session.remove()
        db.engine.dispose()
    drill.back_up()
    drill.patch.setenv("SECRET_KEY", "another")

    assert "Put the old one back" in drill.restore().output


def test_a_database_that_is_not_empty_or_has_a_clock_is_left_alone(drill: Drill) -> None:
    drill.back_up()

    assert "not empty" in drill.run(drill.url, "restore", drill.file).output
    engine = create_engine(drill.empty_url)
    leader = PostgresLeader(engine)
    assert leader.take()
    assert "clock runs" in drill.restore().output
    leader.release()
    engine.dispose()


def test_a_damaged_backup_leaves_the_database_empty(drill: Drill) -> None:
    drill.back_up()
    whole = drill.file.read_bytes()
    drill.file.write_bytes(whole[: len(whole) // 2])

    assert "damaged" in drill.restore().output

    engine = create_engine(drill.empty_url)
    with engine.connect() as connection:
        found = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert connection.scalar(text(found)) == 0
    engine.dispose()


def test_a_backup_of_one_kind_is_refused_by_the_other(drill: Drill, tmp_path: Path) -> None:
    drill.back_up()

    into = drill.run(drill.url, "restore", drill.file, "--data", tmp_path / "folder")

    assert "backup of postgresql" in into.output


def test_without_postgresqls_ownprograms_it_says_so(drill: Drill, tmp_path: Path) -> None:
    drill.patch.setenv("PATH", str(tmp_path))

    assert "pg_dump is missing" in drill.run(drill.url, "backup", drill.file).output
    assert not drill.file.exists()
