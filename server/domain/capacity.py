"""How much of a bookable there is on the clinic's own clock, and how much of it is taken.

Plain arithmetic on instants, on purpose independent of the planner's: it proves what that finds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from server.domain.calendars import (
    DAY_MINUTES,
    AvailabilityException,
    Bookable,
    Claim,
    WeeklyHours,
)
from server.domain.local_time import clock_changes, local_date, minute_of_day, moments, utc
from shared.vocabulary import BookableKind


def capacity_at(bookable: Bookable, at: datetime, zone: ZoneInfo) -> int:
    """Units configured at an instant, read on the clinic's clock; nothing after `usable_until`.

    A repeated clock hour is open both times, a skipped one does not occur.
    """
    on, minute = local_date(at, zone), minute_of_day(at, zone)
    if expired(bookable, on):
        return 0
    capacity = sum(row.capacity for row in bookable.weekly if _weekly_covers(row, on, minute))
    for exception in _in_force(bookable, on):
        opens, closes = _hours(exception)
        if opens <= minute < closes:
            capacity = exception.capacity
    return capacity


def expired(bookable: Bookable, on: date) -> bool:
    """True on clinic-local dates after the last one that the credentials allow."""
    return bookable.usable_until is not None and on > bookable.usable_until


def capacity_steps(
    bookable: Bookable, start: datetime, end: datetime, zone: ZoneInfo
) -> list[tuple[datetime, int]]:
    """(instant in UTC, units from then on) over [start, end), the first at `start`."""
    anybody = replace(bookable, id="", title="", kind=BookableKind.CHAIR)
    return list(_steps(anybody, utc(start), utc(end), zone))


@lru_cache(maxsize=4096)
def _steps(
    bookable: Bookable, start: datetime, end: datetime, zone: ZoneInfo
) -> tuple[tuple[datetime, int], ...]:
    """The steps of all that is open at the same hours: of most people, and of a day asked again."""
    cuts = {start, *_turning_points(bookable, start, end, zone)}
    steps: list[tuple[datetime, int]] = []
    for at in sorted(cuts):
        capacity = capacity_at(bookable, at, zone)
        if not steps or steps[-1][1] != capacity:
            steps.append((at, capacity))
    return tuple(steps)


def least_capacity(bookable: Bookable, start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """The fewest units configured at any instant of [start, end)."""
    return min(capacity for _, capacity in capacity_steps(bookable, start, end, zone))


def peak(claims: Iterable[Claim], start: datetime, end: datetime) -> int:
    """The most units taken at one instant of [start, end) by these claims, all of one bookable."""
    start, end = utc(start), utc(end)
    changes: list[tuple[datetime, int]] = []
    for claim in claims:
        begins, stops = max(start, utc(claim.starts_at)), min(end, utc(claim.ends_at))
        if begins < stops:
            changes += [(begins, claim.units), (stops, -claim.units)]
    taken = highest = 0
    for _, units in sorted(changes):
        taken += units
        highest = max(highest, taken)
    return highest


def _turning_points(
    bookable: Bookable, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """Instants strictly inside (start, end) where the capacity may change."""
    on, last = local_date(start, zone), local_date(end, zone)
    while on <= last:
        for minutes in _clock_times(bookable, on):
            yield from (at for at in moments(on, minutes, zone) if start < at < end)
        on += timedelta(days=1)
    yield from (at for at in clock_changes(start, end, zone) if start < at < end)


def _clock_times(bookable: Bookable, on: date) -> set[int]:
    times = {0, DAY_MINUTES}
    for row in bookable.weekly:
        if on.weekday() in row.days:
            times |= {row.opens, row.closes}
    for exception in _in_force(bookable, on):
        times |= set(_hours(exception))
    return times


def _in_force(bookable: Bookable, on: date) -> list[AvailabilityException]:
    """A date's exceptions in the order they apply: whole days first, then hours, later wins."""
    of_day = [each for each in bookable.exceptions if each.on == on]
    return sorted(of_day, key=lambda each: (each.opens, each.closes) != (None, None))


def _hours(exception: AvailabilityException) -> tuple[int, int]:
    opens = 0 if exception.opens is None else exception.opens
    return opens, DAY_MINUTES if exception.closes is None else exception.closes


def _weekly_covers(row: WeeklyHours, on: date, minute: float) -> bool:
    return on.weekday() in row.days and row.opens <= minute < row.closes
