from contextlib import contextmanager

from flask import Flask
from sqlalchemy import text

from server.app import create_app
from server.config import Settings
from server.jobs import clock
from server.jobs.work import Work
from server.persistence.database import db
from server.persistence.leader import leader_of


def ran(app: Flask, looks: int) -> list[str]:
    """Let a clock run until it has waited so often; what it did."""
    did: list[str] = []

    @contextmanager
    def context():
        with app.app_context():
            yield

    def wait(_seconds: float) -> bool:
        did.append("waited")
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
