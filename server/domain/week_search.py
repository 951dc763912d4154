"""Can a series be placed at all in a clinic's opening hours? An exact search, ignoring capacity.

Time is a row of bits, one for each step of the clinic's clock, day after day; a visit's possible
starts are one such row. Windows widen and narrow whole rows at once, and a search over what is left
decides. Opening hours repeat weekly and no clock is changed, so only the first week's starts of the
series need be tried.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from server.domain.bit_rows import Rows
from server.domain.booking_spacing import keeps_apart
from server.domain.calendars import WeeklyHours
from server.domain.spacing_graph import day_bounds, reach_of_days, ring
from server.domain.visit_definitions import VisitDefinition, Window
from shared.vocabulary import Edge, WindowUnit

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
    low: int | None
    high: int | None


class Search:
    """One series laid out on rows of bits. `opening` [] means always open. Raises TooLong."""

    def __init__(
        self, visits: Sequence[VisitDefinition], start: str, opening: Sequence[WeeklyHours]
    ) -> None:
        self.visits = {visit.code: visit for visit in visits}
        self.start, self.tried = start, 0
        self.starts: dict[str, int] = {}
        if not ring(self.visits, day_bounds(visits)):
            self._lay_out(opening)

    def _lay_out(self, opening: Sequence[WeeklyHours]) -> None:
        visits = list(self.visits.values())
        earliest, latest = reach_of_days(visits, self.start)
        first_day = -int(min(earliest.values()))
        days = first_day + 7 + int(max(latest.values())) + 1
        if days > LONGEST_DAYS:
            raise TooLong
        self.rows = Rows(_step(visits, opening), days, first_day)
        self.arcs = list(_arcs(self.visits, self.rows.step))
        lengths = {visit.minutes for visit in visits}
        open_for = {minutes: self.rows.starts(opening, minutes) for minutes in lengths}
        for code, visit in self.visits.items():
            within = first_day + earliest[code], first_day + 6 + latest[code]
            self.starts[code] = open_for[visit.minutes] & self.rows.between_days(*within)

    def feasible(self, weekday: int | None = None) -> bool:
        """Is there a time for every visit, the first on a weekday (0 Monday) if one is given?

        Raises TooLong.
        """
        if not self.starts:
            return False
        self.tried, starts = 0, dict(self.starts)
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
        starts[arc.anchor] &= after(starts[arc.visit], _minus(arc.high), _minus(arc.low))
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
    low, high = window.opens, window.closes
    per, offset = 1.0, 0.0
    if window.unit is WindowUnit.HOURS:
        per = 60 / step
        offset = anchor.patient_minutes[1] / step if window.edge is Edge.END else 0.0
    return Arc(
        anchor.code,
        visit.code,
        window.unit,
        None if low is None else math.ceil(round(low * per + offset, 6)),
        None if high is None else math.floor(round(high * per + offset, 6)),
    )


def _minus(bound: int | None) -> int | None:
    return None if bound is None else -bound
