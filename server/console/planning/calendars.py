"""A plan as a calendar: how many visits each day has, week under week."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

LEVELS = 5
"""Shades of a day, from one visit to the most that any day has."""
MOST_WEEKS = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day of the calendar; `otherwise` where the other plan has another number."""

    on: date
    visits: int
    level: int
    otherwise: bool


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A plan's weeks; all calendars of a page have the same ones."""

    title: str
    weeks: tuple[tuple[Day, ...], ...]


def side_by_side(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Calendar]:
    """One calendar, or two of the same weeks."""
    counted = [("Changed" if before else "Found", Counter(_days(after)))]
    if before:
        counted.insert(0, ("As it is", Counter(_days(before))))
    days = {day for _, each in counted for day in each}
    if not days:
        return []
    most = max(many for _, each in counted for many in each.values())
    first = min(days) - timedelta(days=min(days).weekday())
    weeks = min(MOST_WEEKS, (max(days) - first).days // 7 + 1)
    width = 7 if any(day.weekday() > 4 for day in days) else 5
    return [
        Calendar(
            title=title,
            weeks=tuple(
                tuple(
                    _day(first + timedelta(days=7 * n + each), found, counted, most)
                    for each in range(width)
                )
                for n in range(weeks)
            ),
        )
        for title, found in counted
    ]


def _days(plan: Mapping[str, Any]) -> Iterator[date]:
    """The day of each visit, on the clock it was planned on."""
    for series in plan["series"]:
        for visit in series["visits"]:
            yield datetime.fromisoformat(visit["starts_at"]).date()


def _day(on: date, found: Counter[date], all_: list[tuple[str, Counter[date]]], most: int) -> Day:
    visits = found[on]
    return Day(
        on=on,
        visits=visits,
        level=-(-LEVELS * visits // most) if most else 0,
        otherwise=any(each[on] != visits for _, each in all_),
    )
