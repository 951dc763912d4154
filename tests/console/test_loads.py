"""How much of a bookable is taken through a day, clock changes and midnight included."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from server.console.week import entries, loads
from server.console.week.loads import Load
from server.domain.calendars import Bookable, WeeklyHours
from server.domain.capacity import capacity_steps
from server.services.days.weeks import Cell, ClaimedStretch
from shared.vocabulary import BookableKind

ZONE = ZoneInfo("America/New_York")
MONDAY, SUNDAY_OF_CHANGE = date(2027, 3, 1), date(2027, 3, 14)
POOL = Bookable(
    id="chairs",
    kind=BookableKind.CHAIR,
    weekly=(
        WeeklyHours(days=tuple(range(7)), opens=480, closes=720, capacity=2),
        WeeklyHours(days=tuple(range(7)), opens=780, closes=1080, capacity=3),
    ),
)


def claim(begins: str, ends: str, *, visit: str = "a", units: int = 1, on: date = MONDAY):
    def at(clock: str) -> datetime:
        return datetime.fromisoformat(f"{on}T{clock}").replace(tzinfo=ZONE).astimezone(UTC)

    return ClaimedStretch(
        bookable_id="chairs",
        starts_at=at(begins),
        ends_at=at(ends),
        units=units,
        part="",
        appointment_id=visit,
        series_id="",
        visit_code="infusion-1",
        kind="infusion",
        status="booked",
        patient_id="",
        patient_name=visit,
        protocol_version_id="",
        visit_starts_at=at(begins),
    )


def cell(*claims: ClaimedStretch, on: date = MONDAY) -> Cell:
    start = datetime(on.year, on.month, on.day, tzinfo=ZONE)
    end = datetime(on.year, on.month, on.day + 1, tzinfo=ZONE)
    return Cell(on=on, claims=claims, steps=tuple(capacity_steps(POOL, start, end, ZONE)))


def test_the_peak_is_where_most_is_taken_at_once() -> None:
    day = cell(
        claim("08:00", "10:00", visit="a"),
        claim("09:00", "11:00", visit="b"),
        claim("14:00", "15:00", visit="c", units=2),
    )

    found = loads.loads(day, ZONE)

    assert loads.peak(found) == Load(540, 600, 2, 2)
    assert loads.opening(found) == [(480, 720), (780, 1080)]


def test_visits_that_meet_are_not_at_once() -> None:
    day = cell(claim("08:00", "09:00", visit="a"), claim("09:00", "10:00", visit="b"))

    assert loads.peak(loads.loads(day, ZONE)).taken == 1


def test_a_claim_past_midnight_ends_with_the_day() -> None:
    late = claim("23:00", "23:59")
    over = late._replace(ends_at=datetime(2027, 3, 2, 7, tzinfo=UTC))

    assert loads.loads(cell(over), ZONE)[-1] == Load(1380, 1440, 1, 0)


def test_a_day_of_twenty_three_hours_is_read_on_the_clock_face() -> None:
    day = cell(claim("08:00", "09:30", on=SUNDAY_OF_CHANGE), on=SUNDAY_OF_CHANGE)

    found = loads.loads(day, ZONE)

    assert loads.peak(found) == Load(480, 570, 1, 2)
    assert loads.opening(found) == [(480, 720), (780, 1080)]


def test_parts_without_a_gap_are_one_entry_and_a_gap_makes_two() -> None:
    parts = (
        claim("08:00", "08:20"),
        claim("08:20", "09:00", units=2),
        claim("08:30", "08:40", visit="b"),
        claim("10:00", "10:30"),
    )

    found = [[each.starts_at for each in group] for group in entries.unbroken(parts)]

    assert sorted(map(len, found)) == [1, 1, 2]
