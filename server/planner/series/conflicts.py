"""Where visits of one series get into each other's way, which relations alone do not see.

A patient cannot be at two visits at once, and two visits at one time may together take more of a
pool than there is. Both are rare, so they are looked for in the answer and forbidden when found.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from server.planner.axis import IntArray
from server.planner.calendar import PATIENT
from server.planner.series.free import Chosen
from server.planner.series.needs import Need, needs, patient_stays
from server.planner.series.options import OptionFinder
from server.planner.series.problem import Problem

Times = Mapping[int, int]
"""Visits with the atoms at which they start."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Visits that cannot all be where they are; `extra` is what other choices would cost that
    make it possible after all, None where there are none. `before` and `after` are, for two
    visits, how many atoms the second must start after the first, or the first after the second."""

    visits: tuple[int, ...]
    atoms: tuple[int, ...]
    extra: int | None = None
    before: int = 0
    after: int = 0
    decided: bool = False
    """True where being before or after is all there is to choose between."""

    def at(self, visit: int) -> int:
        """Where one of the visits is."""
        return self.atoms[self.visits.index(visit)]

    def settled(self, pinned: Collection[int]) -> bool:
        """Is there nothing left to decide?"""
        return set(self.visits) <= set(pinned)


@dataclass(frozen=True, slots=True)
class Inspection:
    """The choices per visit that fit, and all clashes."""

    choices: Mapping[int, Chosen]
    clashes: tuple[Clash, ...]


class Inspector:
    """Looks a series' times over, for one way of making the kept choices."""

    def __init__(self, problem: Problem, finder: OptionFinder, kept: Chosen) -> None:
        self._problem, self._finder, self._kept = problem, finder, kept
        atom = problem.axis.atom_minutes
        self._lengths = [visit.minutes // atom for visit in problem.visits]
        self._stays = [patient_stays(visit, atom) for visit in problem.visits]

    def inspect(self, times: Times) -> Inspection:
        """All that is wrong with the times, and the best choices for them."""
        choices = {visit: self._made(visit, atom) for visit, atom in times.items()}
        clashes = list(self._at_both(times))
        for group in self._together(times):
            extra, made = self._best_choices(group, times)
            choices |= made
            if extra != 0:
                clashes.append(self._group_clash(group, times, extra))
        return Inspection(choices=choices, clashes=tuple(clashes))

    def prefer(self, visit: int, atoms: IntArray, times: Times) -> int:
        """Of equally good starts, the first that meets no visit placed so far, if there is one."""
        if len(atoms) == 1:
            return 0
        free = np.ones(len(atoms), dtype=bool)
        for other, at in times.items():
            free &= (atoms + self._lengths[visit] <= at) | (atoms >= at + self._lengths[other])
        return int(free.argmax())

    def _made(self, visit: int, atom: int) -> Chosen:
        if not self._finder.chooses(visit):
            return {}
        options = self._finder.options(visit, self._kept)
        return options.choices[int(options.made[options.rank[atom]])]

    def _needs(self, visit: int, chosen: Chosen) -> tuple[Need, ...]:
        definition = self._problem.visits[visit]
        return needs(definition, self._problem.axis.atom_minutes, {**self._kept, **chosen})

    def _at_both(self, times: Times) -> Iterator[Clash]:
        """Pairs of visits that the patient would have to attend at once."""
        for one, other in combinations(sorted(times), 2):
            if _overlap(self._stays[one], times[one], self._stays[other], times[other]):
                mine, theirs = self._stays[one], self._stays[other]
                yield Clash(
                    visits=(one, other),
                    atoms=(times[one], times[other]),
                    before=mine[-1].end - theirs[0].begin,
                    after=theirs[-1].end - mine[0].begin,
                    decided=len(mine) == len(theirs) == 1,
                )

    def _together(self, times: Times) -> Iterator[tuple[int, ...]]:
        """Groups of visits that overlap in time, turnover and all, one through another."""
        group: list[int] = []
        ends = 0
        for visit in sorted(times, key=lambda each: (times[each], each)):
            if group and times[visit] >= ends:
                yield from _several(group)
                group, ends = [], 0
            group.append(visit)
            ends = max(ends, times[visit] + self._lengths[visit])
        yield from _several(group)

    def _best_choices(
        self, group: Sequence[int], times: Times
    ) -> tuple[int | None, dict[int, Chosen]]:
        """The cheapest choices with which a group fits in, and what they cost beyond those made;
        None where nothing fits."""
        best: tuple[int | None, dict[int, Chosen]] = (None, {})
        for ways in product(*(self._possible(visit, times[visit]) for visit in group)):
            extra = sum(cost for cost, _ in ways)
            made = {visit: way for visit, (_, way) in zip(group, ways, strict=True)}
            if (best[0] is None or extra < best[0]) and self._fits(made, times):
                best = extra, made
        return best

    def _possible(self, visit: int, atom: int) -> list[tuple[int, Chosen]]:
        """Choices per visit that are free then, with what each costs beyond the one made."""
        made, options = self._made(visit, atom), self._finder.options(visit, self._kept)
        free = [way for way in options.choices if self._is_free(visit, way, atom)]
        return [(self._cost_beyond(visit, atom, made, way), way) for way in free]

    def _is_free(self, visit: int, way: Chosen, atom: int) -> bool:
        return bool(self._finder.free.starts(visit, {**self._kept, **way})[atom])

    def _cost_beyond(self, visit: int, atom: int, made: Chosen, way: Chosen) -> int:
        problem = self._problem
        held = problem.series.held.get(problem.visits[visit].code)
        if held is None or problem.axis.atom_at(held.starts_at) != atom:
            return 0
        stays = all(held.choices.get(name) == who for name, who in made.items())
        stays = stays and problem.keeps(problem.visits[visit], self._kept)
        return problem.weights.moved if stays and way != made else 0

    def _fits(self, made: Mapping[int, Chosen], times: Times) -> bool:
        """Do these visits together leave every pool enough?"""
        taken: dict[str, dict[int, int]] = {}
        for visit, chosen in made.items():
            for need in self._needs(visit, chosen):
                by_atom = taken.setdefault(need.bookable, {})
                for atom in range(times[visit] + need.begin, times[visit] + need.end):
                    by_atom[atom] = by_atom.get(atom, 0) + need.units
        return all(
            not units or units <= self._problem.grid.supply(bookable).left[atom]
            for bookable, by_atom in taken.items()
            if bookable != PATIENT
            for atom, units in by_atom.items()
        )

    def _group_clash(self, group: tuple[int, ...], times: Times, extra: int | None) -> Clash:
        lengths = [self._lengths[visit] for visit in group]
        atoms = tuple(times[visit] for visit in group)
        return Clash(visits=group, atoms=atoms, extra=extra, before=lengths[0], after=lengths[-1])


def _several(group: list[int]) -> Iterator[tuple[int, ...]]:
    if len(group) > 1:
        yield tuple(sorted(group))


def _overlap(stays: Sequence[Need], at: int, others: Sequence[Need], other_at: int) -> bool:
    return any(
        at + one.begin < other_at + other.end and other_at + other.begin < at + one.end
        for one in stays
        for other in others
    )
