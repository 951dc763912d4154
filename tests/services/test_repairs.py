"""A therapist calls in sick: the repair is shown, then applied whole, and the doctor is content."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from server.domain.breaches import Refused
from server.persistence import appointments
from server.persistence.bookables import AvailabilityExceptionRow, BookableRow
from server.persistence.database import db
from server.persistence.repairs import RepairRow
from server.persistence.series import SeriesRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.booking import booking, moves
from server.services.booking.moves import Wish
from server.services.planning import repairs
from server.services.record import doctor
from server.services.refusals import NotFound, Stale
from server.services.series import series_changes
from tests.services.a_series import NOW, ShortClinic, short_clinic

HOUR = timedelta(hours=1)


@pytest.fixture
def clinic(app: Flask) -> Iterator[ShortClinic]:
    """Two chairs, two therapists."""
    return short_clinic(chairs=2)


def book(clinic: ShortClinic, therapist: int = 0, hour: int = 9) -> str:
    series_id = clinic.enrolled()
    plan = clinic.plan(therapist=therapist, hour=hour)
    booking.book(clinic.by, series_id, plan, expected_version=None, now=NOW)
    return series_id


def away(bookable_id: str, first: date, days: int = 1) -> None:
    """Nobody asks whether something is booked."""
    with transaction():
        row = db.session.get(BookableRow, bookable_id)
        assert row is not None
        row.exceptions += [
            AvailabilityExceptionRow(id=new_id(), place=n, on=first + timedelta(days=n), capacity=0)
            for n in range(days)
        ]


def times(series_id: str) -> dict[str, object]:
    rows = appointments.of_series(series_id)
    return {row.visit_code: row.starts_at for row in rows if row.live}


def shown(clinic: ShortClinic) -> RepairRow:
    return repairs.preview(clinic.by, clinic.site_id, now=NOW, seconds=0.3)


def test_where_everything_holds_nothing_changes(clinic: ShortClinic) -> None:
    book(clinic)

    found = shown(clinic)

    assert found.body["series"] == []
    assert found.body["cost"] == 0
    assert found.body["summary"] == ["Everything that is booked holds; nothing has to change."]


@pytest.mark.breaks_on_purpose
def test_looking_changes_nothing(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    before = times(series_id)
    away(clinic.therapist_ids[0], date(2027, 3, 4))

    shown(clinic)

    assert times(series_id) == before
    assert doctor.examine(now=NOW) != []


def test_a_sick_therapist_is_worked_around_and_nobody_loses_them(clinic: ShortClinic) -> None:
    """The session of 4 March may be held between the 3rd and the 5th."""
    mine, others = book(clinic), book(clinic, therapist=1)
    before = times(others)
    away(clinic.therapist_ids[0], date(2027, 3, 4))

    found = shown(clinic)
    written = repairs.apply(clinic.by, found.id, now=NOW)

    assert [row.visit_code for row in written] == ["session-1"]
    assert written[0].choices["therapist"] == clinic.therapist_ids[0]
    assert written[0].schedule_version == 2
    assert times(others) == before
    assert times(mine)["session-1"] == written[0].starts_at
    assert "Nobody loses their therapist." in found.body["summary"]
    assert doctor.examine(now=NOW) == []


def test_a_therapist_away_for_long_is_covered(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    away(clinic.therapist_ids[0], date(2027, 3, 2), days=90)

    found = shown(clinic)
    written = repairs.apply(clinic.by, found.id, now=NOW)

    assert {row.choices["therapist"] for row in written} == {clinic.therapist_ids[1]}
    assert "1 x integration on Thu 4 Mar with somebody else." in found.body["summary"]
    assert "1 patient will be seen by somebody else." in found.body["summary"]
    assert times(series_id)
    assert doctor.examine(now=NOW) == []


def test_with_one_chair_less_one_of_two_patients_takes_another_time(clinic: ShortClinic) -> None:
    """Both were booked for the same hour."""
    both = [book(clinic, therapist=n, hour=9) for n in (0, 1)]
    with transaction():
        row = db.session.get(BookableRow, clinic.chairs_id)
        assert row is not None
        row.exceptions += [
            AvailabilityExceptionRow(id=new_id(), place=0, on=date(2027, 3, 2), capacity=1)
        ]

    found = shown(clinic)
    repairs.apply(clinic.by, found.id, now=NOW)

    first = [times(each)["infusion-1"] for each in both]
    assert len(set(first)) == 2
    assert doctor.examine(now=NOW) == []


def test_a_repair_is_applied_once(clinic: ShortClinic) -> None:
    book(clinic)
    away(clinic.therapist_ids[0], date(2027, 3, 4))
    found = shown(clinic)
    repairs.apply(clinic.by, found.id, now=NOW)

    with pytest.raises(Refused):
        repairs.apply(clinic.by, found.id, now=NOW)


def test_what_has_moved_since_stops_the_whole_repair(clinic: ShortClinic) -> None:
    one, other = book(clinic), book(clinic, hour=14)
    away(clinic.therapist_ids[0], date(2027, 3, 4))
    found = shown(clinic)
    session = next(r for r in appointments.of_series(one) if r.visit_code == "session-1")
    wish = Wish(starts_at=session.starts_at - 22 * HOUR, choices={})
    preview = moves.preview(clinic.by, session.id, wish, now=NOW)
    moves.apply(clinic.by, session.id, preview.id, expected_version=session.version, now=NOW)
    before = times(other)

    with pytest.raises(Stale):
        repairs.apply(clinic.by, found.id, now=NOW)

    assert times(other) == before
    again = shown(clinic)
    repairs.apply(clinic.by, again.id, now=NOW)
    assert doctor.examine(now=NOW) == []


def test_a_time_taken_since_stops_the_whole_repair(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    away(clinic.therapist_ids[0], date(2027, 3, 4))
    found = shown(clinic)
    visit = found.body["series"][0]["visits"][0]
    start = NOW.fromisoformat(visit["starts_at"])
    rival = clinic.enrolled()
    plan = clinic.plan(therapist=0, day=start.date() - timedelta(days=2), hour=start.hour)
    before = times(series_id)
    booking.book(clinic.by, rival, plan, expected_version=None, now=NOW)

    with pytest.raises(Refused):
        repairs.apply(clinic.by, found.id, now=NOW)

    assert times(series_id) == before
    repairs.apply(clinic.by, shown(clinic).id, now=NOW)


@pytest.mark.breaks_on_purpose
def test_what_cannot_be_saved_is_named_and_left_alone(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    before = times(series_id)
    for therapist in clinic.therapist_ids:
        away(therapist, date(2027, 3, 2), days=300)

    found = shown(clinic)

    assert [each["series_id"] for each in found.body["unresolved"]] == [series_id]
    assert found.body["unresolved"][0]["reasons"]
    assert repairs.apply(clinic.by, found.id, now=NOW) == []
    assert times(series_id) == before


def test_a_series_on_hold_is_left_alone(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    row = db.session.get(SeriesRow, series_id)
    assert row is not None
    hold = {"reason": "Fever", "release": False, "expected_version": row.version}
    series_changes.hold(clinic.by, series_id, **hold, now=NOW)

    assert shown(clinic).body["series"] == []


def test_another_clinics_repair_is_not_there(clinic: ShortClinic) -> None:
    found = shown(clinic)
    stranger = short_clinic()

    with pytest.raises(NotFound):
        repairs.apply(stranger.by, found.id, now=NOW)
    with pytest.raises(NotFound):
        repairs.preview(stranger.by, clinic.site_id, now=NOW)
