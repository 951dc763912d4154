"""Parts of all plans of a series, solved as if visits could not get into each other's way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from server.planner.conflicts import Clash
from server.planner.elimination import Elimination, Setting
from server.planner.free import BoolArray, Chosen
from server.planner.options import Options
from server.planner.problem import Problem
from server.planner.relations import Relation
from server.planner.spacing import with_relation
from server.planner.starts import Starts, starts


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

    def narrows(self, visit: int) -> bool:
        """Is a visit pinned, or kept from a start?"""
        return visit in self.pinned or any(visit == banned for banned, _ in self.banned)

    def bound(self, relation: Relation) -> "Branch":
        """The branch under one more relation."""
        return replace(self, relations=with_relation(self.relations, relation))


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A branch with its eliminations, the leading visit's first; `lead` are the leading visit's
    starts at the least cost of all plans of the branch, clashes overlooked."""

    branch: Branch
    parts: tuple[Elimination, ...]
    lead: Starts


def solved(problem: Problem, branch: Branch, options: Mapping[int, Options]) -> Solved | None:
    """The least costs of a branch for each start of the leading visit; None where there are
    none."""
    setting = problem.setting(branch.relations)
    of_visits = _starts(problem, branch, options, setting)
    if not all(map(len, of_visits.values())):
        return None
    parts = []
    for group, relations in setting.groups:
        root = problem.lead if problem.lead in group else min(group)
        parts.append(Elimination(setting, of_visits, relations, root))
    parts.sort(key=lambda part: part.root != problem.lead)
    rest = branch.way.cost + sum(int(part.cost.min()) for part in parts[1:])
    lead = parts[0].total
    return Solved(branch=branch, parts=tuple(parts), lead=lead.costing(lead.cost + rest))


def _starts(
    problem: Problem, branch: Branch, options: Mapping[int, Options], setting: Setting
) -> dict[int, Starts]:
    """What is left of the options, days out of the leading visit's reach taken away."""
    axis, lead = problem.axis, options[problem.lead]
    leading = lead.atoms[_left(branch, problem, problem.lead, lead)]
    if not len(leading):
        return {problem.lead: starts(lead.atoms, lead.rank, lead.cost, 0, 0)}
    first, last = axis.day_of[leading[[0, -1]]]
    begin = axis.start_of(first + setting.nearest[problem.lead])
    end = axis.start_of(last + setting.farthest[problem.lead] + 1)
    found = {}
    for visit, each in options.items():
        left = each
        if branch.narrows(visit) or visit == problem.lead:
            left = each.only(_left(branch, problem, visit, each))
        first, last = int(left.rank[begin[visit]]), int(left.rank[end[visit]])
        found[visit] = starts(left.atoms, left.rank, left.cost, first, max(first, last))
    return found


def _left(branch: Branch, problem: Problem, visit: int, options: Options) -> BoolArray:
    """Which options a branch leaves a visit."""
    left = np.ones(len(options.atoms), dtype=bool)
    if visit == problem.lead:
        left &= (options.cost >= branch.band[0]) & (options.cost < branch.band[1])
    if visit in branch.pinned:
        left &= options.atoms == branch.pinned[visit]
    for banned, atom in branch.banned:
        if banned == visit:
            left &= options.atoms != atom
    return left
