"""The least cost of a whole series for every start of one visit, exactly.

Visits are eliminated block by block towards the root. A block of one relation hands on, for every
start of its top, the least cost in a stretch of the other visit's starts. In a knot of circles one
visit is supposed on each of its days (or at each of its starts), all cases at once: what it was
bound to then has plain bounds, the knot loosens, and the rest is eliminated in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from server.planner.axis import IntArray, TimeAxis
from server.planner.blocks import Block, blocks_from, components
from server.planner.bond import Bond, Prefer, Take
from server.planner.knot_cases import Cases, collapsed, supposed
from server.planner.minima import IMPOSSIBLE
from server.planner.relations import Relation
from server.planner.starts import Starts


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What all parts of one elimination share. `nearest` and `farthest` (visits, visits) bound the
    day of the second less the day of the first, as all windows together imply."""

    axis: TimeAxis
    nearest: IntArray
    farthest: IntArray
    memory: dict[tuple[int, frozenset[Relation]], Mapping[int, tuple[Block, ...]]] = field(
        default_factory=dict
    )

    def blocks(self, root: int, relations: tuple[Relation, ...]) -> Mapping[int, tuple[Block, ...]]:
        """The blocks seen from a visit, remembered."""
        key = root, frozenset(relations)
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
    """A block with circles. `cost` (flat over its top's starts): the least cost of all others."""

    def __init__(
        self, setting: Setting, block: Block, top: Starts, below: Mapping[int, Starts]
    ) -> None:
        self._top = block.top
        whole = {block.top: top.costing(np.zeros_like(top.cost)), **below}
        self._shrunk = {
            visit: collapsed(setting.axis, visit, each, block.relations)
            for visit, each in whole.items()
        }
        self._cases = supposed(
            setting, block, {visit: each.starts for visit, each in self._shrunk.items()}
        )
        self._parts = _parts(setting, self._cases, block)
        self._least = [part.total.least_by_case() for part in self._parts[1:]]
        self._inside = self._inside_cost()
        self.cost = self._top_cost()

    def _inside_cost(self) -> IntArray:
        """Flat over the top's starts in the supposed cases."""
        cost = self._parts[0].cost
        case = self._parts[0].total.case
        for by_case in self._least:
            cost = cost + by_case[case]
        return cost

    def _top_cost(self) -> IntArray:
        shrunk = self._shrunk[self._top]
        cost = np.full(len(shrunk.starts), IMPOSSIBLE, dtype=np.int64)
        np.minimum.at(cost, self._cases.copies[self._top].origin, self._inside)
        spread: IntArray = cost[shrunk.cell_of]
        return spread

    def follow(self, place: int, take: Take, prefer: Prefer) -> None:
        """Take the best starts of all members for one of the top's."""
        cell = self._shrunk[self._top].cell_of[place]
        here = np.flatnonzero(self._cases.copies[self._top].origin == cell)
        best = int(here[np.argmin(self._inside[here])])
        case = int(self._parts[0].total.case[best])

        def take_inside(visit: int, inside: int) -> None:
            if visit != self._top:
                cell = int(self._cases.copies[visit].origin[inside])
                take(visit, self._shrunk[visit].pick(visit, cell, prefer))

        self._parts[0].follow(self._top, best, take_inside, prefer)
        for part in self._parts[1:]:
            places = part.total.places(case)
            costs = part.cost[places]
            tied = places[costs == costs.min()]
            chosen = int(tied[prefer(part.root, part.total.atom[tied])])
            part.follow(part.root, chosen, take_inside, prefer)


def _parts(setting: Setting, cases: Cases, block: Block) -> list[Elimination]:
    """What the knot falls apart into, the top's part first."""
    members = (block.top, *block.members)
    found = []
    for group in components(members, cases.relations):
        root = block.top if block.top in group else min(group)
        relations = tuple(each for each in cases.relations if each.first in group)
        found.append(Elimination(setting, cases.starts, relations, root))
    return sorted(found, key=lambda part: part.root != block.top)
