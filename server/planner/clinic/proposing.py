"""The best plans of one series after the other, each alone on the same calendar, by compiled code.

The same answers as `place.best_plans` gives, which is asked where compiled code cannot tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from server.domain.placement import SeriesPlan
from server.planner.calendar import Shelf
from server.planner.clinic.in_days import by_days_where_dear
from server.planner.clinic.insertion import NO_PLACE, PLACED, insert_in_ways
from server.planner.clinic.layout import Layout, lay_out
from server.planner.clinic.room import give_up
from server.planner.clinic.starts import IMPOSSIBLE
from server.planner.completely import Completely
from server.planner.demand import ClinicDemand
from server.planner.halves import late_starts
from server.planner.patience import CannotTell

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """A plan with what a person sees first in it: the day on which it begins, in which way the kept
    choices are made, and whether it begins in the second half of the day."""

    plan: SeriesPlan
    day: int
    way: int
    late: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which starts of the leading visit are welcome (atoms), and which way to make the choices is
    not."""

    starts: BoolArray
    not_way: int = -1


class Proposer:
    """Lays all series out once, then answers for one at a time."""

    def __init__(
        self,
        demand: ClinicDemand,
        shelf: Shelf | None = None,
        completely: Completely | None = None,
    ) -> None:
        self._demand, self._completely = demand, completely or Completely()
        self._layout: Layout | None = None
        if demand.demands:
            self._layout = by_days_where_dear(lay_out(demand, shelf=shelf))

    def warm_up(self) -> None:
        """Read the compiled code, which takes a moment, before anybody asks."""
        if self._demand.demands:
            self.best_plans(0, 1)

    def best_plans(self, number: int, count: int) -> list[SeriesPlan]:
        """As `place.best_plans` for the series with this number. Raises Late where even the
        complete search and CP-SAT take minutes."""
        assert self._layout is not None
        if number not in self._layout.complete:
            try:
                return _Ranking(self._layout, number).ranked(count)
            except CannotTell:
                pass
        return self._completely.best_plans(self._demand, number, count)


class _Ranking:
    """All questions about the plans of one series."""

    def __init__(self, layout: Layout, number: int) -> None:
        self._layout, self._number = layout, number
        self._row = layout.clinic.series[number]
        self._room, self._desk = layout.shared_room, layout.shared_desk
        self._lead = int(self._row["visit_from"] + self._row["lead"])
        self._everywhere = np.ones(layout.axis.atoms, dtype=bool)
        lead = layout.rows.visits[number][self._row["lead"]]
        self._late = late_starts(layout.axis, lead, np.arange(layout.axis.atoms))

    def ranked(self, count: int) -> list[SeriesPlan]:
        """The best first, then up to `count` of other characters, cheapest first."""
        best = self._best(Wanted(self._everywhere))
        if best is None or count < 1:
            return []
        found = [best]
        if count > 1:
            found += self._others(best)[: count - 1]
        while 1 < count != len(found):
            more = self._unlike(found)
            if more is None:
                break
            found.append(more)
        others = sorted((each.plan for each in found[1:]), key=lambda plan: plan.cost)
        return [best.plan, *others]

    def _others(self, best: Found) -> list[Found]:
        """The best of each other kind, cheapest first, no character twice."""
        kinds = [each for each in map(self._best, self._kinds(best)) if each is not None]
        kept: list[Found] = []
        for each in sorted(kinds, key=lambda found: found.plan.cost):
            if not any(_alike(each, other) for other in (best, *kept)):
                kept.append(each)
        return kept

    def _kinds(self, best: Found) -> Iterator[Wanted]:
        day_of = self._layout.axis.day_of
        yield Wanted(day_of != best.day)
        yield Wanted(self._everywhere, not_way=best.way)
        yield Wanted(self._late != best.late)

    def _unlike(self, seen: list[Found]) -> Found | None:
        """The best of a character not seen yet."""
        day_of = self._layout.axis.day_of
        best: Found | None = None
        for way in range(len(self._layout.rows.ways[self._number])):
            starts = self._everywhere.copy()
            for each in seen:
                if each.way == way:
                    starts &= (day_of != each.day) | (self._late != each.late)
            limit = IMPOSSIBLE if best is None else best.plan.cost
            best = self._placed(starts, way, way + 1, limit) or best
        return best

    def _best(self, wanted: Wanted) -> Found | None:
        ways = len(self._layout.rows.ways[self._number])
        stretches = [(0, ways)]
        if wanted.not_way >= 0:
            stretches = [(0, wanted.not_way), (wanted.not_way + 1, ways)]
        best: Found | None = None
        for first, last in stretches:
            limit = IMPOSSIBLE if best is None else best.plan.cost
            best = self._placed(wanted.starts, first, last, limit) or best
        return best

    def _placed(self, starts: BoolArray, first: int, last: int, limit: int) -> Found | None:
        """The best with the leading visit at some starts and the choices made in some ways."""
        clinic, begin = self._layout.clinic, self._row["way_from"]
        mask = int(clinic.visits[self._lead]["mask"])
        clinic.masks[-1] = starts if mask < 0 else starts & clinic.masks[mask].astype(bool)
        clinic.visits[self._lead]["mask"] = len(clinic.masks) - 1
        ways = begin + first, begin + last
        found = insert_in_ways(clinic, self._room, self._desk, self._number, limit, *ways)
        clinic.visits[self._lead]["mask"] = mask
        if found not in {PLACED, NO_PLACE}:
            give_up(clinic, self._room, self._number)
            raise CannotTell
        return self._taken() if found == PLACED else None

    def _taken(self) -> Found:
        """Read the plan, and give its places back."""
        layout, room = self._layout, self._room
        atom = int(room.places[self._lead]["start"])
        way = int(room.standing[self._number]["way"])
        plan = layout.plan(room, self._number)
        give_up(layout.clinic, room, self._number)
        return Found(plan, int(layout.axis.day_of[atom]), way, bool(self._late[atom]))


def _alike(one: Found, other: Found) -> bool:
    return replace(one, plan=other.plan) == other
