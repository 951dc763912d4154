"""One relation between two visits that nothing else binds: the best of the lower for each upper."""

from collections.abc import Callable

import numpy as np

from server.planner.axis import IntArray, TimeAxis
from server.planner.series.minima import IMPOSSIBLE, least
from server.planner.series.relations import Relation
from server.planner.series.starts import Starts

Prefer = Callable[[int, IntArray], int]
"""Of equally cheap starts (atoms) of a visit, the place of the one to take."""
Take = Callable[[int, int], None]
"""Told the flat place taken for a visit."""


class Bond:
    """`cost` (flat over the upper visit's starts): the least cost of the lower one, wishes of the
    relation included."""

    def __init__(
        self, axis: TimeAxis, relation: Relation, upper: int, above: Starts, below: Starts
    ) -> None:
        self._axis, self._relation, self._upper = axis, relation, upper
        self._above, self._below = above, below
        self.cost = np.full(len(above), IMPOSSIBLE, dtype=np.int64)
        for piece in relation.pieces(axis, upper, above.atom, below.atom):
            begin = below.locate(above.case, piece.begin)
            end = below.locate(above.case, piece.end)
            costs = below.cost if piece.slope is None else below.cost + piece.slope
            np.minimum(self.cost, least(costs, begin, end) + piece.level, out=self.cost)
        self.cost[self.cost >= IMPOSSIBLE // 2] = IMPOSSIBLE  # whatever wishes took off it

    def follow(self, place: int, take: Take, prefer: Prefer) -> None:
        """Take the best start of the lower visit for one of the upper visit's."""
        lower = self._relation.other(self._upper)
        places, costs = self._open_to(place)
        tied = places[costs == costs.min()]
        take(lower, int(tied[prefer(lower, self._below.atom[tied])]))

    def _open_to(self, place: int) -> tuple[IntArray, IntArray]:
        """Flat places of the lower visit that the relation allows, and their costs."""
        case, atom = self._above.case[place, None], self._above.atom[place, None]
        found = []
        for piece in self._relation.pieces(self._axis, self._upper, atom, self._below.atom):
            begin = int(self._below.locate(case, piece.begin)[0])
            end = int(self._below.locate(case, piece.end)[0])
            places = np.arange(begin, max(begin, end))
            costs = self._below.cost[places] + piece.level[0]
            if piece.slope is not None:
                costs = costs + piece.slope[places]
            found.append((places, costs))
        return np.concatenate([p for p, _ in found]), np.concatenate([c for _, c in found])
