"""Best-first search for one series: exact eliminations, and clashes forbidden where they appear.

An elimination never costs more than any plan, because it knows all relations and only overlooks
clashes. So the first answer without a clash, cheapest first, is the best plan; and where all
answers run out, there is no plan.
"""

import heapq
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import count, product

import numpy as np

from server.domain.placement import Placement, SeriesPlan
from server.planner.axis import IntArray
from server.planner.branches import Branch, Solved, Way, least_wanted, solved
from server.planner.conflicts import Inspection, Inspector
from server.planner.minima import IMPOSSIBLE
from server.planner.needs import claimed_choices
from server.planner.options import BoolArray, Chosen, OptionFinder, merged
from server.planner.problem import Problem

Wanted = Callable[[Chosen, IntArray], BoolArray]
"""Which starts (atoms) of the leading visit are wanted, under the kept choices given."""
Item = Way | Branch | Solved | SeriesPlan


class Search:
    """All questions about the plans of one problem; what has been worked out is kept."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._finder = OptionFinder(problem)
        self._whole: dict[int, Solved | None] = {}
        self._inspectors: dict[int, Inspector] = {}

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """All ways to make the kept choices that visits to place claim, cheapest first."""
        claimed = {name for visit in self.problem.visits for name in claimed_choices(visit)}
        names = sorted(claimed & self.problem.kept)
        candidates = [self.problem.series.candidates.get(name, ()) for name in names]
        chosen = [dict(zip(names, way, strict=True)) for way in product(*candidates)]
        return tuple(sorted(map(self._way, chosen), key=lambda way: way.cost))

    def _way(self, kept: Chosen) -> Way:
        series, weights = self.problem.series, self.problem.weights
        not_first = sum(who != series.candidates[name][0] for name, who in kept.items())
        changed = sum(series.held_choices.get(name, who) != who for name, who in kept.items())
        cost = weights.not_first_choice * not_first + weights.kept_choice_changed * changed
        return Way(kept=kept, cost=cost)

    def best(self, wanted: Wanted) -> SeriesPlan | None:
        """The cheapest plan whose leading visit starts as wanted, or None."""
        order = count()
        heap: list[tuple[int, int, int, Item]] = []
        for way in self.ways:
            heapq.heappush(heap, (self._at_least(way, wanted), 0, next(order), way))
        while heap and heap[0][0] < IMPOSSIBLE:
            bound, _, _, item = heapq.heappop(heap)
            if isinstance(item, SeriesPlan):
                return item
            for cost, depth, more in self._opened(item, bound, wanted):
                heapq.heappush(heap, (cost, -depth, next(order), more))
        return None

    def _at_least(self, way: Way, wanted: Wanted) -> int:
        """A bound on all plans with these kept choices, from a series that need not keep them."""
        if self._unkept is None:
            return IMPOSSIBLE
        lead = self._unkept.lead
        return way.cost + least_wanted(lead, wanted(way.kept, lead.atom))[0]

    @cached_property
    def _unkept(self) -> Solved | None:
        """The whole problem, but every visit may make the kept choices anew."""
        options = {
            visit: merged([self._finder.options(visit, way.kept) for way in self.ways])
            for visit in range(len(self.problem.visits))
        }
        anew = Branch(way=Way(kept={}, cost=0), relations=self.problem.relations)
        return solved(self.problem, anew, options) if self.ways else None

    def _opened(
        self, item: Way | Branch | Solved, bound: int, wanted: Wanted
    ) -> Iterator[tuple[int, int, Item]]:
        """What follows from an item: (bound, depth, item)."""
        if isinstance(item, Solved):
            yield from self._answered(item, bound, wanted)
            return
        found = self._solved_way(item) if isinstance(item, Way) else self._solve(item)
        if found is not None:
            cost, _ = least_wanted(found.lead, wanted(found.branch.way.kept, found.lead.atom))
            yield max(bound, cost), found.branch.depth, found

    def _solved_way(self, way: Way) -> Solved | None:
        if id(way) not in self._whole:
            branch = Branch(way=way, relations=self.problem.relations)
            self._whole[id(way)] = self._solve(branch)
        return self._whole[id(way)]

    def _solve(self, branch: Branch) -> Solved | None:
        visits = range(len(self.problem.visits))
        options = {visit: self._finder.options(visit, branch.way.kept) for visit in visits}
        return solved(self.problem, branch, options)

    def _answered(
        self, item: Solved, bound: int, wanted: Wanted
    ) -> Iterator[tuple[int, int, Item]]:
        """The plan, if the best answer of a branch is one; otherwise the branch split."""
        branch = item.branch
        inspector = self._inspector(branch.way)
        times = self._times(item, inspector, wanted)
        seen = inspector.inspect(times)
        open_clash = next((each for each in seen.clashes if not each.settled(branch.pinned)), None)
        if open_clash is not None:
            yield from ((bound, each.depth, each) for each in branch.split(open_clash))
        elif all(each.extra is not None for each in seen.clashes):
            cost = bound + sum(each.extra or 0 for each in seen.clashes)
            yield cost, branch.depth, self._plan(branch.way, times, seen, cost)

    def _inspector(self, way: Way) -> Inspector:
        if id(way) not in self._inspectors:
            self._inspectors[id(way)] = Inspector(self.problem, self._finder, way.kept)
        return self._inspectors[id(way)]

    def _times(self, item: Solved, inspector: Inspector, wanted: Wanted) -> dict[int, int]:
        """The starts (atoms) of every visit in a branch's best answer."""
        times: dict[int, int] = {}

        def prefer(visit: int, atoms: IntArray) -> int:
            return inspector.prefer(visit, atoms, times)

        _, place = least_wanted(item.lead, wanted(item.branch.way.kept, item.lead.atom))
        for part in item.parts:
            if part.root != self.problem.lead:
                tied = np.flatnonzero(part.cost == part.cost.min())
                place = int(tied[prefer(part.root, part.total.atom[tied])])
            part.collect(place, times, prefer)
        return times

    def _plan(self, way: Way, times: dict[int, int], seen: Inspection, cost: int) -> SeriesPlan:
        placements = tuple(
            Placement(
                visit=visit.code,
                starts_at=self.problem.axis.instant(times[n]),
                choices=seen.choices[n],
            )
            for n, visit in enumerate(self.problem.visits)
        )
        return SeriesPlan(placements=placements, choices=way.kept, cost=cost)
