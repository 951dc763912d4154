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
from server.planner.patience import Patience
from server.planner.series.branches import Branch, Solved, Way, solved
from server.planner.series.conflicts import Inspection, Inspector
from server.planner.series.free import BoolArray, Chosen
from server.planner.series.minima import IMPOSSIBLE
from server.planner.series.needs import claimed_choices
from server.planner.series.options import OptionFinder
from server.planner.series.problem import Problem

Wanted = Callable[[Chosen, IntArray], BoolArray]
"""Which starts (atoms) of the leading visit are wanted, under the kept choices given."""
FIRST_BAND_DAYS = 8
"""How many days' delay are looked at first; then twice as many, and so on."""
DOUBTFUL_BAND_DAYS = 30
NOT_SOLVED = -1
ANYBODY = Way(kept={}, cost=0)
"""Nobody in particular is kept."""
WAYS_AT_ONCE = 8
"""How many ways to make the kept choices are solved together."""


@dataclass(frozen=True, slots=True)
class Band:
    """All plans whose leading visit's own cost lies in one band, with the kept choices made in
    ways from number `group` on; the first group stands for later bands as well."""

    number: int
    group: int = 0


Item = Band | Branch | Solved | SeriesPlan


class Search:
    """All questions about the plans of one problem; what has been worked out is kept."""

    def __init__(
        self, problem: Problem, *, doubtful: bool = False, patience: Patience | None = None
    ) -> None:
        """`doubtful`: a plan is not likely, so many days are looked at together, and at first as
        if every visit could choose anew whoever is kept."""
        self._patience = patience or Patience()
        self.problem = problem
        self._doubtful = doubtful
        self._finder = OptionFinder(problem)
        self._solved: dict[Band, list[Solved]] = {}
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
        """The cheapest plan whose leading visit starts as wanted, or None. Raises Late."""
        order = count()
        heap: list[tuple[int, int, int, Item]] = [(0, 0, next(order), Band(0))]
        while heap and heap[0][0] < IMPOSSIBLE:
            self._patience.step()
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
        days = DOUBTFUL_BAND_DAYS if self._doubtful else FIRST_BAND_DAYS
        width = max(1, days * self.problem.weights.delay_day)
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
            yield from self._opened_band(item, bound, wanted)
        elif isinstance(item, Solved):
            yield from self._answered(item, bound, wanted)
        elif isinstance(item, Branch):
            for found in solved(self.problem, self._finder, [item], self._patience):
                yield max(bound, self._least(found, wanted)[0]), item.depth, found

    def _opened_band(
        self, item: Band, bound: int, wanted: Wanted
    ) -> Iterator[tuple[int, int, Item]]:
        """A solved branch for each of some ways to make the kept choices; and what else there is:
        the same band for other ways, and the next band."""
        if item.number >= len(self._bands) or not self.ways:
            return
        low, high = self._bands[item.number]
        if item.group == 0:
            yield max(bound, high), NOT_SOLVED, Band(item.number + 1)
        if item.group + WAYS_AT_ONCE < len(self.ways):
            more = Band(item.number, item.group + WAYS_AT_ONCE)
            yield max(bound, low + self.ways[more.group].cost), NOT_SOLVED, more
        for found in self._solved_band(item):
            yield max(bound, self._least(found, wanted)[0]), 0, found

    def _solved_band(self, item: Band) -> list[Solved]:
        """One band of the leading visit's starts, for some ways together; remembered."""
        if item not in self._solved:
            ways = self.ways[item.group : item.group + WAYS_AT_ONCE]
            band, relations = self._bands[item.number], self.problem.relations
            branches = [Branch(way=way, relations=relations, band=band) for way in ways]
            hopeless = self._doubtful and len(self.ways) > 1 and not self._any_way(band)
            self._solved[item] = (
                [] if hopeless else solved(self.problem, self._finder, branches, self._patience)
            )
        return self._solved[item]

    def _any_way(self, band: tuple[int, int]) -> bool:
        """Might there be a plan if every visit could choose anew whoever is kept?"""
        anybody = Branch(way=ANYBODY, relations=self.problem.relations, band=band)
        found = solved(self.problem, self._finder, [anybody], self._patience)
        return any(int(each.cost.min()) < IMPOSSIBLE for each in found)

    def _least(self, found: Solved, wanted: Wanted) -> tuple[int, int]:
        """The least cost of wanted starts of the leading visit, and the flat place of the first."""
        cost = np.where(wanted(found.branch.way.kept, found.atoms), found.cost, IMPOSSIBLE)
        first = int(cost.argmin())
        return int(cost[first]), int(found.places[first])

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

        _, place = self._least(item, wanted)
        for part in item.parts:
            if part.root != self.problem.lead:
                places = part.total.places(item.case)
                tied = places[part.cost[places] == part.cost[places].min()]
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
