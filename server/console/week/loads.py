"""How much of a bookable is taken through one day, and at the day's peak."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from server.services.days.weeks import Cell

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Load:
    """A stretch of a day, in minutes on the site's clock, in which nothing changes."""

    start: int
    end: int
    taken: int
    capacity: int


def loads(cell: Cell, zone: ZoneInfo) -> tuple[Load, ...]:
    """The whole day in stretches, in order."""
    return tuple(_loads(cell, zone))


def peak(of_day: tuple[Load, ...]) -> Load:
    """When most is taken; of two such stretches the one with less to spare."""
    return max(of_day, key=lambda load: (load.taken, -load.capacity))


def opening(of_day: tuple[Load, ...]) -> list[tuple[int, int]]:
    """From when to when there is anything at all, in minutes."""
    found: list[tuple[int, int]] = []
    for load in of_day:
        if load.capacity and found and found[-1][1] == load.start:
            found[-1] = (found[-1][0], load.end)
        elif load.capacity:
            found.append((load.start, load.end))
    return found


def _loads(cell: Cell, zone: ZoneInfo) -> Iterator[Load]:
    changes, capacities = _changes(cell), dict(cell.steps)
    taken = capacity = 0
    moments = sorted({*changes, *capacities})
    edges = [*(minute(at, cell.on, zone) for at in moments), DAY_MINUTES]
    for at, (start, end) in zip(moments, pairwise(edges), strict=True):
        taken += changes.get(at, 0)
        capacity = capacities.get(at, capacity)
        if start < end:
            yield Load(start, end, taken, capacity)


def _changes(cell: Cell) -> dict[datetime, int]:
    changes: dict[datetime, int] = defaultdict(int)
    for claim in cell.claims:
        changes[claim.starts_at] += claim.units
        changes[claim.ends_at] -= claim.units
    return changes


def minute(at: datetime, on: date, zone: ZoneInfo) -> int:
    """Minutes after a day's midnight on the clock face; all of a later day is its end."""
    clock = at.astimezone(zone)
    if clock.date() != on:
        return DAY_MINUTES if clock > datetime.combine(on, time(), zone) else 0
    return clock.hour * 60 + clock.minute
