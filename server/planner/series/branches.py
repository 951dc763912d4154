"""Parts of all plans of a series, solved as if visits could not get into each other's way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from server.planner.axis import IntArray
from server.planner.patience import Patience
from server.planner.series.conflicts import Clash
from server.planner.series.elimination import Elimination, Setting
from server.planner.series.free import BoolArray, Chosen
from server.planner.series.minima import IMPOSSIBLE
from server.planner.series.options import OptionFinder, Options
from server.planner.series.problem import Problem
from server.planner.series.relations import Relation
from server.planner.series.spacing import with_relation
from server.planner.series.starts import Starts, starts


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way to make the kept choices, and what that costs."""

    kept: Chosen
    cost: int


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Part of all plans: some visits pinned to a start, some kept from one, more relations.
    `close` are visits of which it is settled that they overlap; the leading visit's starts are
    those that cost by themselves at least `band[0]` and less than `band[1]`."""

    way: Way
    relations: tuple[Relation, ...]
    band: tuple[int, int]
    pinned: Mapping[int, int] = field(default_factory=dict)
    banned: frozenset[tuple[int, int]] = frozenset()
    close: frozenset[tuple[int, ...]] = frozenset()
    depth: int = 0

    def split(self, clash: Clash) -> Iterator["Branch"]:
        """Smaller branches that hold every plan of this one between them, and the clash in none;
        nothing where all its visits are pinned."""
        deeper = replace(self, depth=self.depth + 1)
        if len(clash.visits) == 2 and clash.visits not in self.close:
            first, second = clash.visits
            yield deeper.bound(Relation(first, second, least=clash.before))
            yield deeper.bound(Relation(first, second, most=-clash.after))
            if not clash.decided:
                between = Relation(first, second, least=1 - clash.after, most=clash.before - 1)
                yield replace(deeper.bound(between), close=self.close | {clash.visits})
            return
        free = next((visit for visit in clash.visits if visit not in self.pinned), None)
        if free is not None:
            here = free, clash.at(free)
            yield replace(deeper, pinned={**self.pinned, here[0]: here[1]})
            yield replace(deeper, banned=self.banned | {here})

    def bound(self, relation: Relation) -> "Branch":
        """The branch under one more relation."""
        return replace(self, relations=with_relation(self.relations, relation))


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A branch with its eliminations, the leading visit's first. It is their case `case`, for
    several branches may be solved together. `places` are the leading visit's flat places of that
    case, `atoms` its starts, `cost` the least cost of all plans, clashes overlooked."""

    branch: Branch
    parts: tuple[Elimination, ...]
    case: int
    places: IntArray
    atoms: IntArray
    cost: IntArray


def solved(
    problem: Problem,
    finder: OptionFinder,
    branches: Sequence[Branch],
    patience: Patience | None = None,
) -> list[Solved]:
    """The least costs of some branches for each start of the leading visit.

    The branches differ in who is kept only, or there is just one. [] where there is nothing to
    begin with. Raises Late.
    """
    setting = problem.setting(branches[0].relations)
    if patience is not None:
        setting = replace(setting, patience=patience)
    of_visits = _starts(problem, finder, branches, setting)
    if not all(map(len, of_visits.values())):
        return []
    parts = []
    for group, relations in setting.groups:
        root = problem.lead if problem.lead in group else min(group)
        parts.append(Elimination(setting, of_visits, relations, root))
    parts.sort(key=lambda part: part.root != problem.lead)
    rest = np.sum([part.total.least_by_case() for part in parts[1:]], axis=0)
    rest = rest + np.array([branch.way.cost for branch in branches])
    return [
        _of_case(branch, tuple(parts), case, int(rest[case]))
        for case, branch in enumerate(branches)
    ]


def _of_case(branch: Branch, parts: tuple[Elimination, ...], case: int, rest: int) -> Solved:
    lead = parts[0].total
    places = lead.places(case)
    return Solved(
        branch=branch,
        parts=parts,
        case=case,
        places=places,
        atoms=lead.atom[places],
        cost=lead.cost[places] + rest,
    )


def _starts(
    problem: Problem, finder: OptionFinder, branches: Sequence[Branch], setting: Setting
) -> dict[int, Starts]:
    """What is left of all options, days out of the leading visit's reach taken away."""
    axis, rows = problem.axis, [_rows(problem, finder, branches, n) for n in _numbers(problem)]
    leading = rows[problem.lead].options.atoms
    if not len(leading):
        return {problem.lead: rows[problem.lead].starts(0, 0)}
    first, last = axis.day_of[leading[[0, -1]]]
    begin = axis.start_of(first + setting.nearest[problem.lead])
    end = axis.start_of(last + setting.farthest[problem.lead] + 1)
    return {n: rows[n].starts(int(begin[n]), int(end[n])) for n in _numbers(problem)}


def _numbers(problem: Problem) -> range:
    return range(len(problem.visits))


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """A visit's options, with their costs in every branch: shape (branches, options)."""

    options: Options
    costs: IntArray

    def starts(self, begin: int, end: int) -> Starts:
        """Those from one atom to before another."""
        first, last = int(self.options.rank[begin]), int(self.options.rank[max(begin, end)])
        costs = self.costs[:, first:last]
        return starts(self.options.atoms, self.options.rank, costs, first)


def _rows(problem: Problem, finder: OptionFinder, branches: Sequence[Branch], visit: int) -> _Rows:
    """A branch by itself may pin visits; several differ only in who is kept."""
    options = finder.whoever(visit)
    costs = np.array([finder.costs(visit, branch.way.kept) for branch in branches])
    left = _left(problem, branches[0], visit, options)
    if len(branches) == 1:
        left &= costs[0] < IMPOSSIBLE
    if not left.all():
        options, costs = options.only(left), costs[:, left]
    return _Rows(options=options, costs=costs)


def _left(problem: Problem, branch: Branch, visit: int, options: Options) -> BoolArray:
    """Which options the band, pins and bans leave a visit."""
    left = np.ones(len(options.atoms), dtype=bool)
    if visit == problem.lead:
        left &= (options.cost >= branch.band[0]) & (options.cost < branch.band[1])
    if visit in branch.pinned:
        left &= options.atoms == branch.pinned[visit]
    for banned, atom in branch.banned:
        if banned == visit:
            left &= options.atoms != atom
    return left
