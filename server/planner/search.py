"""Best-first search for one series: exact eliminations, and clashes forbidden where they appear.

An elimination never costs more than any plan, because it knows all relations and only overlooks
clashes. So the first answer without a clash, cheapest first, is the best plan; and where all
answers run out, there is no plan.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count, product

import numpy as np

from server.domain.placement import Placement, SeriesPlan
from server.planner.axis import IntArray
from server.planner.branches import Branch, Solved, Way, solved
from server.planner.conflicts import Inspection, Inspector
from server.planner.free import BoolArray, Chosen
from server.planner.minima import IMPOSSIBLE
from server.planner.needs import claimed_choices
from server.planner.options import OptionFinder
from server.planner.problem import Problem

Wanted = Callable[[Chosen, IntArray], BoolArray]
"""Which starts (atoms) of the leading visit are wanted, under the kept choices given."""
FIRST_BAND_DAYS = 6
"""How many days' delay are looked at first; then twice as many, and so on."""
NOT_SOLVED = -1
ANYBODY = Way(kept={}, cost=0)


@dataclass(frozen=True, slots=True)
class Band:
    """All plans whose leading visit's own cost lies in one band, or in a later one."""

    number: int


Item = Band | Branch | Solved | SeriesPlan


class Search:
    """All questions about the plans of one problem; what has been worked out is kept."""

    def __init__(self, problem: Problem, first_band_days: int = FIRST_BAND_DAYS) -> None:
        self.problem = problem
        self._first_band_days = first_band_days
        self._finder = OptionFinder(problem)
        self._branches: dict[tuple[int, int], Branch] = {}
        self._solved: dict[int, Solved | None] = {}
        self._anew: dict[int, Solved | None] = {}
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
        heap: list[tuple[int, int, int, Item]] = [(0, 0, next(order), Band(0))]
        while heap and heap[0][0] < IMPOSSIBLE:
            bound, _, _, item = heapq.heappop(heap)
            if isinstance(item, SeriesPlan):
                return item
            for cost, depth, more in self._opened(item, bound, wanted):
                heapq.heappush(heap, (cost, -depth, next(order), more))
        return None

    @cached_property
    def _bands(self) -> list[tuple[int, int]]:
        """What the leading visit may cost by itself, cut into bands of growing width."""
        costs = self._finder.whoever(self.problem.lead).cost
        bands = []
        width = max(1, self._first_band_days * self.problem.weights.delay_day)
        while len(costs):
            low = int(costs.min())
            bands.append((low, low + width))
            costs = costs[costs >= low + width]
            width *= 2
        return bands

    def _opened(self, item: Item, bound: int, wanted: Wanted) -> Iterator[tuple[int, int, Item]]:
        """What follows from an item: (bound, depth, item). What is not solved yet comes last
        among items of one bound, having no depth."""
        if isinstance(item, Band):
            yield from self._opened_band(item.number, bound, wanted)
        elif isinstance(item, Solved):
            yield from self._answered(item, bound, wanted)
        elif isinstance(item, Branch):
            found = self._solve(item)
            if found is not None:
                cost, _ = self._least(found, item.way, wanted)
                yield max(bound, cost), item.depth, found

    def _opened_band(
        self, number: int, bound: int, wanted: Wanted
    ) -> Iterator[tuple[int, int, Item]]:
        """A branch for every way to make the kept choices, and the next band."""
        if number >= len(self._bands) or not self.ways:
            return
        low, high = self._bands[number]
        yield max(bound, high), NOT_SOLVED, Band(number + 1)
        anew = self._solve_anew(number) if len(self.ways) > 1 else None
        for way in self.ways if anew or len(self.ways) == 1 else ():
            cost = way.cost + (self._least(anew, way, wanted)[0] if anew else low)
            yield max(bound, cost), NOT_SOLVED, self._branch(way, number)

    def _branch(self, way: Way, band: int) -> Branch:
        key = id(way), band
        if key not in self._branches:
            relations = self.problem.relations
            self._branches[key] = Branch(way=way, relations=relations, band=self._bands[band])
        return self._branches[key]

    def _least(self, found: Solved, way: Way, wanted: Wanted) -> tuple[int, int]:
        """The least cost of wanted starts of the leading visit, and the place of the first."""
        cost = np.where(wanted(way.kept, found.lead.atom), found.lead.cost, IMPOSSIBLE)
        place = int(cost.argmin())
        return int(cost[place]), place

    def _solve_anew(self, band: int) -> Solved | None:
        """A band as if every visit might make the kept choices anew: no plan costs less."""
        if band not in self._anew:
            options = {n: self._finder.whoever(n) for n in range(len(self.problem.visits))}
            self._anew[band] = solved(self.problem, self._branch(ANYBODY, band), options)
        return self._anew[band]

    def _solve(self, branch: Branch) -> Solved | None:
        """Solve a branch; whole bands are remembered."""
        if branch.depth == 0 and id(branch) in self._solved:
            return self._solved[id(branch)]
        visits = range(len(self.problem.visits))
        options = {visit: self._finder.options(visit, branch.way.kept) for visit in visits}
        found = solved(self.problem, branch, options)
        if branch.depth == 0:
            self._solved[id(branch)] = found
        return found

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

        _, place = self._least(item, item.branch.way, wanted)
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
