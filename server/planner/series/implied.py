"""How far apart, in days, any two visits can be when all windows hold at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from server.domain.calendars import DAY_MINUTES
from server.planner.axis import IntArray
from server.planner.series.relations import FAR, DayBound, Relation


@dataclass(frozen=True, slots=True, eq=False)
class ImpliedDays:
    """Shape (visits, visits): the most days by which the second starts after the first. Never too
    small; windows in hours are rounded outwards."""

    farthest: IntArray

    @property
    def nearest(self) -> IntArray:
        """The fewest days, negative where the second may come before the first."""
        return -self.farthest.T


def implied_days(visits: int, relations: Iterable[Relation], atom_minutes: int) -> ImpliedDays:
    """The closure of all bounds: no visit may be farther than a detour over others allows."""
    farthest = np.full((visits, visits), FAR, dtype=np.int64)
    np.fill_diagonal(farthest, 0)
    for relation in relations:
        for one, other, days in _direct(relation, atom_minutes):
            farthest[one, other] = min(farthest[one, other], days)
    for by in range(visits):
        detour = farthest[:, by, None] + farthest[None, by, :]
        farthest = np.minimum(farthest, detour)
    return ImpliedDays(farthest=farthest)


def _direct(relation: Relation, atom_minutes: int) -> Iterator[tuple[int, int, int]]:
    """(from, to, most days later), without bounds that are none."""
    first, second = relation.first, relation.second
    if relation.most < FAR:
        yield first, second, _days_within(relation.most, atom_minutes)
    if relation.least > -FAR:
        yield second, first, _days_within(-relation.least, atom_minutes)
    for bound in relation.day_bounds:
        yield from _direct_days(bound, relation.other(bound.visit))


def _direct_days(bound: DayBound, anchor: int) -> Iterator[tuple[int, int, int]]:
    past_midnight = 1 if bound.offset else 0
    if bound.most < FAR:
        yield anchor, bound.visit, bound.most + past_midnight
    if bound.least > -FAR:
        yield bound.visit, anchor, -bound.least


def _days_within(atoms: int, atom_minutes: int) -> int:
    """More days than so much elapsed time can bring, also over a change of the clock."""
    return atoms * atom_minutes // DAY_MINUTES + 2
