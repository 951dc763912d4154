"""Every clock change of twenty zones from 2026 to 2032, and leap day and the years' ends.

The rules are compared with a walker that knows no arithmetic of zones at all: it steps through UTC
five minutes at a time, reads the local clock off the wall, and counts.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import pytest

from server.domain.booking import breaches
from server.domain.calendars import (
    AvailabilityException,
    Bookable,
    ClinicCalendar,
    PatientTimes,
    WeeklyHours,
)
from server.domain.capacity import least_capacity
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocols import Part, PartClaim, VisitDefinition, Window
from server.domain.windows import admits, span
from shared.vocabulary import BookableKind, VisitKind, WindowUnit

ZONES = (
    *("America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Santiago"),
    *("America/Sao_Paulo", "Europe/London", "Europe/Dublin", "Europe/Berlin"),
    *("Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Asia/Jerusalem", "Asia/Tehran"),
    *("Asia/Kathmandu", "Australia/Adelaide", "Australia/Lord_Howe", "Pacific/Auckland"),
    *("Pacific/Chatham", "Pacific/Apia", "America/Havana"),
)
FIRST, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)
AROUND = timedelta(days=2)
HALF_DAY = timedelta(hours=12)


@dataclass(frozen=True)
class Tick:
    """Five minutes that really pass, and what the clinic's clock shows as they begin."""

    at: datetime
    on: date
    minute: int


def offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


@cache
def turning_points(name: str) -> tuple[datetime, ...]:
    """The zone's clock changes, and the local midnights before leap day and new year."""
    zone, found = ZoneInfo(name), []
    half_days = int((END - FIRST) / HALF_DAY)
    for before in (FIRST + n * HALF_DAY for n in range(half_days)):
        at = before
        if offset(before, zone) != offset(before + HALF_DAY, zone):
            while offset(at, zone) == offset(before, zone):
                at += STEP
            found.append(at)
    days = [date(2028, 2, 29), date(2028, 3, 1), *(date(year, 1, 1) for year in range(2027, 2033))]
    return (*found, *(datetime(d.year, d.month, d.day, tzinfo=zone).astimezone(UTC) for d in days))


@cache
def walk(middle: datetime, zone: ZoneInfo) -> tuple[Tick, ...]:
    """The days around an instant, five minutes at a time."""
    ticks, at = [], middle - AROUND
    while at < middle + AROUND:
        clock = at.astimezone(zone)
        ticks.append(Tick(at=at, on=clock.date(), minute=clock.hour * 60 + clock.minute))
        at += STEP
    return tuple(ticks)


def steps(minutes: int) -> int:
    return minutes // 5


def painted(bookable: Bookable, on: date) -> list[int]:
    """A date's capacity for every minute on the clock's face, painted row by row."""
    face = [0] * 1440
    for row in bookable.weekly:
        for minute in range(row.opens, row.closes):
            face[minute] += row.capacity if on.weekday() in row.days else 0
    of_day = [each for each in bookable.exceptions if each.on == on]
    for whole in [each for each in of_day if each.opens is None]:
        face = [whole.capacity] * 1440
    for each in [each for each in of_day if each.opens is not None]:
        face[each.opens : each.closes] = [each.capacity] * (each.closes - each.opens)
    return face


def painted_days(bookable: Bookable, ticks: tuple[Tick, ...]) -> dict[date, list[int]]:
    return {on: painted(bookable, on) for on in {tick.on for tick in ticks}}


def test_twenty_zones_change_their_clocks_often_enough_to_matter():
    assert len(ZONES) == 20
    changes = sum(len(turning_points(name)) - 8 for name in ZONES)
    assert changes > 180


@pytest.mark.parametrize("name", ZONES)
def test_windows_follow_their_anchor_across_every_clock_change(name):
    zone, random = ZoneInfo(name), Random(name)
    for middle in turning_points(name):
        ticks = walk(middle, zone)
        for _ in range(12):
            anchor, start = sorted(random.sample(range(len(ticks)), 2))
            elapsed = (start - anchor) * 5
            midnights = sum(ticks[each].on != ticks[each + 1].on for each in range(anchor, start))
            agree(ticks[anchor].at, ticks[start].at, zone, elapsed, midnights)


