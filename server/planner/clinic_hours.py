"""The clinic's own hours: whenever anything in it is open."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from server.domain.calendars import (
    DAY_MINUTES,
    AvailabilityException,
    Bookable,
    ClinicCalendar,
    WeeklyHours,
)

PLENTY = 1_000_000
BoolArray = NDArray[np.bool_]


def clinic_hours(calendar: ClinicCalendar, bookable: Bookable) -> Bookable:
    """A bookable that is there without limit in the clinic's own hours."""
    weekly = [
        WeeklyHours(days=(day,), opens=opens, closes=closes, capacity=PLENTY)
        for day in range(7)
        for opens, closes in _stretches(_open(calendar.bookables.values(), day))
    ]
    days = {each.on for one in calendar.bookables.values() for each in one.exceptions}
    exceptions: list[AvailabilityException] = []
    for on in sorted(days):
        exceptions.append(AvailabilityException(on=on))
        exceptions += [
            AvailabilityException(on=on, opens=opens, closes=closes, capacity=PLENTY)
            for opens, closes in _stretches(_open(calendar.bookables.values(), on.weekday(), on))
        ]
    return replace(bookable, weekly=tuple(weekly), exceptions=tuple(exceptions), usable_until=None)


def _open(bookables: Iterable[Bookable], weekday: int, on: date | None = None) -> BoolArray:
    """For each minute of a day: is anything open? `on` takes its exceptions into account."""
    found = np.zeros(DAY_MINUTES, dtype=bool)
    for one in bookables:
        here = np.zeros(DAY_MINUTES, dtype=bool)
        for row in one.weekly:
            if weekday in row.days and row.capacity > 0:
                here[row.opens : row.closes] = True
        for each in sorted(one.exceptions, key=lambda e: (e.opens, e.closes) != (None, None)):
            if each.on == on:
                here[slice(each.opens, each.closes)] = each.capacity > 0
        found |= here
    return found


def _stretches(open_: BoolArray) -> list[tuple[int, int]]:
    """The runs of minutes in which it is open."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], open_.astype(int), [0]))))
    return [(int(opens), int(closes)) for opens, closes in edges.reshape(-1, 2)]
