"""Somebody with the database's password, but not the key, changes the record past the triggers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from server.cli import main
from server.persistence import audit
from server.persistence.audit_seals import AuditSealRow
from server.persistence.database import db
from server.persistence.transactions import transaction
from server.services.record import audit_chain
from server.services.record.audit_chain import Head
from tests import builders

pytestmark = pytest.mark.breaks_on_purpose
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
LONG = 30


@pytest.fixture
def clinic_id(app: Flask) -> str:
    """A clinic with a sealed record."""
    clinic = builders.make_clinic().id
    db.session.commit()
    on_record(clinic, LONG)
    audit_chain.seal()
    return clinic


def on_record(clinic_id: str, count: int, *, since: datetime = NOW) -> None:
    with transaction():
        for number in range(count):
            audit.record(
                clinic_id=clinic_id,
                at=since + timedelta(seconds=number),
                by_user_id=None,
                role="nurse",
                action="patients.read",
                patient_id=f"p{number}",
                facts={"wörter": [1, 2.5, None], "n": number},
            )


def past_the_triggers(*statements: str) -> None:
    """As the owner of the database can."""
    db.session.remove()
    with db.engine.begin() as connection:
        postgresql = connection.dialect.name == "postgresql"
        if postgresql:
            connection.execute(text("SET session_replication_role = replica"))
        else:
            found = (
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%only_grow%'"
            )
            for name in connection.scalars(text(found)).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))
        if postgresql:
            connection.execute(text("SET session_replication_role = origin"))


def kinds(*heads: Head, now: datetime = NOW) -> set[str]:
    return {each.kind for each in audit_chain.verified(heads, now=now)[1]}


def event_at(place: int) -> str:
    db.session.rollback()
    return db.session.get_one(AuditSealRow, place).event_id


def test_a_record_that_nobody_touched_is_as_it_was_written(clinic_id: str) -> None:
    head = audit_chain.head()
    on_record(clinic_id, 5, since=NOW + timedelta(hours=1))

    assert audit_chain.verified([head], now=NOW) == (LONG, [])
    assert audit_chain.seal() == 5
    assert audit_chain.seal() == 0
    assert audit_chain.verified([head, audit_chain.head()], now=NOW) == (LONG + 5, [])


@pytest.mark.parametrize(
    "column", ["at = '2026-01-01'", "by_user_id = 'x'", "action = 'x'", "patient_id = NULL"]
)
def test_an_edited_event_is_found(clinic_id: str, column: str) -> None:
    past_the_triggers(f"UPDATE audit_event SET {column} WHERE id = '{event_at(7)}'")

    assert kinds() == {"edited"}


def test_who_edits_and_takes_the_mac_away_is_found(clinic_id: str) -> None:
    gone = f"UPDATE audit_event SET action = 'x', mac = '' WHERE id = '{event_at(7)}'"
    past_the_triggers(gone)

    assert kinds() == {"moved or edited"}


def test_a_deleted_event_is_found_with_its_seal_or_without(clinic_id: str) -> None:
    eighth = event_at(8)
    past_the_triggers(f"DELETE FROM audit_event WHERE id = '{event_at(7)}'")
    assert kinds() == {"deleted"}

    past_the_triggers(
        f"DELETE FROM audit_event WHERE id = '{eighth}'", "DELETE FROM audit_seal WHERE number = 8"
    )
    assert kinds() == {"deleted", "removed"}


def test_an_event_put_in_by_hand_is_found_and_never_sealed(clinic_id: str) -> None:
    past_the_triggers(
        "INSERT INTO audit_event (id, clinic_id, at, role, action, facts, mac) SELECT 'forged', "
        f"clinic_id, at, role, action, facts, mac FROM audit_event WHERE id = '{event_at(7)}'"
    )

    assert audit_chain.seal() == 0
    assert kinds() == {"put in"}


def test_events_that_changed_places_are_found(clinic_id: str) -> None:
    one, other = event_at(7), event_at(9)
    past_the_triggers(
        "UPDATE audit_seal SET event_id = 'x' WHERE number = 7",
        f"UPDATE audit_seal SET event_id = '{one}' WHERE number = 9",
        f"UPDATE audit_seal SET event_id = '{other}' WHERE number = 7",
    )

    assert kinds() == {"moved or edited"}


def test_a_tail_that_was_cut_off_is_found_by_a_head_kept_elsewhere(clinic_id: str) -> None:
    head = audit_chain.head()
    tail = "SELECT event_id FROM audit_seal WHERE number > 20"
    past_the_triggers(
        f"DELETE FROM audit_event WHERE id IN ({tail})", "DELETE FROM audit_seal WHERE number > 20"
    )

    assert kinds() == set()
    assert kinds(head) == {"cut off"}
    on_record(clinic_id, LONG, since=NOW + timedelta(hours=1))
    audit_chain.seal()
    assert kinds(head) == {"rewritten"}


def test_an_event_that_the_clock_never_sealed_is_told(clinic_id: str) -> None:
    on_record(clinic_id, 1, since=NOW + timedelta(hours=1))

    assert kinds(now=NOW + timedelta(hours=1, minutes=5)) == set()
    assert kinds(now=NOW + timedelta(hours=2)) == {"not sealed"}


def test_what_stood_there_before_there_were_seals_is_sealed_with_the_first(app: Flask) -> None:
    clinic = builders.make_clinic().id
    db.session.commit()
    on_record(clinic, 3)
    past_the_triggers("UPDATE audit_event SET mac = ''")

    assert audit_chain.seal() == 3
    assert kinds() == set()
    past_the_triggers(f"UPDATE audit_event SET action = 'x' WHERE id = '{event_at(2)}'")
    assert kinds() == {"moved or edited"}


def edit(place: int, event: str) -> list[str]:
    del place
    return [f"UPDATE audit_event SET role = 'x' WHERE id = '{event}'"]


def delete(place: int, event: str) -> list[str]:
    gone = f"DELETE FROM audit_seal WHERE number = {place}"
    return [f"DELETE FROM audit_event WHERE id = '{event}'", gone]


def close_up(place: int, event: str) -> list[str]:
    """Delete, and count the seals anew so that there is no gap."""
    shift = f"UPDATE audit_seal SET number = -(number - 1) WHERE number > {place}"
    return [*delete(place, event), shift, "UPDATE audit_seal SET number = -number WHERE number < 0"]


@pytest.mark.parametrize("way", [edit, delete, close_up])
def test_whatever_is_done_wherever_is_found(
    clinic_id: str, way: Callable[[int, str], list[str]]
) -> None:
    """At every third place, from the end: each time something more is wrong."""
    head, before = audit_chain.head(), set()

    for place in range(LONG - 1, 1, -3):
        past_the_triggers(*way(place, event_at(place)))
        found = set(audit_chain.verified([head], now=NOW)[1])
        assert found != before
        before = found


def test_the_command_says_what_is_wrong_and_ends_with_one(
    clinic_id: str, app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"].render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SECRET_KEY", "only for tests")
    monkeypatch.delenv("TANDEM_DATA", raising=False)
    event = event_at(7)
    db.session.remove()

    def run(*words: object) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["audit", *map(str, words)])
        return done.exit_code, done.output

    heads = tmp_path / "heads"
    heads.write_text(run("head")[1])
    assert run("verify", "--heads", heads) == (
        0,
        f"{LONG} events, as they were written; 1 kept heads agree.\n",
    )
    past_the_triggers(f"UPDATE audit_event SET role = 'x' WHERE id = '{event}'")
    status, said = run("verify")
    assert (status, f"edited: event {event}" in said) == (1, True)
    monkeypatch.setenv("SECRET_KEY", "another")
    assert "SECRET_KEY is another" in run("verify")[1]
