"""Weekdays and clock times as people write them: "mon-fri", "08:30"."""

import re
from collections.abc import Iterable
from enum import StrEnum

from shared.instants import DAY_MINUTES

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_LONG_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_WANTED = "weekdays such as mon-fri or mon wed fri, each once"


class Weekday(StrEnum):
    """A day of the week; Monday is the first, with number 0."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WEEK = tuple(Weekday)


def numbers(days: Iterable[Weekday]) -> tuple[int, ...]:
    """Weekdays as numbers with Monday 0, in order."""
    return tuple(sorted(WEEK.index(day) for day in days))


def read_days(text: str) -> tuple[int, ...]:
    """Weekdays with Monday 0, from "mon-fri", "mon wed fri" or a mixture. ValueError otherwise."""
    found: list[int] = []
    for word in re.split(r"[\s,;/]+", text.strip().casefold()):
        first, _, last = word.partition("-")
        found += range(_number(first), _number(last or first) + 1)
    if not found or len(set(found)) < len(found):
        raise ValueError(_DAYS_WANTED)
    return tuple(sorted(found))


def write_days(days: Iterable[int]) -> str:
    """The same, as words."""
    return " ".join(WEEK[day] for day in sorted(days))


def read_clock(text: str) -> int:
    """Minutes after midnight, from "08:30"; "24:00" is the end of the day. ValueError otherwise."""
    match = _CLOCK.fullmatch(text.strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not match or int(match[2]) > 59 or minutes > DAY_MINUTES:
        raise ValueError("a time such as 08:30, up to 24:00")
    return minutes


def write_clock(minutes: int) -> str:
    """The same, as text."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _number(word: str) -> int:
    for number, name in enumerate(_LONG_NAMES):
        if len(word) >= 3 and name.startswith(word):
            return number
    raise ValueError(_DAYS_WANTED)
