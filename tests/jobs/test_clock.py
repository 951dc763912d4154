import time
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from server.app import create_app
from server.config import Settings
from server.jobs import clock
from server.jobs.work import Work
from server.persistence.database import db
from server.persistence.leader import LEADER, PostgresLeader, leader_of


def ran(app: Flask, looks: int) -> list[str]:
    """Let a clock run until it has waited so often; what it did."""
    did: list[str] = []

    @contextmanager
    def context():
        with app.app_context():
            yield

    def wait(_seconds: float) -> bool:
        did.append("waited")
        time.sleep(0.01)
        return len(did) >= looks

    work = Work(context=context, secret="-", address="-", channels={})
    with app.app_context():
        leader = leader_of(db.engine)
        clock.run(work, lambda *_: did.append("sent"), leader, wait)
        assert not leader.holds()
        last = db.session.scalar(text("SELECT count(*) FROM tick"))
        db.session.remove()
        return ["ticked"] if last else []


def test_a_clock_leaves_a_database_alone_that_is_not_in_its_newest_form(database_url: str) -> None:
    """One that is being brought up to date or put back: what is due in it must not go yet."""
    app = create_app(Settings(database_url=database_url, secret_key="-", testing=True))
    with app.app_context():
        with db.engine.begin() as connection:
            form = connection.scalar(text("SELECT version_num FROM alembic_version"))
            connection.execute(text("DELETE FROM alembic_version"))
        assert ran(app, 2) == []

        with db.engine.begin() as connection:
            known = text("INSERT INTO alembic_version VALUES (:form)")
            connection.execute(known, {"form": form})
        assert ran(app, 2) == ["ticked"]
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_clock_that_holds_the_lock_and_does_nothing_is_deposed(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process was stopped, or its host is gone without a word to the database."""
    app = create_app(Settings(database_url=database_url, secret_key="-", testing=True))
    stopped = PostgresLeader(create_engine(database_url))
    assert stopped.take()
    assert ran(app, 3) == []

    monkeypatch.setattr(clock, "SILENT_SECONDS", 0)
    assert ran(app, 100) == ["ticked"]

    assert not stopped.holds()
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whoever_keeps_the_clocks_away_while_a_backup_is_put_back_is_left_alone(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(database_url=database_url, secret_key="-", testing=True))
    monkeypatch.setattr(clock, "SILENT_SECONDS", 0)
    engine = create_engine(database_url)
    with engine.connect() as restoring:
        restoring.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LEADER})
        assert ran(app, 20) == []
        assert restoring.scalar(text("SELECT 1")) == 1
    engine.dispose()
    with app.app_context():
        db.engine.dispose()
