from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import text

from server.domain.calendars import WeeklyHours
from server.persistence.database import db
from server.services.access import Caller
from server.services.clinic import availability, bookables, clinics
from server.services.clinic.availability import Absence
from server.services.people import practitioners
from server.services.people.practitioners import Credential, NewPractitioner
from server.services.refusals import Conflict
from shared.vocabulary import BookableKind, Role
from tests.services.a_booking import an_hour
from tests.services.a_clinic import NOW, a_clinic, a_site

pytestmark = pytest.mark.breaks_on_purpose  # hours are closed over booked visits

NEW_YORK = ZoneInfo("America/New_York")
ALL_WEEK = tuple(range(7))
SPRING_FORWARD = date(2027, 3, 14)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2027 on New York's clock."""
    return datetime(2027, 3, day, hour, minute, tzinfo=NEW_YORK)


def hours(opens: int, closes: int, capacity: int = 2) -> WeeklyHours:
    return WeeklyHours(days=ALL_WEEK, opens=opens * 60, closes=closes * 60, capacity=capacity)


@dataclass
class Ward:
    """A site with two chairs, open from eight to six on every day."""

    by: Caller
    site: str
    chairs: str
    version: int

    def book(self, starts_at: datetime, units: int = 1) -> str:
        return an_hour(self.by, self.site, self.chairs, starts_at, units=units)

    def open(self, *week: WeeklyHours) -> list[str]:
        done = availability.set_weekly(
            self.by, self.chairs, week, expected_version=self.version, now=NOW
        )
        self.version = done.bookable.version
        return done.affected


@pytest.fixture
def ward(app: Flask) -> Ward:
    by = a_clinic()
    site = a_site(by)
    row = bookables.create(
        by,
        kind=BookableKind.CHAIR,
        code="chairs",
        title="Chairs",
        site_id=site,
        capacity=2,
        now=NOW,
    )
    made = Ward(by=by, site=site, chairs=row.id, version=1)
    assert made.open(hours(8, 18)) == []
    return made


def test_a_visit_after_the_new_closing_time_is_named(ward: Ward) -> None:
    ward.book(at(10, 9))
    late = ward.book(at(10, 17))

    assert ward.open(hours(8, 17)) == [late]


def test_a_visit_that_ends_as_the_clinic_closes_stays(ward: Ward) -> None:
    ward.book(at(10, 16))

    assert ward.open(hours(8, 17)) == []


def test_the_clock_change_does_not_move_the_closing_time(ward: Ward) -> None:
    """On the fourteenth the clock goes forward: the same wall time is another instant."""
    before, after = ward.book(at(13, 17)), ward.book(at(15, 17))
    ward.book(at(13, 16))
    ward.book(at(15, 16))

    assert ward.open(hours(8, 17)) == [before, after]


def test_where_one_chair_is_left_both_who_share_the_hour_are_named_soonest_first(
    ward: Ward,
) -> None:
    second, first = ward.book(at(10, 9, 30)), ward.book(at(10, 9))
    ward.book(at(10, 12))

    assert ward.open(hours(8, 18, 1)) == [first, second]


def test_a_visit_already_over_needs_no_repair(ward: Ward) -> None:
    ward.book(datetime(2027, 2, 26, 17, tzinfo=NEW_YORK))

    assert ward.open(hours(8, 12)) == []


def test_a_holiday_names_the_visits_of_that_day_at_that_site(ward: Ward) -> None:
    ward.book(at(9, 17))
    early, late = ward.book(at(10, 8)), ward.book(at(10, 17))
    ward.book(at(11, 8))

    done = clinics.add_holiday(
        ward.by, ward.site, on=date(2027, 3, 10), title="Flood", expected_version=1, now=NOW
    )

    assert done.affected == [early, late]


def test_a_chair_out_of_service_for_an_hour_names_who_sits_there(ward: Ward) -> None:
    broken = Absence(first_on=date(2027, 3, 10), last_on=date(2027, 3, 10), opens=540, closes=600)
    sits = ward.book(at(10, 9, 45))
    ward.book(at(10, 10))

    done = availability.add_absence(
        ward.by, ward.chairs, broken, expected_version=ward.version, now=NOW
    )

    assert done.affected == [sits]


def test_a_prescriber_needed_on_site_but_not_used_up_is_missed_when_away(ward: Ward) -> None:
    watched = ward.book(at(10, 9), units=0)
    away = Absence(first_on=date(2027, 3, 10), last_on=date(2027, 3, 12))

    done = availability.add_absence(
        ward.by, ward.chairs, away, expected_version=ward.version, now=NOW
    )

    assert done.affected == [watched]


def test_what_is_retired_names_all_that_is_still_to_come(ward: Ward) -> None:
    booked = [ward.book(at(10, 9)), ward.book(at(17, 9))]

    done = bookables.retire(ward.by, ward.chairs, expected_version=ward.version, now=NOW)

    assert done.affected == booked


def test_visits_past_the_end_of_a_licence_are_named(ward: Ward) -> None:
    new = NewPractitioner(title="Ana", role=Role.THERAPIST, site_id=ward.site)
    ana = practitioners.create(ward.by, new, now=NOW)
    assert ana.bookable
    availability.set_weekly(
        ward.by, ana.bookable.id, [hours(8, 18, 1)], expected_version=1, now=NOW
    )
    an_hour(ward.by, ward.site, ana.bookable.id, at(10, 9))
    beyond = an_hour(ward.by, ward.site, ana.bookable.id, at(11, 9))

    done = practitioners.change(
        ward.by,
        ana.id,
        title="Ana",
        credentials=[Credential(title="Licence", expires_on=date(2027, 3, 10))],
        expected_version=1,
        now=NOW,
    )

    assert done.affected == [beyond]


def test_the_ceiling_never_goes_below_what_was_claimed_at_once(ward: Ward) -> None:
    ward.book(at(10, 9))
    ward.book(at(10, 9, 30))
    ward.open(hours(8, 18, 1))

    with pytest.raises(Conflict, match="2 were claimed at once"):
        bookables.change(
            ward.by, ward.chairs, title="", capacity=1, expected_version=ward.version, now=NOW
        )


def test_the_database_guards_a_bookable_that_now_holds_one_at_a_time(ward: Ward) -> None:
    ward.book(at(10, 9))
    ward.open(hours(8, 18, 1))
    bookables.change(
        ward.by, ward.chairs, title="Chair", capacity=1, expected_version=ward.version, now=NOW
    )

    assert db.session.scalar(text("SELECT exclusive FROM claim"))


def test_a_site_with_booked_visits_keeps_its_clock(ward: Ward) -> None:
    ward.book(at(10, 9, 15))
    change = {"title": "Riverside", "expected_version": 1, "now": NOW}

    with pytest.raises(Conflict, match="clock"):
        clinics.change_site(
            ward.by, ward.site, time_zone="Europe/Berlin", grid_minutes=15, **change
        )
    with pytest.raises(Conflict, match="grid"):
        clinics.change_site(
            ward.by, ward.site, time_zone="America/New_York", grid_minutes=30, **change
        )
    kept = clinics.change_site(
        ward.by, ward.site, time_zone="America/New_York", grid_minutes=5, **change
    )
    assert kept.grid_minutes == 5
