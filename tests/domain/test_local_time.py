from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from server.domain.local_time import agreed


def test_what_was_agreed_by_the_wall_is_found_again_whichever_of_two_equal_times_it_was() -> None:
    for offset, utc_hour in (("-04:00", 5), ("-05:00", 6)):
        wall = datetime.fromisoformat(f"2027-11-07T01:30{offset}")
        assert agreed(wall, ZoneInfo("America/New_York")) == datetime(
            2027, 11, 7, utc_hour, 30, tzinfo=UTC
        )


def test_what_was_agreed_for_an_hour_that_is_now_skipped_is_the_moment_after() -> None:
    wall = datetime.fromisoformat("2027-03-14T02:30-05:00")

    at = agreed(wall, ZoneInfo("America/New_York"))

    assert at.astimezone(ZoneInfo("America/New_York")).strftime("%H:%M") == "03:30"
