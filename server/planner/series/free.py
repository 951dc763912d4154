"""Where a visit's claims, its length and its patient leave it room: bitmaps over the axis."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from server.domain.protocols import VisitDefinition
from server.planner.series.needs import Need, needs
from server.planner.series.problem import Problem

BoolArray = NDArray[np.bool_]
Chosen = Mapping[str, str]
"""Choices by name, with the bookable chosen."""


class FreeTimes:
    """Finds them once for all visits that need the same."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        series = problem.series
        days = series.ready_on, series.last_day, series.not_before
        self._remembered = problem.grid.remembered(days)
        self._alike = [
            self._remembered.setdefault(_signature(visit), {}) for visit in problem.visits
        ]
        self._days: dict[int, BoolArray] = {}

    def starts(self, visit: int, chosen: Chosen) -> BoolArray:
        """Shape (atoms,): may the visit start there, with its choices made so?"""
        found, key = self._alike[visit], frozenset(chosen.items())
        if key not in found:
            definition = self._problem.visits[visit]
            needed = needs(definition, self._problem.axis.atom_minutes, chosen)
            length = definition.minutes // self._problem.axis.atom_minutes
            found[key] = self._eroded(needed, length)
        return found[key]

    def _eroded(self, needed: tuple[Need, ...], length: int) -> BoolArray:
        """Starts from which every need is met throughout."""
        grid = self._problem.grid
        free = self._on_one_day(length).copy()
        starts = len(free) - length
        for need in needed:
            if not grid.knows(need.bookable):
                return np.zeros_like(free)
            before = grid.shortages(need.bookable, need.units)
            ends = before[need.end : need.end + starts] == before[need.begin : need.begin + starts]
            free[:starts] &= ends
        return free

    def _on_one_day(self, length: int) -> BoolArray:
        """Starts on the grid, within the days and hours planned for, that end the same day."""
        if length in self._days:
            return self._days[length]
        axis, series = self._problem.axis, self._problem.series
        allowed = axis.minute_of % axis.grid_minutes == 0
        first, last = axis.day_index(series.ready_on), axis.day_index(series.last_day)
        allowed &= (axis.day_of >= first) & (axis.day_of <= last)
        allowed[: max(0, axis.first_from(series.not_before))] = False
        last_atom = np.arange(axis.atoms) + max(length - 1, 0)
        self._days[length] = allowed & (axis.day_at(last_atom) == axis.day_of)
        return self._days[length]


def _signature(visit: VisitDefinition) -> tuple[object, ...]:
    """The same for all visits that need the same."""
    return tuple((part.minutes, part.with_patient, part.claims) for part in visit.parts)
