"""The stretch of days in which a series is placed, cut into short equal pieces of real time.

A piece ("atom") is as long as the clinic's grid, or shorter where a change of the clock moves the
grid by less than that, or where a part of a visit is no multiple of it (40 minutes on a grid of
15). Positions are counted in atoms since the first local midnight, so elapsed
time is subtraction, and every local date is a run of neighbouring atoms whatever the clock does.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from server.domain.calendars import DAY_MINUTES
from server.domain.local_time import clock_changes, utc

IntArray = NDArray[np.int64]
MINUTE = timedelta(minutes=1)


def between(values: IntArray, least: int | IntArray, most: int | IntArray) -> IntArray:
    """np.clip, without what it spends on looking its arguments over."""
    clipped: IntArray = np.minimum(np.maximum(values, least), most)
    return clipped


@dataclass(frozen=True, slots=True, eq=False)
class TimeAxis:
    """Days 0 to `days` and atoms 0 to `atoms` (exclusive); arrays are indexed by one of them.

    `day_start` (days + 1) is each day's first atom; `day_of` and `minute_of` (atoms) are the day
    and the minute on the clinic's clock at which an atom begins.
    """

    zone: ZoneInfo
    grid_minutes: int
    atom_minutes: int
    first_day: date
    origin: datetime
    day_start: IntArray
    day_of: IntArray
    minute_of: IntArray

    @property
    def days(self) -> int:
        """How many local dates the axis covers."""
        return len(self.day_start) - 1

    @property
    def atoms(self) -> int:
        """How many atoms the axis covers."""
        return len(self.day_of)

    def day_at(self, atoms: IntArray) -> IntArray:
        """The day of each atom; beyond either end, the last one there."""
        found: IntArray = self.day_of[between(atoms, 0, self.atoms - 1)]
        return found

    def start_of(self, days: IntArray) -> IntArray:
        """The first atom of each day; 0 before the axis, `atoms` after it."""
        found: IntArray = self.day_start[between(days, 0, self.days)]
        return found

    def day_index(self, on: date) -> int:
        """The number of a local date, which may lie outside the axis."""
        return (on - self.first_day).days

    def date_of(self, day: int) -> date:
        """The local date of a day's number."""
        return self.first_day + timedelta(days=day)

    def minutes_to(self, at: datetime) -> float:
        """Elapsed minutes from the axis' beginning to an instant; negative before it."""
        return (utc(at) - self.origin) / MINUTE

    def atom_at(self, at: datetime) -> int | None:
        """The atom beginning exactly at an instant, or None."""
        atom, rest = divmod(utc(at) - self.origin, MINUTE * self.atom_minutes)
        return None if rest else atom

    def first_from(self, at: datetime) -> int:
        """The first atom that does not begin before an instant."""
        return -((self.origin - utc(at)) // (MINUTE * self.atom_minutes))

    def instant(self, atom: int) -> datetime:
        """When an atom begins, on the clinic's clock."""
        return (self.origin + atom * self.atom_minutes * MINUTE).astimezone(self.zone)


def time_axis(
    zone: ZoneInfo, grid_minutes: int, first: date, last: date, parts: Iterable[int] = ()
) -> TimeAxis:
    """The axis from `first` to `last`, both inclusive, whose atoms divide the lengths of all
    `parts` (minutes). Raises ValueError unless first <= last and the grid divides an hour."""
    if last < first or grid_minutes < 1 or 60 % grid_minutes:
        raise ValueError(f"no days from {first} to {last} on a grid of {grid_minutes} minutes")
    days = [first + timedelta(days=n) for n in range((last - first).days + 2)]
    midnights = [datetime.combine(on, time(), zone).astimezone(UTC) for on in days]
    lengths = [(b - a) // MINUTE for a, b in pairwise(midnights)]
    odd = {n for n, length in enumerate(lengths) if length != DAY_MINUTES}
    atom = math.gcd(
        grid_minutes, *parts, *(step for n in odd for step in _steps(midnights, n, zone))
    )
    clocks = [
        _clock(midnights[n], length, atom, zone, n in odd) for n, length in enumerate(lengths)
    ]
    counts = np.array([len(clock) for clock in clocks])
    return TimeAxis(
        zone=zone,
        grid_minutes=grid_minutes,
        atom_minutes=atom,
        first_day=first,
        origin=midnights[0],
        day_start=np.concatenate(([0], np.cumsum(counts))),
        day_of=np.repeat(np.arange(len(counts)), counts),
        minute_of=np.concatenate(clocks),
    )


def _steps(midnights: list[datetime], day: int, zone: ZoneInfo) -> list[int]:
    """Minutes from a day's beginning to its changes of the clock and to its end."""
    start, end = midnights[day], midnights[day + 1]
    return [(at - start) // MINUTE for at in (*clock_changes(start, end, zone), end)]


def _clock(start: datetime, length: int, atom: int, zone: ZoneInfo, odd: bool) -> IntArray:
    """What the clinic's clock shows at each atom of a day, in minutes after midnight."""
    elapsed = np.arange(0, length, atom, dtype=np.int64)
    if not odd:
        return elapsed
    shown = [(start + int(minutes) * MINUTE).astimezone(zone) for minutes in elapsed]
    return np.array([at.hour * 60 + at.minute for at in shown], dtype=np.int64)
