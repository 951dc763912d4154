"""At which starts each visit is possible by itself, and what each of them costs by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from server.planner.axis import IntArray
from server.planner.fixed import between_fixed, wishes_from_fixed
from server.planner.minima import IMPOSSIBLE
from server.planner.needs import Need, claimed_choices, needs
from server.planner.problem import Problem
from shared.vocabulary import DayPart

BoolArray = NDArray[np.bool_]
Chosen = Mapping[str, str]
NOON = 13 * 60
"""Where the halves of a day meet for those who prefer one, in minutes on the clinic's clock."""


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """A visit's possible starts (`atoms`, ascending) with their costs; `made` is which of
    `choices` (made per visit) is taken at each, the first that is free."""

    atoms: IntArray
    cost: IntArray
    made: IntArray
    choices: tuple[Chosen, ...]


class OptionFinder:
    """Finds the options of every visit, once for each way to make the kept choices."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._found: dict[tuple[int, frozenset[tuple[str, str]]], Options] = {}
        self._free: dict[tuple[Need, ...], BoolArray] = {}
        self._days: dict[int, BoolArray] = {}

    def options(self, visit: int, kept: Chosen) -> Options:
        """All possible starts of a visit, whatever the other visits do."""
        claimed = claimed_choices(self._problem.visits[visit])
        mine = {name: who for name, who in kept.items() if name in claimed}
        key = visit, frozenset(mine.items())
        if key not in self._found:
            self._found[key] = self._options(visit, mine)
        return self._found[key]

    def ways(self, visit: int) -> tuple[Chosen, ...]:
        """All ways to make the choices that are made per visit, those wished first before."""
        names = [
            name
            for name in claimed_choices(self._problem.visits[visit])
            if name not in self._problem.kept
        ]
        candidates = [self._problem.series.candidates.get(name, ()) for name in names]
        return tuple(dict(zip(names, way, strict=True)) for way in product(*candidates))

    def free(self, visit: int, chosen: Chosen) -> BoolArray:
        """Shape (atoms,): may the visit start there, as far as what it claims goes?"""
        definition = self._problem.visits[visit]
        needed = needs(definition, self._problem.axis.atom_minutes, chosen)
        key = (*needed, Need("length", 0, self._length(visit), 0))
        if key not in self._free:
            self._free[key] = self._eroded(needed, self._length(visit))
        return self._free[key]

    def _length(self, visit: int) -> int:
        return self._problem.visits[visit].minutes // self._problem.axis.atom_minutes

    def _eroded(self, needed: tuple[Need, ...], length: int) -> BoolArray:
        free = self._on_one_day(length).copy()
        starts = len(free) - length
        for need in needed:
            if not self._problem.grid.knows(need.bookable):
                return np.zeros_like(free)
            before = self._problem.grid.shortages(need.bookable, need.units)
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

    def _options(self, visit: int, kept: Chosen) -> Options:
        ways = self.ways(visit)
        if not ways:
            return _none()
        free = np.array([self.free(visit, {**kept, **way}) for way in ways])
        atoms = np.flatnonzero(free.any(axis=0) if len(ways) > 1 else free[0])
        atoms = atoms[self._allowed(visit, atoms)]
        cost, made = self._own_cost(visit, atoms), free[:, atoms].argmax(axis=0)
        found = Options(atoms=atoms, cost=cost, made=made, choices=ways)
        self._add_moves(visit, found, free)
        return found

    def _allowed(self, visit: int, atoms: IntArray) -> BoolArray:
        """Within what fixed visits and a latest first day leave."""
        problem, definition = self._problem, self._problem.visits[visit]
        allowed: BoolArray = between_fixed(problem, definition, atoms)
        start_by = problem.series.start_by
        if definition.code == problem.series.start_visit and start_by is not None:
            allowed = allowed & (problem.axis.day_of[atoms] <= problem.axis.day_index(start_by))
        return allowed

    def _own_cost(self, visit: int, atoms: IntArray) -> IntArray:
        problem, definition = self._problem, self._problem.visits[visit]
        cost = wishes_from_fixed(problem, definition, atoms)
        if definition.code == problem.series.start_visit:
            ready = problem.axis.day_index(problem.series.ready_on)
            cost += problem.weights.delay_day * (problem.axis.day_of[atoms] - ready)
        prefers = problem.series.patient.prefers
        if prefers is not None and any(part.with_patient for part in definition.parts):
            late = is_late(problem, visit, atoms)
            wrong = late if prefers is DayPart.MORNING else ~late
            cost += problem.weights.against_preference * wrong
        return cost

    def _add_moves(self, visit: int, found: Options, free: BoolArray) -> None:
        """What leaving a held time or choice costs; where it can stay, the held choice is made.

        `free` (ways, atoms) tells which choices are possible when.
        """
        problem = self._problem
        held = problem.series.held.get(problem.visits[visit].code)
        if held is None:
            return
        axis, weights, cost = problem.axis, problem.weights, found.cost
        held_on = axis.day_index(held.starts_at.astimezone(axis.zone).date())
        cost += weights.moved + weights.moved_day * (axis.day_of[found.atoms] != held_on)
        place = np.flatnonzero(found.atoms == axis.atom_at(held.starts_at))
        for n, way in enumerate(found.choices):
            same = all(held.choices.get(name) == who for name, who in way.items())
            if same and place.size and free[n, found.atoms[place[0]]]:
                cost[place[0]] -= weights.moved
                found.made[place[0]] = n


def is_late(problem: Problem, visit: int, atoms: IntArray) -> BoolArray:
    """Does the middle of the patient's parts lie in the second half of the day?"""
    axis = problem.axis
    first, last = problem.visits[visit].patient_minutes
    atom, rest = divmod((first + last) / 2, axis.atom_minutes)
    shown = axis.minute_of[np.clip(atoms + int(atom), 0, axis.atoms - 1)] + rest
    late: BoolArray = shown >= NOON
    return late


def merged(several: Sequence[Options]) -> Options:
    """Every start that is possible in one of them, at its least cost; choices are dropped."""
    first = several[0]
    if all(each is first for each in several):
        return first
    atoms, place = np.unique(np.concatenate([each.atoms for each in several]), return_inverse=True)
    cost = np.full(len(atoms), IMPOSSIBLE, dtype=np.int64)
    np.minimum.at(cost, place, np.concatenate([each.cost for each in several]))
    return Options(atoms=atoms, cost=cost, made=np.zeros_like(atoms), choices=({},))


def _none() -> Options:
    nothing = np.zeros(0, dtype=np.int64)
    return Options(atoms=nothing, cost=nothing, made=nothing, choices=())
