"""The clinic's local clock, read exactly.

Python compares and subtracts two datetimes of one zone by their wall clock, which is an hour wrong
around a clock change. So the rules compare instants in UTC and read dates and hours from here.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1970, 2199
_LONGEST_STEP = timedelta(hours=12)
_SECOND = timedelta(seconds=1)


def utc(at: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a time without a zone."""
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC)


def is_instant(at: datetime) -> bool:
    """True for a time with a zone in a believable year (1970 to 2199)."""
    return FIRST_YEAR <= at.year <= LAST_YEAR and at.utcoffset() is not None


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The date on the clinic's calendar at an instant."""
    return at.astimezone(zone).date()


def minute_of_day(at: datetime, zone: ZoneInfo) -> float:
    """Minutes after midnight on the clinic's clock face, seconds as a fraction: 0 <= m < 1440."""
    clock = at.astimezone(zone)
    return clock.hour * 60 + clock.minute + clock.second / 60 + clock.microsecond / 60_000_000


def moments(on: date, minutes: int, zone: ZoneInfo) -> list[datetime]:
    """Every instant (UTC) at which the clinic's clock shows `minutes` after midnight of a date.

    None inside a skipped hour, two inside a repeated one. 1440 is the next midnight.
    """
    wall = datetime.combine(on, time()) + timedelta(minutes=minutes)
    found = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in found if at.astimezone(zone).replace(tzinfo=None) == wall)


def agreed(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the wall shows what was agreed, by the rules the zone has now.

    The offset that `wall` had tells which of two equal times was meant. In a skipped hour it is the
    moment after.
    """
    shown = wall.replace(tzinfo=None)
    both = [shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return utc(wall) if utc(wall) in both else both[0]


def clock_changes(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Instants (UTC) in (start, end] at which the clinic's clock is put forward or back."""
    at = start
    while at < end:
        step = min(at + _LONGEST_STEP, end)
        if _offset(at, zone) != _offset(step, zone):
            yield _change_between(at, step, zone)
        at = step


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second with the later offset, by halving."""
    old, low = _offset(before, zone), before.replace(microsecond=0)
    high = after if not after.microsecond else after.replace(microsecond=0) + _SECOND
    while high - low > _SECOND:
        middle = low + timedelta(seconds=int((high - low) / _SECOND) // 2)
        low, high = (middle, high) if _offset(middle, zone) == old else (low, middle)
    return high


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
