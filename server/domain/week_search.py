"""Can a series be placed at all in a clinic's opening hours? An exact search, ignoring capacity.

Time is a row of bits, one for each step of the clinic's clock, day after day; a visit's possible
starts are one such row. Windows widen and narrow whole rows at once, and a search over what is left
decides. Opening hours repeat weekly and no clock is changed, so only the first week's starts of the
series need be tried.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from server.domain.bit_rows import Rows
from server.domain.booking_spacing import keeps_apart
from server.domain.calendars import WeeklyHours
from server.domain.spacing_graph import day_bounds, reach_from, turned
from server.domain.visit_definitions import VisitDefinition, Window
from shared.vocabulary import Edge, WindowUnit

SPARE_DAYS = 28
"""How far past its opening an unbounded window is searched."""
MOST_TRIES = 4000
LONGEST_DAYS = 1500


class TooLong(Exception):
    """The series is too long, or too knotted, for the search to end in time."""


@dataclass(frozen=True)
class Arc:
    """A window in steps or days between the starts of two visits."""

    anchor: str
    visit: str
    unit: WindowUnit
    low: int
    high: int


class Search:
    """One series laid out on rows of bits. `opening` [] means always open. Raises TooLong."""

    def __init__(
        self, visits: Sequence[VisitDefinition], start: str, opening: Sequence[WeeklyHours]
    ) -> None:
        self.visits = {visit.code: _closed(visit) for visit in visits}
        self.start = start
        earliest, latest = _reach(list(self.visits.values()), start)
        first_day = -int(min(earliest.values()))
        days = first_day + 7 + int(max(latest.values())) + 1
        if days > LONGEST_DAYS:
            raise TooLong
        self.rows = Rows(_step(self.visits.values(), opening), days, first_day)
        lengths = {visit.minutes for visit in self.visits.values()}
        open_for = {minutes: self.rows.starts(opening, minutes) for minutes in lengths}
        self.starts = {
            code: open_for[visit.minutes]
            & self.rows.between_days(first_day + earliest[code], first_day + 6 + latest[code])
            for code, visit in self.visits.items()
        }
        self.arcs = list(_arcs(self.visits, self.rows.step))
        self.tried = 0

    def feasible(self, weekday: int | None = None) -> bool:
        """Is there a time for every visit, the first on a weekday (0 Monday) if one is given?

        Raises TooLong.
        """
        self.tried = 0
        starts = dict(self.starts)
        if weekday is not None:
            day = self.rows.first_day + weekday
            starts[self.start] &= self.rows.between_days(day, day)
        return self._narrow(starts) and self._search(starts, frozenset())

    def _narrow(self, starts: dict[str, int]) -> bool:
        """Drops every start that some window leaves without a partner, until none is left to drop.
        False where a visit is left without any."""
        changed = set(starts)
        while changed:
            touched: set[str] = set()
            for arc in self.arcs:
                if {arc.anchor, arc.visit} & (changed | touched):
                    touched |= self._along(arc, starts)
            if not all(starts.values()):
                return False
            changed = touched
        return all(starts.values())

    def _along(self, arc: Arc, starts: dict[str, int]) -> set[str]:
        after = self.rows.after if arc.unit is WindowUnit.HOURS else self.rows.days_after
        before = starts[arc.visit], starts[arc.anchor]
        starts[arc.visit] &= after(starts[arc.anchor], arc.low, arc.high)
        starts[arc.anchor] &= after(starts[arc.visit], -arc.high, -arc.low)
        now = starts[arc.visit], starts[arc.anchor]
        codes = (arc.visit, arc.anchor)
        return {code for code, old, new in zip(codes, before, now, strict=True) if old != new}

    def _search(self, starts: dict[str, int], placed: frozenset[str]) -> bool:
        """Places one visit after the other, the one with the fewest starts left first."""
        loose = [code for code in starts if code not in placed]
        if not loose:
            return True
        code = min(loose, key=lambda each: starts[each].bit_count())
        left = starts[code]
        while left:
            self.tried += 1
            if self.tried > MOST_TRIES:
                raise TooLong
            at = (left & -left).bit_length() - 1
            left &= left - 1
            tried = self._placed({**starts, code: 1 << at}, code, at)
            if self._narrow(tried) and self._search(tried, placed | {code}):
                return True
        return False

    def _placed(self, starts: dict[str, int], code: str, at: int) -> dict[str, int]:
        """Takes the other visits off this one's time, and off its day where they must be."""
        one, day = self.visits[code], at // self.rows.per_day
        for other in self.visits.values():
            if other.code != code:
                taken = self.rows.between_days(day, day) if keeps_apart(one, other) else 0
                starts[other.code] &= ~(taken | self._overlap(one, other, at))
        return starts

    def _overlap(self, one: VisitDefinition, other: VisitDefinition, at: int) -> int:
        """The starts of `other` at which the patient would be in two places."""
        (a, b), (c, d) = one.patient_minutes, other.patient_minutes
        step = self.rows.step
        return self.rows.between(at + (a - d) // step + 1, at - (c - b) // step - 1)


def _arcs(visits: Mapping[str, VisitDefinition], step: int) -> Iterator[Arc]:
    for visit in visits.values():
        for window in visit.windows:
            if window.anchor in visits:
                yield _arc(visit, window, visits[window.anchor], step)


def _closed(visit: VisitDefinition) -> VisitDefinition:
    return replace(visit, windows=tuple(_bounded(window) for window in visit.windows))


def _bounded(window: Window) -> Window:
    """An unbounded window ends `SPARE_DAYS` past its bound; opening hours repeat before that."""
    spare = SPARE_DAYS * (1 if window.unit is WindowUnit.DAYS else 24)
    opens, closes = window.opens, window.closes
    if closes is None:
        closes = max(opens or 0, window.target or 0, 0) + spare
    if opens is None:
        opens = min(closes, 0) - spare
    return replace(window, opens=opens, closes=closes)


def _reach(
    visits: Sequence[VisitDefinition], start: str
) -> tuple[dict[str, float], dict[str, float]]:
    """The first and last day of each visit, counted from the day the series starts."""
    codes, bounds = [visit.code for visit in visits], day_bounds(visits)
    latest = reach_from(start, codes, bounds)
    earliest = {code: -by for code, by in reach_from(start, codes, turned(bounds)).items()}
    return _finite(earliest), _finite(latest)


def _finite(reach: dict[str, float]) -> dict[str, float]:
    """A visit that hangs on nothing is looked for on the first day only."""
    return {code: by if math.isfinite(by) else 0.0 for code, by in reach.items()}


def _step(visits: Iterable[VisitDefinition], opening: Iterable[WeeklyHours]) -> int:
    """The coarsest step, a divisor of 15 minutes, on which nothing is lost by rounding."""
    marks = [15, *(m for hours in opening for m in (hours.opens, hours.closes))]
    for visit in visits:
        marks += [visit.minutes, *visit.patient_minutes]
        for window in visit.windows:
            if window.unit is WindowUnit.HOURS:
                marks += [round((bound or 0) * 60) for bound in (window.opens, window.closes)]
    return math.gcd(*marks)


def _arc(visit: VisitDefinition, window: Window, anchor: VisitDefinition, step: int) -> Arc:
    assert window.opens is not None  # see _bounded
    assert window.closes is not None
    if window.unit is WindowUnit.DAYS:
        low, high = math.ceil(window.opens), math.floor(window.closes)
    else:
        offset = anchor.patient_minutes[1] if window.edge is Edge.END else 0
        low = math.ceil((round(window.opens * 60) + offset) / step)
        high = math.floor((round(window.closes * 60) + offset) / step)
    return Arc(anchor.code, visit.code, window.unit, low, high)
