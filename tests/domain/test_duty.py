"""Hours of duty, on the clinic's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from server.domain.duty import Duty

ZONE = ZoneInfo("America/New_York")
NIGHT = Duty(days=(4,), opens=20 * 60, closes=8 * 60)
OFFICE = Duty(days=(0, 1, 2, 3, 4), opens=8 * 60, closes=17 * 60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("duty", "when", "covered"),
    [
        (Duty(), "2027-03-14T01:59", True),
        (OFFICE, "2027-03-12T08:00", True),
        (OFFICE, "2027-03-12T16:59:59", True),
        (OFFICE, "2027-03-12T17:00", False),
        (OFFICE, "2027-03-13T09:00", False),
        (NIGHT, "2027-03-12T19:59", False),
        (NIGHT, "2027-03-12T20:00", True),
        (NIGHT, "2027-03-13T07:59", True),
        (NIGHT, "2027-03-13T08:00", False),
        (NIGHT, "2027-03-12T07:00", False),
        (NIGHT, "2027-03-13T20:00", False),
    ],
)
def test_duty_begins_and_ends_on_the_clock_and_a_night_belongs_to_its_evening(
    duty: Duty, when: str, covered: bool
) -> None:
    assert duty.covers(at(when), ZONE) is covered


def test_hours_that_open_and_close_at_the_same_minute_last_the_whole_day() -> None:
    duty = Duty(days=(5,), opens=480, closes=480)

    assert duty.covers(at("2027-03-13T08:00"), ZONE)
    assert duty.covers(at("2027-03-14T07:59"), ZONE)
    assert not duty.covers(at("2027-03-14T08:00"), ZONE)
