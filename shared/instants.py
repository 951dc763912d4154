"""Aware datetimes in and out of text (RFC 3339), and the zones they are read in.

Everything here raises ValueError with a sentence fit for the person who typed it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

FIRST_YEAR, LAST_YEAR = 1900, 2199
DAY_MINUTES = 24 * 60

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_SHOWN = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class WallTime:
    """The instant a clinic's clock shows a time. `moved` where that time is skipped that day,
    `repeated` where it comes twice."""

    at: datetime
    moved: bool = False
    repeated: bool = False


def read_instant(text: str) -> datetime:
    """An RFC 3339 date and time with its offset: "2027-05-14T14:00:00-04:00".

    Seconds may be left out; at most six decimals. Raises ValueError for anything else, a time
    without an offset and years outside 1900 to 2199 among it.
    """
    match = _RFC_3339.fullmatch(text)
    if match is None:
        raise ValueError(f"{_shown(text)} is not a date and time like 2027-05-14T14:00:00-04:00.")
    if match["offset"] is None:
        raise ValueError(f"{_shown(text)} says no offset from UTC, such as -04:00 or Z.")
    return check_instant(_parsed(text))


def check_instant(at: datetime) -> datetime:
    """The same instant. Raises ValueError where it has no offset or an unbelievable year."""
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} says no offset from UTC, such as -04:00 or Z.")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"The year {at.year} is not from {FIRST_YEAR} to {LAST_YEAR}.")
    return at


def write_instant(at: datetime) -> str:
    """RFC 3339 text with the instant's own offset. Raises ValueError without one."""
    return check_instant(at).isoformat()


def read_date(text: str) -> date:
    """A date as "2027-05-14". Raises ValueError for anything else."""
    if _DATE.fullmatch(text) is None:
        raise ValueError(f"{_shown(text)} is not a date like 2027-05-14.")
    on = _parsed(text).date()
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise ValueError(f"The year {on.year} is not from {FIRST_YEAR} to {LAST_YEAR}.")
    return on


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name ("America/New_York"). Raises ValueError for any other."""
    if name not in _zone_names():
        raise ValueError(f"{_shown(name)} is not a time zone like America/New_York.")
    return ZoneInfo(name)


def wall_time(on: date, minutes: int, zone: ZoneInfo, *, later: bool = False) -> WallTime:
    """The instant (in `zone`) at which a clinic's clock shows `minutes` after midnight of a date.

    A skipped time moves forward by the length of the gap, and `moved` says so. A repeated time is
    the first of the two, or the second with `later`. 1440 is the next midnight; ValueError beyond.
    """
    if not 0 <= minutes <= DAY_MINUTES:
        raise ValueError(f"{minutes} minutes after midnight is not from 0 to {DAY_MINUTES}.")
    wall = datetime.combine(on, time()) + timedelta(minutes=minutes)
    first, second = (_instant(wall, zone, fold) for fold in (0, 1))
    if first.replace(tzinfo=None) != wall:
        return WallTime(at=first, moved=True)
    repeated = first.astimezone(UTC) < second.astimezone(UTC)
    return WallTime(at=second if repeated and later else first, repeated=repeated)


@cache
def _zone_names() -> frozenset[str]:
    """Every name that means the same on each machine."""
    return frozenset(available_timezones()) - {"localtime", "Factory"}


def _instant(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    """By way of UTC, so that a skipped time comes out as what the clock shows instead."""
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone)


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        raise ValueError(f"{_shown(text)} is not a date and time that exists.") from None


def _shown(text: str) -> str:
    """What was typed, printable and short."""
    kept = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."
    return repr(kept)
