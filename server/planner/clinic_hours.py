"""The clinic's own hours: whenever anything in it is open."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from server.domain.calendars import (
    DAY_MINUTES,
    AvailabilityException,
    Bookable,
    ClinicCalendar,
    WeeklyHours,
)

PLENTY = 1_000_000
Hours = tuple[tuple[WeeklyHours, ...], tuple[AvailabilityException, ...]]
Stretch = tuple[int, int]


def clinic_hours(calendar: ClinicCalendar, bookable: Bookable) -> Bookable:
    """A bookable that is there without limit in the clinic's own hours."""
    found = ((each.weekly, each.exceptions) for each in calendar.bookables.values())
    weekly, exceptions = _without_limit(tuple(dict.fromkeys(found)))
    return replace(bookable, weekly=weekly, exceptions=exceptions, usable_until=None)


@lru_cache(maxsize=32)
def _without_limit(hours: tuple[Hours, ...]) -> Hours:
    """Whenever one of them is open. Asked again for one bookable after the other."""
    weekly = tuple(
        WeeklyHours(days=(day,), opens=opens, closes=closes, capacity=PLENTY)
        for day in range(7)
        for opens, closes in _open(hours, day)
    )
    exceptions: list[AvailabilityException] = []
    for on in sorted({each.on for _, others in hours for each in others}):
        exceptions.append(AvailabilityException(on=on))
        exceptions += [
            AvailabilityException(on=on, opens=opens, closes=closes, capacity=PLENTY)
            for opens, closes in _open(hours, on.weekday(), on)
        ]
    return weekly, tuple(exceptions)


def _open(hours: Iterable[Hours], weekday: int, on: date | None = None) -> list[Stretch]:
    """When anything is open on a weekday; `on` takes the exceptions of that day into account."""
    found = [
        stretch
        for weekly, exceptions in hours
        for stretch in _of_one(weekly, weekday, [each for each in exceptions if each.on == on])
    ]
    joined: list[Stretch] = []
    for opens, closes in sorted(found):
        if joined and opens <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], closes)
        else:
            joined.append((opens, closes))
    return joined


def _of_one(
    weekly: Iterable[WeeklyHours], weekday: int, exceptions: Sequence[AvailabilityException]
) -> list[Stretch]:
    """When one bookable is open: exceptions for the whole day come first, the later in the list
    wins."""
    found = [(r.opens, r.closes) for r in weekly if weekday in r.days and r.capacity > 0]
    for each in sorted(exceptions, key=lambda e: (e.opens, e.closes) != (None, None)):
        opens, closes = each.opens or 0, DAY_MINUTES if each.closes is None else each.closes
        before = [(a, min(b, opens)) for a, b in found]
        after = [(max(a, closes), b) for a, b in found]
        here = [(opens, closes)] if each.capacity > 0 else []
        found = [(a, b) for a, b in (*before, *after, *here) if a < b]
    return found
