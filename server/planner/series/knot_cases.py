"""How a knot of visits is loosened: one of them is supposed on each of its days, case by case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from server.planner.axis import IntArray, TimeAxis
from server.planner.series.blocks import Block
from server.planner.series.bond import Prefer
from server.planner.series.minima import IMPOSSIBLE
from server.planner.series.relations import Relation
from server.planner.series.starts import Cells, Copied, Starts, by_cell, cells, single_cells, spread


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


class Supposition:
    """One case for each day (or start) of the visit that loosens the knot most.

    `sizes` (cases) is how many starts of all members each case holds.
    """

    def __init__(self, setting: Reckoning, block: Block, whole: Mapping[int, Starts]) -> None:
        self._axis, self._setting, self._whole = setting.axis, setting, whole
        self._visit = _loosest(block, whole)
        mine = [each for each in block.relations if self._visit in each.ends]
        loosened = [each for each in mine if each.daily] or mine
        self._bound = {each.other(self._visit): each for each in loosened}
        self._left = tuple(each for each in block.relations if each not in loosened)
        runs = self._runs(loosened)
        known = whole[self._visit]
        self._case, self._atom = known.case[runs.first], known.atom[runs.first]
        self._reach = {other: self._reached(other) for other in whole if other != self._visit}
        self._reach[self._visit] = runs.first, np.append(runs.first[1:], len(known))
        lengths = [np.maximum(end - begin, 0) for begin, end in self._reach.values()]
        self.sizes = np.sum(lengths, axis=0)

    def cases(self, part: slice) -> Cases:
        """Some of the cases."""
        copies = {other: self._copied(other, part) for other in self._whole}
        return Cases(copies=copies, relations=self._left)

    def _runs(self, loosened: Sequence[Relation]) -> Cells:
        """Starts of the supposed visit that the relations it loosens cannot tell apart."""
        known = self._whole[self._visit]
        if not all(each.daily for each in loosened):
            return single_cells(known)
        offsets = set[int]().union(*(each.offsets(self._visit) for each in loosened))
        return cells(known, self._axis, offsets)

    def _reached(self, other: int) -> tuple[IntArray, IntArray]:
        """Flat places [begin, end) that each case leaves a member."""
        begin, end = self._implied(other)
        relation, sought = self._bound.get(other), self._whole[other]
        if relation is not None:
            from_, to = relation.reach(self._axis, self._visit, self._atom)
            begin, end = np.maximum(begin, from_), np.minimum(end, to)
        return sought.locate(self._case, begin), sought.locate(self._case, end)

    def _implied(self, other: int) -> tuple[IntArray, IntArray]:
        """Where the windows as a whole leave another visit, in atoms."""
        day = self._axis.day_at(self._atom)
        begin = self._axis.start_of(day + self._setting.nearest[self._visit, other])
        end = self._axis.start_of(day + self._setting.farthest[self._visit, other] + 1)
        return begin, end

    def _copied(self, other: int, part: slice) -> Copied:
        begin, end = self._reach[other]
        copied = spread(self._whole[other], self._case[part], begin[part], end[part])
        relation = self._bound.get(other)
        if relation is None:
            return copied
        cost = copied.starts.cost + self._added(relation, copied.starts, self._atom[part])
        return Copied(starts=copied.starts.costing(cost), origin=copied.origin)

    def _added(self, relation: Relation, sought: Starts, atom: IntArray) -> IntArray:
        """What the relation's wishes, and days kept apart, add to each copied start."""
        axis, other = self._axis, relation.other(self._visit)
        cost = np.zeros(len(sought), dtype=np.int64)
        for target in relation.targets:
            level = target.value(axis, self._visit, atom)[sought.case]
            cost += target.weight * np.abs(target.value(axis, other, sought.atom) - level)
        if relation.apart:
            same = axis.day_at(sought.atom) == axis.day_at(atom)[sought.case]
            cost[same] = IMPOSSIBLE
        return cost


def _loosest(block: Block, whole: Mapping[int, Starts]) -> int:
    """The visit with most relations that depend on days only; the top where several have."""

    def looseness(visit: int) -> tuple[int, bool, int, int]:
        mine = [each for each in block.relations if visit in each.ends]
        daily = sum(each.daily for each in mine)
        return daily, visit == block.top, -len(whole[visit]) if not daily else 0, -visit

    return max((block.top, *block.members), key=looseness)
