"""Further plans that differ from the best in a way a person cares about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from server.domain.placement import SeriesPlan
from server.planner.axis import IntArray
from server.planner.series.free import BoolArray
from server.planner.series.options import is_late
from server.planner.series.problem import Problem
from server.planner.series.search import Search, Wanted


@dataclass(frozen=True, slots=True)
class Character:
    """What a person sees first in a plan: the day (number) on which it begins, who is kept, and
    whether it begins in the second half of the day."""

    day: int
    kept: Mapping[str, str]
    late: bool


def ranked(search: Search, count: int) -> list[SeriesPlan]:
    """Up to `count` plans of different character, the best first; [] where there is none.

    After the best come, cheapest first: the best that begins on another day, the best with
    somebody else kept, the best that begins in the other half of the day. If more are asked for,
    the next best of a character not seen yet.
    """
    best = search.best(everything)
    if best is None or count < 1:
        return []
    if count == 1:
        return [best]
    plans = _different([best, *_of_other_kinds(search, best)], search.problem)[:count]
    while len(plans) < count:
        more = search.best(_unlike(search.problem, plans))
        if more is None:
            break
        plans.append(more)
    return plans[:1] + sorted(plans[1:], key=lambda plan: plan.cost)


def everything(_: Mapping[str, str], atoms: IntArray) -> BoolArray:
    """Every start is welcome."""
    return np.ones(len(atoms), dtype=bool)


def _of_other_kinds(search: Search, best: SeriesPlan) -> list[SeriesPlan]:
    """The best of each kind, cheapest first."""
    found = (search.best(wanted) for wanted in _kinds(search.problem, best))
    return sorted((plan for plan in found if plan is not None), key=lambda plan: plan.cost)


def _kinds(problem: Problem, best: SeriesPlan) -> Iterator[Wanted]:
    seen = _character(problem, best)
    day_of = problem.axis.day_of
    yield lambda _, atoms: day_of[atoms] != seen.day
    yield lambda kept, atoms: np.full(len(atoms), kept != seen.kept)
    yield lambda _, atoms: is_late(problem, problem.lead, atoms) != seen.late


def _unlike(problem: Problem, plans: list[SeriesPlan]) -> Wanted:
    """Plans of a character that none of these has."""
    seen = [_character(problem, plan) for plan in plans]

    def wanted(kept: Mapping[str, str], atoms: IntArray) -> BoolArray:
        left = np.ones(len(atoms), dtype=bool)
        for each in seen:
            same = is_late(problem, problem.lead, atoms) == each.late
            same &= problem.axis.day_of[atoms] == each.day
            left &= ~(same & (kept == each.kept))
        return left

    return wanted


def _different(plans: list[SeriesPlan], problem: Problem) -> list[SeriesPlan]:
    """The plans without those whose character came before."""
    kept: list[SeriesPlan] = []
    for plan in plans:
        seen = [_character(problem, each) for each in kept]
        if _character(problem, plan) not in seen:
            kept.append(plan)
    return kept


def _character(problem: Problem, plan: SeriesPlan) -> Character:
    atom = problem.axis.atom_at(plan.placements[problem.lead].starts_at)
    assert atom is not None
    at = np.array([atom])
    return Character(
        day=int(problem.axis.day_of[atom]),
        kept=plan.choices,
        late=bool(is_late(problem, problem.lead, at)[0]),
    )