def agree(anchor, start, zone, minutes, midnights):
    """Windows around the walked distance admit, or not, as the walker says; backwards as well."""
    for slack in (-5, 0, 5):
        bound = (minutes + slack) / 60
        for unit, opens, inside in (
            (WindowUnit.HOURS, bound, slack <= 0),
            (WindowUnit.DAYS, midnights + slack // 5, slack <= 0),
        ):
            later = Window(anchor="a", unit=unit, opens=opens)
            earlier = Window(anchor="a", unit=unit, closes=-opens)
            assert admits(later, start, anchor, zone) is inside
            assert admits(earlier, anchor, start, zone) is inside
    exact = span(Window(anchor="a", unit=WindowUnit.HOURS, opens=minutes / 60), anchor, zone)
    assert exact.opens_at == start


@pytest.mark.parametrize("name", ZONES)
def test_capacity_is_what_the_clock_on_the_wall_says_on_days_of_any_length(name):
    zone, random = ZoneInfo(name), Random(name)
    for middle in turning_points(name):
        ticks = walk(middle, zone)
        bookable = odd_hours(random, sorted({tick.on for tick in ticks}))
        faces = painted_days(bookable, ticks)
        walked = [faces[tick.on][tick.minute] for tick in ticks]
        for _ in range(10):
            start, end = sorted(random.sample(range(len(ticks)), 2))
            end = min(end, start + steps(random.choice((15, 60, 150, 1440))))
            least = least_capacity(bookable, ticks[start].at, ticks[end].at, zone)
            assert least == min(walked[start:end]), (ticks[start], ticks[end])


def odd_hours(random: Random, dates: list[date]) -> Bookable:
    """Rows and exceptions at any five minutes, the small hours among them."""

    def stretch():
        opens, closes = sorted(random.sample(range(0, 1441, 5), 2))
        return {"opens": opens, "closes": closes, "capacity": random.randrange(4)}

    small_hours = WeeklyHours(days=tuple(range(7)), opens=30, closes=210, capacity=2)
    exceptions = [AvailabilityException(on=random.choice(dates), **stretch()) for _ in range(3)]
    whole_day = AvailabilityException(on=random.choice(dates), capacity=random.randrange(3))
    return Bookable(
        id="pool",
        kind=BookableKind.NURSE,
        weekly=(small_hours, *(WeeklyHours(days=tuple(range(7)), **stretch()) for _ in range(3))),
        exceptions=tuple(random.sample([*exceptions, whole_day], 4)),
    )


PARTS = (
    Part(name="preparation", minutes=30, claims=(PartClaim(bookable="pool"),)),
    Part(name="infusion", minutes=60, claims=(PartClaim(bookable="pool", units=2),)),
    Part(name="turnover", minutes=15, claims=(PartClaim(bookable="pool"),), with_patient=False),
)
INFUSION = VisitDefinition(code="infusion", family="infusion", kind=VisitKind.INFUSION, parts=PARTS)
PATIENT = PatientTimes(weekly=(WeeklyHours(days=tuple(range(7)), opens=90, closes=1440),))
SERIES = SeriesToPlace(
    visits=(INFUSION,),
    start_visit="infusion",
    patient=PATIENT,
    ready_on=date(2025, 1, 1),
    last_day=date(2034, 1, 1),
    not_before=FIRST - AROUND,
)


@pytest.mark.parametrize("name", ZONES)
def test_a_visit_across_a_clock_change_stands_exactly_when_the_wall_clock_allows(name):
    zone, random = ZoneInfo(name), Random(name)
    for middle in turning_points(name):
        ticks = walk(middle, zone)
        bookable = odd_hours(random, sorted({tick.on for tick in ticks}))
        clinic = ClinicCalendar(zone=zone, grid_minutes=15, bookables={"pool": bookable})
        faces = painted_days(bookable, ticks)
        at_change = next(n for n, tick in enumerate(ticks) if tick.at == middle)
        for start in range(at_change - steps(180), at_change + steps(120), steps(25)):
            placement = Placement(visit="infusion", starts_at=ticks[start].at)
            found = breaches(
                SERIES, SeriesPlan(placements=(placement,)), clinic, now=SERIES.not_before
            )
            during = ticks[start : start + steps(105)]
            assert {str(each.code) for each in found} == walked_codes(during, faces)


def walked_codes(during: tuple[Tick, ...], faces: dict[date, list[int]]) -> set[str]:
    """What the walker finds wrong with a visit of these ticks."""
    found = set()
    if during[0].minute % 15:
        found.add("off-grid")
    if during[0].on != during[-1].on:
        found.add("over-midnight")
    if any(tick.minute < 90 for tick in during[: steps(90)]):
        found.add("patient-unavailable")
    for n, tick in enumerate(during):
        capacity = faces[tick.on][tick.minute]
        needs = 2 if steps(30) <= n < steps(90) else 1
        if capacity == 0:
            found.add("outside-hours")
        elif capacity < needs:
            found.add("no-capacity")
    return found


def test_an_hour_that_comes_twice_can_be_booked_twice():
    berlin = ZoneInfo("Europe/Berlin")
    night = Bookable(
        id="pool",
        kind=BookableKind.NURSE,
        weekly=(WeeklyHours(days=(6,), opens=120, closes=180, capacity=2),),
    )
    clinic = ClinicCalendar(zone=berlin, grid_minutes=15, bookables={"pool": night})

    def found(day, minutes=120):
        starts_at = datetime(2027, 10, day, 2, tzinfo=berlin)
        plan = SeriesPlan(placements=(Placement(visit="infusion", starts_at=starts_at),))
        visit = replace(INFUSION, parts=(replace(PARTS[1], minutes=minutes),))
        series = replace(SERIES, visits=(visit,), patient=PatientTimes())
        return [each.code for each in breaches(series, plan, clinic, now=FIRST)]

    assert found(31) == []
    assert found(24) == ["outside-hours"]
    assert found(24, 60) == []


def test_an_hour_that_is_skipped_is_never_open():
    berlin = ZoneInfo("Europe/Berlin")
    night = Bookable(
        id="pool",
        kind=BookableKind.NURSE,
        weekly=(WeeklyHours(days=(6,), opens=120, closes=180),),
    )
    start = datetime(2027, 3, 28, tzinfo=berlin).astimezone(UTC)
    for quarter in range(0, 240, 15):
        at = start + timedelta(minutes=quarter)
        assert least_capacity(night, at, at + timedelta(minutes=15), berlin) == 0
