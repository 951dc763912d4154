"""The least cost of a whole series for every start of one visit, exactly.

Visits are eliminated block by block towards the root. A block of one relation hands on, for every
start of its top, the least cost in a stretch of the other visit's starts. In a knot of circles one
visit is supposed on each of its days (or at each of its starts), all cases at once: what it was
bound to then has plain bounds, the knot loosens, and the rest is eliminated in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from server.planner.axis import IntArray, TimeAxis
from server.planner.patience import Patience
from server.planner.series.blocks import Block, blocks_from, components
from server.planner.series.bond import Bond, Prefer, Take
from server.planner.series.knot_cases import Cases, Supposition, collapsed
from server.planner.series.minima import IMPOSSIBLE
from server.planner.series.relations import Relation
from server.planner.series.starts import Starts

PORTION = 200_000
"""How many starts, over all cases, are worked on at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What all parts of one elimination share. `nearest` and `farthest` (visits, visits) bound the
    day of the second less the day of the first, as all windows together imply; `groups` are the
    visits that relations hold together, with those relations."""

    axis: TimeAxis
    nearest: IntArray
    farthest: IntArray
    groups: tuple[tuple[frozenset[int], tuple[Relation, ...]], ...]
    memory: dict[tuple[int, ...], Mapping[int, tuple[Block, ...]]] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)

    def blocks(self, root: int, relations: tuple[Relation, ...]) -> Mapping[int, tuple[Block, ...]]:
        """The blocks seen from a visit, remembered."""
        key = root, *map(id, relations)  # they live as long as the setting does
        if key not in self.memory:
            self.memory[key] = blocks_from(root, relations)
        return self.memory[key]


class Elimination:
    """All that hangs on `root`. `starts` has an entry for each visit reached from there; `cost`
    (flat over the root's starts) is the least cost of root and all that hangs on it."""

    def __init__(
        self,
        setting: Setting,
        starts: Mapping[int, Starts],
        relations: tuple[Relation, ...],
        root: int,
    ) -> None:
        self.root = root
        self._setting = setting
        self._starts = starts
        self._blocks = setting.blocks(root, relations)
        self._hanging: dict[int, list[Bond | Knot]] = {}
        self.total = self._total(root)

    @property
    def cost(self) -> IntArray:
        """The least cost of all, for each start of the root."""
        return self.total.cost

    def _total(self, visit: int) -> Starts:
        """A visit's starts at the cost of itself and all below it."""
        self._setting.patience.look()
        own = self._starts[visit]
        cost, hanging = own.cost, []
        for block in self._blocks.get(visit, ()):
            below = {member: self._total(member) for member in block.members}
            hanging.append(self._hang(block, own, below))
            cost = cost + hanging[-1].cost
        self._hanging[visit] = hanging
        return own.costing(cost)

    def _hang(self, block: Block, top: Starts, below: Mapping[int, Starts]) -> "Bond | Knot":
        if len(block.relations) > 1:
            return Knot(self._setting, block, top, below)
        (relation,) = block.relations
        return Bond(self._setting.axis, relation, block.top, top, below[block.members[0]])

    def collect(self, place: int, times: dict[int, int], prefer: Prefer) -> None:
        """Enter the atoms at which all visits start best, for one start of the root."""

        def take(visit: int, place: int) -> None:
            times[visit] = int(self._starts[visit].atom[place])

        self.follow(self.root, place, take, prefer)

    def follow(self, visit: int, place: int, take: Take, prefer: Prefer) -> None:
        """Take a start of a visit, and the best ones of all that hangs on it."""
        take(visit, place)
        for hung in self._hanging[visit]:
            hung.follow(
                place, lambda member, below: self.follow(member, below, take, prefer), prefer
            )


class Knot:
    """A block with circles. `cost` (flat over its top's starts): the least cost of all others.

    Cases are worked out in portions, so that even wide windows need little memory.
    """

    def __init__(
        self, setting: Setting, block: Block, top: Starts, below: Mapping[int, Starts]
    ) -> None:
        self._setting, self._block, self._top = setting, block, block.top
        whole = {block.top: top.costing(np.zeros_like(top.cost)), **below}
        self._shrunk = {
            visit: collapsed(setting.axis, visit, each, block.relations)
            for visit, each in whole.items()
        }
        starts = {visit: each.starts for visit, each in self._shrunk.items()}
        self._supposition = Supposition(setting, block, starts)
        self._parts = _in_parts(self._supposition.sizes)
        self._at_hand: tuple[slice, Portion] | None = None
        self._least = np.full(len(starts[block.top]), IMPOSSIBLE, dtype=np.int64)
        self._where = np.zeros(len(self._least), dtype=np.int64)
        for number in range(len(self._parts)):
            setting.patience.look()
            cost = self._portion(number).top_cost(len(self._least))
            better = cost < self._least
            self._least[better], self._where[better] = cost[better], number
        self.cost = self._least[self._shrunk[block.top].cell_of]

    def _portion(self, number: int) -> "Portion":
        """One portion of the cases, worked out anew unless it was the last one asked for."""
        part = self._parts[number]
        if self._at_hand is None or self._at_hand[0] is not part:
            portion = Portion(self._setting, self._block, self._supposition.cases(part))
            self._at_hand = part, portion
        return self._at_hand[1]

    def follow(self, place: int, take: Take, prefer: Prefer) -> None:
        """Take the best starts of all members for one of the top's."""
        cell = int(self._shrunk[self._top].cell_of[place])

        def take_member(visit: int, member_cell: int) -> None:
            if visit != self._top:
                take(visit, self._shrunk[visit].pick(visit, member_cell, prefer))

        self._portion(int(self._where[cell])).follow(cell, take_member, prefer)


class Portion:
    """Some cases of a knot, eliminated; the part that the top is in comes first."""

    def __init__(self, setting: Setting, block: Block, cases: Cases) -> None:
        self._top, self._cases = block.top, cases
        self._parts = _parts(setting, cases, block)
        cost, case = self._parts[0].cost, self._parts[0].total.case
        for part in self._parts[1:]:
            cost = cost + part.total.least_by_case()[case]
        self._cost = cost

    def top_cost(self, count: int) -> IntArray:
        """The least cost for each of the top's starts before these cases were made."""
        cost = np.full(count, IMPOSSIBLE, dtype=np.int64)
        np.minimum.at(cost, self._cases.copies[self._top].origin, self._cost)
        return cost

    def follow(self, place: int, take: Take, prefer: Prefer) -> None:
        """Take the best starts of all members, by their places before the cases were made."""
        here = np.flatnonzero(self._cases.copies[self._top].origin == place)
        best = int(here[np.argmin(self._cost[here])])
        case = int(self._parts[0].total.case[best])

        def take_origin(visit: int, inside: int) -> None:
            take(visit, int(self._cases.copies[visit].origin[inside]))

        self._parts[0].follow(self._top, best, take_origin, prefer)
        for part in self._parts[1:]:
            places = part.total.places(case)
            costs = part.cost[places]
            tied = places[costs == costs.min()]
            chosen = int(tied[prefer(part.root, part.total.atom[tied])])
            part.follow(part.root, chosen, take_origin, prefer)


def _in_parts(sizes: IntArray) -> list[slice]:
    """Neighbouring cases together, as many as make a portion; at least one each."""
    number = np.cumsum(sizes) // PORTION
    edges = [0, *(np.flatnonzero(np.diff(number)) + 1), len(sizes)]
    return [slice(int(first), int(last)) for first, last in pairwise(edges) if first < last]


def _parts(setting: Setting, cases: Cases, block: Block) -> list[Elimination]:
    """What the knot falls apart into, the top's part first."""
    members = (block.top, *block.members)
    found = []
    for group in components(members, cases.relations):
        root = block.top if block.top in group else min(group)
        relations = tuple(each for each in cases.relations if each.first in group)
        found.append(Elimination(setting, cases.starts, relations, root))
    return sorted(found, key=lambda part: part.root != block.top)
