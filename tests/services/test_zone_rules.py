"""New York gives up its summer time: two versions of the zone's rules, one after the other."""

import shutil
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask

from server.cli import main
from server.persistence import appointments, contact
from server.persistence.contact import ConfirmationRow
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.transactions import transaction
from server.services.booking import booking
from server.services.clinic import zone_rules
from shared.vocabulary import MessageStatus, ReminderKind
from tests.services.a_series import NOW, ShortClinic, short_clinic

SPRING = date(2027, 3, 12)
"""A Friday; the clock would be put forward on Sunday."""


@pytest.fixture
def no_summer_time(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Calling it brings in the new rules, until the test ends."""

    def begin() -> None:
        (tmp_path / "America").mkdir()
        with as_file(files("tzdata.zoneinfo.Etc") / "GMT+5") as always_winter:
            shutil.copyfile(always_winter, tmp_path / "America/New_York")
        zoneinfo.reset_tzpath(to=[tmp_path])
        ZoneInfo.clear_cache()

    yield begin
    zoneinfo.reset_tzpath()
    ZoneInfo.clear_cache()


def booked(clinic: ShortClinic, day: date = SPRING, *, hour: int = 9, therapist: int = 0) -> str:
    series_id = clinic.enrolled()
    plan = clinic.plan(day=day, hour=hour, therapist=therapist)
    booking.book(clinic.by, series_id, plan, expected_version=1, now=NOW)
    return series_id


def utc_times(series_id: str) -> list[str]:
    db.session.rollback()
    rows = sorted(appointments.of_series(series_id), key=lambda row: row.starts_at)
    return [f"{row.starts_at:%d %H:%M}" for row in rows]


def test_as_long_as_no_rule_changes_nothing_has_shifted(app: Flask) -> None:
    booked(short_clinic())

    assert zone_rules.shifts(now=NOW) == []
    assert zone_rules.keep_wall_times(now=NOW) == 0


def test_what_was_agreed_for_nine_stays_at_nine(
    app: Flask, no_summer_time: Callable[[], None]
) -> None:
    series_id = booked(short_clinic())
    assert utc_times(series_id) == ["12 14:00", "14 13:00", "15 13:00", "17 13:00"]
    no_summer_time()

    found = zone_rules.shifts(now=NOW)
    assert [(each.visit, each.becomes - each.was) for each in found] == [
        (visit, timedelta(hours=1)) for visit in ("session-1", "infusion-2", "session-2")
    ]
    assert zone_rules.keep_wall_times(now=NOW) == 3

    assert utc_times(series_id) == ["12 14:00", "14 14:00", "15 14:00", "17 14:00"]
    assert zone_rules.shifts(now=NOW) == []


def test_neighbours_in_one_chair_shift_together(
    app: Flask, no_summer_time: Callable[[], None]
) -> None:
    """Each moves to where the next one was."""
    clinic = short_clinic(therapists=3)
    all_day = [booked(clinic, hour=hour, therapist=n) for n, hour in enumerate((9, 12, 15))]
    no_summer_time()

    assert zone_rules.keep_wall_times(now=NOW) == 9

    assert [utc_times(each)[-1] for each in all_day] == ["17 14:00", "17 17:00", "17 20:00"]


def test_reminders_follow_nobody_is_told_of_a_change_and_a_patients_word_holds(
    app: Flask, no_summer_time: Callable[[], None]
) -> None:
    clinic = short_clinic()
    series_id = booked(clinic)
    visit = max(appointments.of_series(series_id), key=lambda row: row.starts_at)
    with transaction() as session:
        said = ConfirmationRow(
            appointment_id=visit.id, clinic_id=visit.clinic_id, schedule_version=1, confirmed_at=NOW
        )
        session.add(said)
    no_summer_time()

    zone_rules.keep_wall_times(now=NOW)

    db.session.rollback()
    waiting = db.session.query(OutboxMessageRow).filter_by(
        subject_id=visit.id, status=MessageStatus.WAITING
    )
    before = {row.kind: row.due_at for row in waiting}
    assert ReminderKind.CHANGED not in before
    assert before[ReminderKind.BEFORE] == datetime(2027, 3, 16, 23, tzinfo=UTC)
    assert {row.subject_version for row in waiting} == {2}
    assert contact.confirmation(visit.id).schedule_version == 2


def test_what_is_over_is_left_as_it_was(app: Flask, no_summer_time: Callable[[], None]) -> None:
    series_id = booked(short_clinic())
    before = utc_times(series_id)
    no_summer_time()

    assert zone_rules.keep_wall_times(now=NOW + timedelta(days=60)) == 0
    assert utc_times(series_id) == before


def test_the_command_lists_and_only_changes_when_told_to(
    app: Flask, monkeypatch: pytest.MonkeyPatch, no_summer_time: Callable[[], None]
) -> None:
    series_id = booked(short_clinic())
    monkeypatch.setenv(
        "DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"].render_as_string(False)
    )
    monkeypatch.setenv("SECRET_KEY", "only for tests")
    monkeypatch.delenv("TANDEM_DATA", raising=False)
    before = utc_times(series_id)
    no_summer_time()

    def run(*words: str, answer: str = "") -> str:
        return CliRunner().invoke(main, ["tz", "reconcile", *words], input=answer).output

    listed = run()
    assert "3 appointments have shifted." in listed
    assert "2027-03-17 09:00 America/New_York  was 13:00Z, becomes 14:00Z" in listed
    run("--apply", answer="n\n")
    assert utc_times(series_id) == before
    assert "3 appointments keep their time" in run("--apply", answer="y\n")
    assert "0 appointments have shifted." in run()
