"""How a knot of visits is loosened: one of them is supposed on each of its days, case by case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from server.planner.axis import IntArray, TimeAxis
from server.planner.blocks import Block
from server.planner.bond import Prefer
from server.planner.minima import IMPOSSIBLE
from server.planner.relations import Relation
from server.planner.starts import Cells, Copied, Starts, by_cell, cells, single_cells, spread


class Reckoning(Protocol):
    """What is needed of an elimination's setting."""

    @property
    def axis(self) -> TimeAxis: ...
    @property
    def nearest(self) -> IntArray: ...
    @property
    def farthest(self) -> IntArray: ...


@dataclass(frozen=True, slots=True, eq=False)
class Collapsed:
    """A visit's starts, one for each day where the knot can tell no more apart. `whole` are those
    before; `cell_of` (flat over these) their places in `starts`."""

    whole: Starts
    starts: Starts
    cell_of: IntArray

    def pick(self, visit: int, cell: int, prefer: Prefer) -> int:
        """The flat place, in `whole`, of a cheapest start of a cell."""
        first, end = np.searchsorted(self.cell_of, (cell, cell + 1))
        costs = self.whole.cost[first:end]
        tied = first + np.flatnonzero(costs == costs.min())
        return int(tied[prefer(visit, self.whole.atom[tied])])


def collapsed(
    axis: TimeAxis, visit: int, whole: Starts, relations: Iterable[Relation]
) -> Collapsed:
    """Reduced to days if only days of the visit matter to these relations."""
    mine = [each for each in relations if visit in each.ends]
    if not all(each.daily for each in mine):
        return Collapsed(whole=whole, starts=whole, cell_of=np.arange(len(whole)))
    offsets = set[int]().union(*(each.offsets(visit) for each in mine))
    runs = cells(whole, axis, offsets)
    return Collapsed(whole=whole, starts=by_cell(whole, axis, offsets, runs), cell_of=runs.of)


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Every member's starts in the new cases, and the relations that are left between them."""

    copies: Mapping[int, Copied]
    relations: tuple[Relation, ...]

    @property
    def starts(self) -> dict[int, Starts]:
        """The starts alone, by visit."""
        return {visit: copied.starts for visit, copied in self.copies.items()}


def supposed(setting: Reckoning, block: Block, whole: Mapping[int, Starts]) -> Cases:
    """One case for each day (or start) of the visit that loosens the knot most."""
    visit = _loosest(block, whole)
    mine = [each for each in block.relations if visit in each.ends]
    loosened = [each for each in mine if each.daily] or mine
    if all(each.daily for each in loosened):
        offsets = set[int]().union(*(each.offsets(visit) for each in loosened))
        runs = cells(whole[visit], setting.axis, offsets)
    else:
        runs = single_cells(whole[visit])
    suppose = _Suppose(setting, visit, runs, whole)
    bound = {each.other(visit): each for each in loosened}
    copies = {other: suppose.copied(other, bound.get(other)) for other in whole}
    left = tuple(each for each in block.relations if each not in loosened)
    return Cases(copies=copies, relations=left)


def _loosest(block: Block, whole: Mapping[int, Starts]) -> int:
    """The visit with most relations that depend on days only; the top where several have."""

    def looseness(visit: int) -> tuple[int, bool, int, int]:
        mine = [each for each in block.relations if visit in each.ends]
        daily = sum(each.daily for each in mine)
        return daily, visit == block.top, -len(whole[visit]) if not daily else 0, -visit

    return max((block.top, *block.members), key=looseness)


class _Suppose:
    """One visit supposed in each of its cells; what that leaves of the others."""

    def __init__(
        self, setting: Reckoning, visit: int, runs: Cells, whole: Mapping[int, Starts]
    ) -> None:
        self.setting, self.visit, self.whole = setting, visit, whole
        self.first = runs.first
        self.case = whole[visit].case[runs.first]
        self.atom = whole[visit].atom[runs.first]

    def copied(self, other: int, relation: Relation | None) -> Copied:
        """The starts of a member in every new case."""
        sought = self.whole[other]
        if other == self.visit:
            ends = np.append(self.first[1:], len(sought)).astype(np.int64)
            return spread(sought, self.case, self.first, ends)
        begin, end = self._implied(other)
        if relation is not None:
            from_, to = relation.reach(self.setting.axis, self.visit, self.atom)
            begin, end = np.maximum(begin, from_), np.minimum(end, to)
        first, last = sought.locate(self.case, begin), sought.locate(self.case, end)
        copied = spread(sought, self.case, first, last)
        if relation is None:
            return copied
        cost = copied.starts.cost + self._added(relation, copied.starts)
        return Copied(starts=copied.starts.costing(cost), origin=copied.origin)

    def _implied(self, other: int) -> tuple[IntArray, IntArray]:
        """Where the windows as a whole leave another visit, in atoms."""
        axis, setting = self.setting.axis, self.setting
        day = axis.day_at(self.atom)
        begin = axis.start_of(day + setting.nearest[self.visit, other])
        return begin, axis.start_of(day + setting.farthest[self.visit, other] + 1)

    def _added(self, relation: Relation, sought: Starts) -> IntArray:
        """What the relation's wishes, and days kept apart, add to each copied start."""
        axis, other = self.setting.axis, relation.other(self.visit)
        cost = np.zeros(len(sought), dtype=np.int64)
        for target in relation.targets:
            level = target.value(axis, self.visit, self.atom)[sought.case]
            cost += target.weight * np.abs(target.value(axis, other, sought.atom) - level)
        if relation.apart:
            same = axis.day_at(sought.atom) == axis.day_at(self.atom)[sought.case]
            cost[same] = IMPOSSIBLE
        return cost
