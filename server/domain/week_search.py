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

MOST_WORK = 1_500_000
"""When a search gives up, in steps of about a microsecond; counted, so that it is the same on
every computer."""
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
        self.start, self.work = start, 0
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
        self.arcs: dict[str, list[Arc]] = {code: [] for code in self.visits}
        for arc in _arcs(self.visits, self.rows.step):
            self.arcs[arc.anchor].append(arc)
            self.arcs[arc.visit].append(arc)
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
        self.work, starts = 0, dict(self.starts)
        if weekday is not None:
            day = self.rows.first_day + weekday
            starts[self.start] &= self.rows.between_days(day, day)
        return (
            all(starts.values())
            and self._narrow(starts, set(starts))
            and self._search(starts, frozenset())
        )

    def _narrow(self, starts: dict[str, int], changed: set[str]) -> bool:
        """Drops every start that some window leaves without a partner, going out from the visits
        that changed, until none is left to drop. False where a visit is left without any."""
        waiting = {arc: None for code in changed for arc in self.arcs[code]}
        while waiting:
            arc = next(iter(waiting))
            del waiting[arc]
            for code in self._along(arc, starts):
                if not starts[code]:
                    return False
                waiting |= dict.fromkeys(each for each in self.arcs[code] if each != arc)
        return True

    def _along(self, arc: Arc, starts: dict[str, int]) -> list[str]:
        """Narrows both ends of one window; which of them changed."""
        self._count(30 + self.rows.per_day * self.rows.days // 180)
        after = self.rows.after if arc.unit is WindowUnit.HOURS else self.rows.days_after
        there, here = starts[arc.visit], starts[arc.anchor]
        starts[arc.visit] &= after(here, arc.low, arc.high)
        starts[arc.anchor] &= after(starts[arc.visit], _minus(arc.high), _minus(arc.low))
        changed = [arc.visit] if starts[arc.visit] != there else []
        return [*changed, arc.anchor] if starts[arc.anchor] != here else changed

    def _count(self, work: int) -> None:
        self.work += work
        if self.work > MOST_WORK:
            raise TooLong

    def _search(self, starts: dict[str, int], placed: frozenset[str]) -> bool:
        """Places one visit after the other, the one with the fewest starts left first."""
        loose = [code for code in starts if code not in placed]
        if not loose:
            return True
        code = min(loose, key=lambda each: starts[each].bit_count())
        left = starts[code]
        while left:
            at = (left & -left).bit_length() - 1
            left &= left - 1
            tried = {**starts, code: 1 << at}
            changed = self._place(tried, code, at) | {code}
            narrowed = all(tried.values()) and self._narrow(tried, changed)
            if narrowed and self._search(tried, placed | {code}):
                return True
        return False

    def _place(self, starts: dict[str, int], code: str, at: int) -> set[str]:
        """Takes the other visits off this one's time, and off its day where they must be; which of
        them lost starts by it."""
        one, day, changed = self.visits[code], at // self.rows.per_day, set()
        self._count(len(self.visits) * (15 + self.rows.per_day * self.rows.days // 2000))
        for other in self.visits.values():
            taken = self.rows.between_days(day, day) if keeps_apart(one, other) else 0
            taken |= self._overlap(one, other, at)
            if other.code != code and starts[other.code] & taken:
                starts[other.code] &= ~taken
                changed.add(other.code)
        return changed

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
