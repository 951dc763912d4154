"""The spacing of a protocol's visits as one system of inequalities, and what follows from it.

Every bound reads "B starts at most w after A". A ring of such bounds that adds up to less than
nothing cannot hold, whatever the calendar: the Bellman-Ford method finds it.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from server.domain.visit_definitions import VisitDefinition, Window
from shared.vocabulary import Edge, WindowUnit

INFINITE = math.inf
CLOCK_CHANGE_HOURS = 1
SPARE_DAYS = 28
"""How far past its opening a visit without any limit is looked for."""
Limits = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Bound:
    """`later` lies at most `by` after `earlier`."""

    earlier: str
    later: str
    by: float


def hour_bounds(visits: Sequence[VisitDefinition]) -> list[Bound]:
    """Between starts in elapsed hours; a window in days is taken as generously as it can be."""
    return _bounds(visits, _in_hours)


def day_bounds(visits: Sequence[VisitDefinition]) -> list[Bound]:
    """Between starts in clinic-local days; a window in hours as generously as it can be."""
    return _bounds(visits, _in_days)


def ring(codes: Iterable[str], bounds: Sequence[Bound]) -> list[str]:
    """The codes around a ring of bounds that cannot hold, or []."""
    reach = dict.fromkeys(codes, 0.0)
    before: dict[str, str] = {}
    last = ""
    for _ in reach:
        last = ""
        for bound in bounds:
            if reach[bound.earlier] + bound.by < reach[bound.later] - 1e-9:
                reach[bound.later] = reach[bound.earlier] + bound.by
                before[bound.later] = last = bound.earlier
        if not last:
            return []
    return _around(before, last) if last else []


def reach_from(start: str, codes: Iterable[str], bounds: Sequence[Bound]) -> dict[str, float]:
    """How late after `start` each visit can be at most; infinite without a limit. There must be
    no ring."""
    reach = dict.fromkeys(codes, INFINITE) | {start: 0.0}
    onward: dict[str, list[Bound]] = {code: [] for code in reach}
    for bound in bounds:
        onward[bound.earlier].append(bound)
    waiting = deque([start])
    while waiting:
        for bound in onward[waiting.popleft()]:
            by = reach[bound.earlier] + bound.by
            if by < reach[bound.later] - 1e-9:
                reach[bound.later] = by
                waiting.append(bound.later)
    return reach


def turned(bounds: Iterable[Bound]) -> list[Bound]:
    """The same bounds looked at backwards in time."""
    return [Bound(bound.later, bound.earlier, bound.by) for bound in bounds]


def reach_of_days(
    visits: Sequence[VisitDefinition], start: str
) -> tuple[dict[str, float], dict[str, float]]:
    """The first and the last day of each visit, counted from the day the series starts.

    A visit without any limit is given `SPARE_DAYS` past what it is counted from; one that hangs on
    nothing, the first day. There must be no ring.
    """
    codes, bounds = [visit.code for visit in visits], day_bounds(visits)
    spare = day_bounds([replace(v, windows=tuple(map(_spared, v.windows))) for v in visits])
    latest = _limited(reach_from(start, codes, bounds), bounds + spare)
    earliest = _limited(reach_from(start, codes, turned(bounds)), turned(bounds + spare))
    return {code: -by for code, by in earliest.items()}, latest


def _limited(reach: dict[str, float], bounds: Sequence[Bound]) -> dict[str, float]:
    """Gives the visits that are without a limit the most generous one that is near."""
    loose = {code for code, by in reach.items() if by == INFINITE}
    while loose:
        found: dict[str, float] = {}
        for bound in bounds:
            if bound.later in loose and bound.earlier not in loose:
                by = reach[bound.earlier] + bound.by
                found[bound.later] = max(by, found.get(bound.later, by))
        if not found:
            return reach | dict.fromkeys(loose, 0.0)
        reach = reach | found
        loose -= set(found)
    return reach


def _spared(window: Window) -> Window:
    spare = SPARE_DAYS * (1 if window.unit is WindowUnit.DAYS else 24)
    opens, closes = window.opens, window.closes
    if closes is None:
        closes = max(opens or 0, window.target or 0, 0) + spare
    if opens is None:
        opens = min(closes, 0) - spare
    return replace(window, opens=opens, closes=closes)


def _around(before: dict[str, str], code: str) -> list[str]:
    for _ in before:  # walk back far enough to be on the ring itself
        code = before.get(code, code)
    found = [code]
    while before.get(found[-1], code) != code:
        found.append(before[found[-1]])
    return found[::-1]


def _bounds(
    visits: Sequence[VisitDefinition], convert: Callable[[Window, float], Limits]
) -> list[Bound]:
    known = {visit.code: visit for visit in visits}
    found = []
    for visit in visits:
        for window in visit.windows:
            if window.anchor in known:
                low, high = convert(window, _offset(known[window.anchor], window))
                if high is not None:
                    found.append(Bound(window.anchor, visit.code, high))
                if low is not None:
                    found.append(Bound(visit.code, window.anchor, -low))
    return found


def _offset(anchor: VisitDefinition, window: Window) -> float:
    """Hours from the anchor's start to the edge its window counts from."""
    return anchor.patient_minutes[1] / 60 if window.edge is Edge.END else 0.0


def _in_hours(window: Window, offset: float) -> Limits:
    if window.unit is WindowUnit.HOURS:
        return _plus(window.opens, offset), _plus(window.closes, offset)
    wide = 24 + CLOCK_CHANGE_HOURS  # two starts a day apart differ by up to a day of 25 hours more
    low = None if window.opens is None else window.opens * 24 - wide
    high = None if window.closes is None else window.closes * 24 + wide
    return low, high


def _in_days(window: Window, offset: float) -> Limits:
    if window.unit is WindowUnit.DAYS:
        low = None if window.opens is None else math.ceil(window.opens)
        return low, None if window.closes is None else math.floor(window.closes)
    low_hours, high_hours = _plus(window.opens, offset), _plus(window.closes, offset)
    low = None if low_hours is None else math.floor((low_hours - CLOCK_CHANGE_HOURS) / 24)
    high = None if high_hours is None else math.ceil((high_hours + CLOCK_CHANGE_HOURS) / 24)
    return low, high


def _plus(bound: float | None, offset: float) -> float | None:
    return None if bound is None else bound + offset
