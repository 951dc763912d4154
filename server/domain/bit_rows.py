"""Rows of bits for a search over time: one bit for each step of the clinic's clock, day after day.

Day 0 to `days` - 1; day `first_day` is a Monday. No clock is ever changed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.calendars import DAY_MINUTES, WeeklyHours


@dataclass(frozen=True)
class Rows:
    """The shape of all rows of one search. `step` is in minutes and divides 15."""

    step: int
    days: int
    first_day: int

    @property
    def per_day(self) -> int:
        """Bits a day."""
        return DAY_MINUTES // self.step

    def starts(self, opening: Sequence[WeeklyHours], minutes: int) -> int:
        """The starts that keep a visit of some length within opening hours; [] is always open."""
        steps = -(-minutes // self.step)
        pattern = [self._on_weekday(opening, weekday, steps) for weekday in range(7)]
        row = 0
        for day in range(self.days):
            row |= pattern[(day - self.first_day) % 7] << (day * self.per_day)
        return row

    def _on_weekday(self, opening: Sequence[WeeklyHours], weekday: int, steps: int) -> int:
        bits = 0 if opening else self._between(0, self.per_day)
        for hours in opening:
            if weekday in hours.days and hours.opens < hours.closes and hours.capacity > 0:
                bits |= self._between(-(-hours.opens // self.step), hours.closes // self.step)
        row = bits
        for shift in range(1, steps):
            row &= bits >> shift
        return row

    def between_days(self, first: float, last: float) -> int:
        """Every step of the days from `first` to `last` inclusive."""
        low, high = max(0, int(first)), min(self.days, int(last) + 1)
        return self._between(low * self.per_day, high * self.per_day)

    def between(self, first: int, last: int) -> int:
        """Every step from `first` to `last` inclusive."""
        return self._between(max(first, 0), last + 1)

    def _between(self, low: int, high: int) -> int:
        return ((1 << (high - low)) - 1) << low if high > low else 0

    def after(self, row: int, low: int | None, high: int | None) -> int:
        """Every step that lies `low` to `high` steps after one of the row's; None is no bound."""
        return _widened(row, low, high, self.days * self.per_day)

    def days_after(self, row: int, low: int | None, high: int | None) -> int:
        """Every step on a day that lies `low` to `high` days after one of the row's."""
        return self._whole_days(_widened(self._on_days(row), low, high, self.days))

    def _on_days(self, row: int) -> int:
        """One bit for each day on which the row has a start."""
        if not row:
            return 0
        size, empty = self.per_day // 8, bytes(self.per_day // 8)
        first, last = _ends(row, self.per_day)
        raw = (row >> (first * self.per_day)).to_bytes(size * (last - first + 1), "little")
        found = 0
        for day in range(last - first + 1):
            if raw[day * size : (day + 1) * size] != empty:
                found |= 1 << day
        return found << first

    def _whole_days(self, days: int) -> int:
        """Every step of the days whose bits are set."""
        if not days:
            return 0
        size = self.per_day // 8
        full, empty = b"\xff" * size, bytes(size)
        first, last = _ends(days, 1)
        pieces = [full if days >> day & 1 else empty for day in range(first, last + 1)]
        return int.from_bytes(b"".join(pieces), "little") << (first * self.per_day)


def _ends(row: int, width: int) -> tuple[int, int]:
    """The first and last stretch of `width` bits that has one set."""
    return ((row & -row).bit_length() - 1) // width, (row.bit_length() - 1) // width


def _widened(row: int, low: int | None, high: int | None, size: int) -> int:
    """Every bit `low` to `high` after one of the row's, by doubling; None is no bound."""
    low = -size if low is None else low
    high = size if high is None else high
    if not row or high < low:
        return 0
    width, done, found = high - low + 1, 1, row
    while done < width:
        by = min(done, width - done)
        found |= found << by
        done += by
    shifted = found << low if low >= 0 else found >> -low
    return shifted & ((1 << size) - 1)
