"""How far a series can reach: the last day any of its visits could fall on."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from server.domain import windows
from server.domain.calendars import DAY_MINUTES
from server.domain.protocols import VisitDefinition, Window
from shared.vocabulary import WindowUnit

OPEN_ENDED_DAYS = 28
"""How far past its opening an unbounded window is looked at."""


def days_after(visits: Iterable[VisitDefinition]) -> int:
    """Days from the earliest visit of the series to its latest possible one.

    Follows every window from anchor to visit as far as it goes, each visit once.
    """
    visits = list(visits)
    latest = dict.fromkeys((visit.code for visit in visits), 0)
    for _ in visits:  # at most one round a visit until nothing changes
        changed = False
        for visit in visits:
            reach = max((_reach(window, latest) for window in visit.windows), default=0)
            if reach > latest[visit.code] and reach <= _LIMIT:
                latest[visit.code], changed = reach, True
        if not changed:
            break
    return max(latest.values(), default=0) + _before(visits)


def last_day(visits: Iterable[VisitDefinition], stands: Mapping[str, date]) -> date | None:
    """The last date on which any of the visits can fall while those in `stands` stay where they
    are; None where no window holds one of them back."""
    visits = list(visits)
    latest = last_days(visits, stands)
    if any(visit.code not in latest for visit in visits):
        return None
    return max(latest.values(), default=None)


def last_days(visits: Iterable[VisitDefinition], stands: Mapping[str, date]) -> Mapping[str, date]:
    """The same for each visit by its code; without those that no window holds back."""
    known = {visit.code: visit for visit in visits}
    latest, free = dict(stands), [visit for visit in known.values() if visit.code not in stands]
    for _ in free:  # at most one round a visit, as each is held back by one before it
        for visit in free:
            bounds = [*_bounds(visit, known, latest), *_already(visit, latest)]
            if bounds:
                latest[visit.code] = min(bounds)
    return latest


def _already(visit: VisitDefinition, latest: Mapping[str, date]) -> Iterable[date]:
    return [latest[visit.code]] if visit.code in latest else []


def _bounds(
    visit: VisitDefinition, known: Mapping[str, VisitDefinition], latest: Mapping[str, date]
) -> Iterable[date]:
    for window in visit.windows:
        anchor, closes = known.get(window.anchor), window.closes
        if anchor is None or closes is None or window.anchor not in latest:
            continue
        later = windows.edge_minutes(anchor, window.edge) // DAY_MINUTES + 1
        if _days(window, closes) <= _LIMIT:
            yield latest[window.anchor] + timedelta(days=_days(window, closes) + later)


_LIMIT = 800


def _reach(window: Window, latest: dict[str, int]) -> int:
    if window.anchor not in latest:
        return 0
    return latest[window.anchor] + _days(window, _far(window))


def _far(window: Window) -> float:
    if window.closes is not None:
        return window.closes
    steps = 1.0 if window.unit is WindowUnit.DAYS else 24.0
    return max(window.opens or 0.0, window.target or 0.0, 0.0) + OPEN_ENDED_DAYS * steps


def _days(window: Window, amount: float) -> int:
    return math.ceil(amount if window.unit is WindowUnit.DAYS else amount / 24 + 1)


def _before(visits: list[VisitDefinition]) -> int:
    """Days that visits counted backwards may lie before their anchor."""
    opens = [
        -_days(window, window.opens)
        for visit in visits
        for window in visit.windows
        if window.opens is not None and window.opens < 0
    ]
    return max([0, *opens])
