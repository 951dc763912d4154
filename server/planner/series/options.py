"""At which starts each visit is possible by itself, and what each of them costs by itself."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np

from server.planner.axis import IntArray
from server.planner.series.fixed import between_fixed, wishes_from_fixed
from server.planner.series.free import BoolArray, Chosen, FreeTimes
from server.planner.series.minima import IMPOSSIBLE
from server.planner.series.needs import claimed_choices
from server.planner.series.problem import Problem
from server.planner.series.starts import ranks
from shared.vocabulary import DayPart

NOON = 13 * 60
"""Where the halves of a day meet for those who prefer one, in minutes on the clinic's clock."""


@dataclass(frozen=True, eq=False)
class Options:
    """A visit's possible starts (`atoms`, ascending) with their costs; `made` is which of
    `choices` (made per visit) is taken at each, the first that is free."""

    atoms: IntArray
    cost: IntArray
    made: IntArray
    choices: tuple[Chosen, ...]
    axis_atoms: int

    @cached_property
    def rank(self) -> IntArray:
        """How many of the starts lie before each atom of the axis, and before its end."""
        return ranks(self.atoms, self.axis_atoms)

    def costs_at(self, atoms: IntArray) -> IntArray:
        """What the given starts cost, IMPOSSIBLE where they are none of these."""
        costs = np.full(self.axis_atoms, IMPOSSIBLE, dtype=np.int64)
        costs[self.atoms] = self.cost
        found: IntArray = costs[atoms]
        return found

    def only(self, left: BoolArray) -> "Options":
        """Some of the starts."""
        atoms, cost, made = self.atoms[left], self.cost[left], self.made[left]
        return replace(self, atoms=atoms, cost=cost, made=made)


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """Starts (atoms, ascending) and their costs."""

    atoms: IntArray
    cost: IntArray


class OptionFinder:
    """Finds the options of every visit, once for each way to make the kept choices."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.free = FreeTimes(problem)
        self._found: dict[tuple[int, frozenset[tuple[str, str]]], Options] = {}
        self._whoever: dict[int, Options] = {}
        self._priced_starts: dict[int, Priced] = {}
        self._claimed = [claimed_choices(visit) for visit in problem.visits]

    def options(self, visit: int, kept: Chosen) -> Options:
        """All possible starts of a visit, whatever the other visits do."""
        mine = {name: who for name, who in kept.items() if name in self._claimed[visit]}
        key = visit, frozenset(mine.items())
        if key not in self._found:
            self._found[key] = self._options(visit, [mine])
        return self._found[key]

    def chooses(self, visit: int) -> bool:
        """Does the visit make choices of its own?"""
        return not self._problem.kept.issuperset(self._claimed[visit])

    def whoever(self, visit: int) -> Options:
        """All possible starts of a visit, whoever is kept."""
        if visit not in self._whoever:
            names = [name for name in self._claimed[visit] if name in self._problem.kept]
            self._whoever[visit] = self._options(visit, self._ways(names))
        return self._whoever[visit]

    def costs(self, visit: int, kept: Chosen) -> IntArray:
        """What each start of `whoever` costs under the kept choices given, or IMPOSSIBLE."""
        union = self.whoever(visit)
        mine = {name: who for name, who in kept.items() if name in self._claimed[visit]}
        known = len(mine) == len(self._problem.kept.intersection(self._claimed[visit]))
        if known and self._problem.visits[visit].code in self._problem.series.held:
            return self.options(visit, kept).costs_at(union.atoms)
        if not mine:  # nobody to be kept, or nobody in particular
            return union.cost
        names = [name for name in self._claimed[visit] if name not in self._problem.kept]
        free = np.zeros(len(union.atoms), dtype=bool)
        for way in self._ways(names):
            free |= self.free.starts(visit, {**mine, **way})[union.atoms]
        return np.where(free, union.cost, IMPOSSIBLE)

    def _ways(self, names: list[str]) -> list[dict[str, str]]:
        """All ways to make some choices, those wished first before."""
        candidates = [self._problem.series.candidates.get(name, ()) for name in names]
        return [dict(zip(names, way, strict=True)) for way in product(*candidates)]

    def _options(self, visit: int, kept: list[dict[str, str]]) -> Options:
        """The options where the kept choices are made in one of the given ways."""
        names = [name for name in self._claimed[visit] if name not in self._problem.kept]
        ways = [(each, way) for each in kept for way in self._ways(names)]
        if not ways:
            nothing = np.zeros(0, dtype=np.int64)
            return Options(nothing, nothing, nothing, (), self._problem.axis.atoms)
        priced = self._priced(visit)
        free = np.array(
            [self.free.starts(visit, {**each, **way})[priced.atoms] for each, way in ways]
        )
        open_ = free.any(axis=0)
        found = Options(
            atoms=priced.atoms[open_],
            cost=priced.cost[open_],
            made=free[:, open_].argmax(axis=0),
            choices=tuple(way for _, way in ways),
            axis_atoms=self._problem.axis.atoms,
        )
        self._let_stay(visit, found, free[:, open_], [each for each, _ in ways])
        return found

    def _priced(self, visit: int) -> Priced:
        """Every start that is possible for somebody, with its cost."""
        if visit not in self._priced_starts:
            ways = self._ways(list(self._claimed[visit]))
            free = np.zeros(self._problem.axis.atoms, dtype=bool)
            for way in ways:
                free |= self.free.starts(visit, way)
            atoms = np.flatnonzero(free)
            atoms = atoms[self._allowed(visit, atoms)]
            cost = self._own_cost(visit, atoms) + self._moving_cost(visit, atoms)
            self._priced_starts[visit] = Priced(atoms=atoms, cost=cost)
        return self._priced_starts[visit]

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

    def _moving_cost(self, visit: int, atoms: IntArray) -> IntArray:
        """What leaving a held time costs, as if nothing could stay."""
        problem, axis = self._problem, self._problem.axis
        held = problem.series.held.get(problem.visits[visit].code)
        if held is None:
            return np.zeros(len(atoms), dtype=np.int64)
        held_on = axis.day_index(held.starts_at.astimezone(axis.zone).date())
        other_day = (axis.day_of[atoms] != held_on).astype(np.int64)
        cost: IntArray = problem.weights.moved_day * other_day + problem.weights.moved
        return cost

    def _let_stay(
        self, visit: int, found: Options, free: BoolArray, kept: list[dict[str, str]]
    ) -> None:
        """Where a held visit can stay at its time with its choices, it does, and is not moved.

        `free` (ways, starts found) tells which choices are possible when, `kept` (ways) who is
        kept then.
        """
        problem = self._problem
        held = problem.series.held.get(problem.visits[visit].code)
        if held is None:
            return
        for place in np.flatnonzero(found.atoms == problem.axis.atom_at(held.starts_at)):
            for n, way in enumerate(found.choices):
                same = all(held.choices.get(name) == who for name, who in way.items())
                same = same and problem.keeps(problem.visits[visit], kept[n])
                if same and free[n, place]:
                    found.cost[place] -= problem.weights.moved
                    found.made[place] = n
                    return


def is_late(problem: Problem, visit: int, atoms: IntArray) -> BoolArray:
    """Does the middle of the patient's parts lie in the second half of the day?"""
    axis = problem.axis
    first, last = problem.visits[visit].patient_minutes
    atom, rest = divmod((first + last) / 2, axis.atom_minutes)
    shown = axis.minute_of[np.clip(atoms + int(atom), 0, axis.atoms - 1)] + rest
    late: BoolArray = shown >= NOON
    return late
