"""Compiled: series whose visits bind each other in circles, as where each therapy hour is bound to
an infusion and to the therapy hour before it.

A visit bound to two others is folded into these two: a table holds, for every pair of their starts,
the least that it costs. Then the two are bound by that table, and the next visit is folded. What
needs larger tables than `Desk.tables` holds, or more work than is worth it, is left to others.
"""

import numpy as np

from server.planner.clinic.arrays import Clinic, Desk, InDays
from server.planner.clinic.compiling import compiled
from server.planner.clinic.settling_tables import index_ranges, reach
from server.planner.clinic.starts import IMPOSSIBLE
from server.planner.clinic.wishes import wish_cost

TOO_MUCH = -1
MOST_WORK = 100_000_000
"""So many combinations of starts are looked at for one visit."""
NO_TABLE = (0, 0, 0)


@compiled
def settle_folded(clinic: Clinic | InDays, desk: Desk, shape: int, limit: int) -> int:
    """The least cost of all visits of a shape on the desk; IMPOSSIBLE if not below `limit`,
    TOO_MUCH where it is not worth the work."""
    total, row = 0, clinic.shapes[shape]
    if not _lay_tables(clinic, desk, shape):
        return TOO_MUCH
    for number in range(row.step_from, row.step_to):
        step = clinic.steps[number]
        if step.onto < 0:
            costs = desk.cost[step.visit, : desk.work[step.visit].count]
            chosen = np.argmin(costs)
            desk.work[step.visit].chosen = chosen
            total += costs[chosen]
            if total >= limit:
                return IMPOSSIBLE
        elif step.also < 0:
            _fold_into_one(clinic, desk, shape, number, limit)
        elif not _fold_into_two(clinic, desk, shape, number, limit):
            return TOO_MUCH
    return total


@compiled
def choose_folded(clinic: Clinic | InDays, desk: Desk, shape: int) -> None:
    """Follow the tables back: `chosen` for every visit, the last settled first."""
    row = clinic.shapes[shape]
    for number in range(row.step_to - 1, row.step_from - 1, -1):
        if clinic.steps[number].onto >= 0:
            _choose(clinic, desk, shape, number)


@compiled
def _lay_tables(clinic: Clinic | InDays, desk: Desk, shape: int) -> bool:
    """Make room for the tables of a shape, nothing in them; False if there is not enough."""
    row, end = clinic.shapes[shape], 0
    for n in range(row.fold_from, row.fold_to):
        pair = clinic.folds[n]
        desk.tables_at[n - row.fold_from] = end
        end += desk.work[pair.one].count * desk.work[pair.other].count
        if end > len(desk.tables):
            return False
    desk.tables[:end] = 0
    return True


@compiled
def _table(
    clinic: Clinic | InDays, desk: Desk, shape: int, fold: int, one: int
) -> tuple[int, int, int]:
    """Where a table begins, and how far apart neighbours stand in it: starts of `one`, and those of
    the other visit."""
    if fold < 0:
        return NO_TABLE
    row = clinic.shapes[shape]
    pair, begin = clinic.folds[row.fold_from + fold], desk.tables_at[fold]
    wide: int = desk.work[pair.other].count
    if one == pair.one:
        return begin, wide, 1
    return begin, 1, wide


@compiled
def _fold_into_one(
    clinic: Clinic | InDays, desk: Desk, shape: int, number: int, limit: int
) -> None:
    """A visit bound to one other: the best of its range for each start of that one."""
    step = clinic.steps[number]
    costs, onto = desk.cost[step.visit], desk.cost[step.onto]
    begin, end = index_ranges(clinic, desk, step.relation, step.onto, step.visit)
    at, mine, theirs = _table(clinic, desk, shape, step.near, step.visit)
    for n in range(len(begin)):
        best = IMPOSSIBLE
        if onto[n] < limit:
            for m in range(begin[n], end[n]):
                cost = costs[m]
                if step.near >= 0:
                    cost += desk.tables[at + m * mine + n * theirs]
                if cost < best and step.wishes:
                    cost += _wished(clinic, desk, step.relation, step.onto, n, step.visit, m)
                best = min(best, cost)
        onto[n] = min(IMPOSSIBLE, onto[n] + best)


@compiled
def _fold_into_two(
    clinic: Clinic | InDays, desk: Desk, shape: int, number: int, limit: int
) -> bool:
    """A visit bound to two others: add to their table what it costs. False: too much work."""
    step, work = clinic.steps[number], 0
    costs, onto, tables = desk.cost[step.visit], desk.cost[step.onto], desk.tables
    begin, end = index_ranges(clinic, desk, step.relation, step.onto, step.visit)
    first, last = index_ranges(clinic, desk, step.other, step.visit, step.also)
    near, mine, theirs = _table(clinic, desk, shape, step.near, step.visit)
    into, one, other = _table(clinic, desk, shape, step.makes, step.onto)
    found = np.empty(desk.work[step.also].count, dtype=np.int64)
    for n in range(len(begin)):
        found[:] = IMPOSSIBLE
        if onto[n] < limit:
            for m in range(begin[n], end[n]):
                cost = (
                    costs[m] if step.near < 0 else costs[m] + tables[near + m * mine + n * theirs]
                )
                if step.wishes:
                    cost += _wished(clinic, desk, step.relation, step.onto, n, step.visit, m)
                if cost < limit:
                    work += last[m] - first[m]
                    _lower(clinic, desk, shape, number, m, first[m], last[m], cost, found)
        if work > MOST_WORK:
            return False
        for k in range(len(found)):
            place = into + n * one + k * other
            tables[place] = min(IMPOSSIBLE, tables[place] + found[k])
    return True


@compiled
def _lower(
    clinic: Clinic | InDays,
    desk: Desk,
    shape: int,
    number: int,
    m: int,
    first: int,
    last: int,
    cost: int,
    found: np.ndarray,
) -> None:
    """What the start `m` of a visit costs with each start of the second visit that it hangs on, if
    that is less than what was found so far; `cost` it costs without."""
    step, tables = clinic.steps[number], desk.tables
    far, mine, theirs = _table(clinic, desk, shape, step.far, step.visit)
    for k in range(first, last):
        here = cost
        if step.far >= 0:
            here += tables[far + m * mine + k * theirs]
        if step.wishes and here < found[k]:
            here += _wished(clinic, desk, step.other, step.visit, m, step.also, k)
        found[k] = min(found[k], here)


@compiled
def _wished(
    clinic: Clinic | InDays, desk: Desk, relation: int, one: int, n: int, other: int, m: int
) -> int:
    cost: int = wish_cost(clinic, relation, one, desk.atom[one, n], other, desk.atom[other, m])
    return cost


@compiled
def _left(clinic: Clinic | InDays, desk: Desk, number: int) -> tuple[int, int]:
    """First and last atom that what is chosen for one or two others leaves a visit."""
    step = clinic.steps[number]
    bounds, day_start, atoms = clinic.bounds, clinic.day_start, clinic.atoms
    known, row = step.onto, clinic.relations[step.relation]
    low, high = reach(
        row, bounds, day_start, atoms, known, desk.atom[known, desk.work[known].chosen]
    )
    if step.also >= 0:
        known, row = step.also, clinic.relations[step.other]
        at = desk.atom[known, desk.work[known].chosen]
        least, most = reach(row, bounds, day_start, atoms, known, at)
        low, high = max(low, least), min(high, most)
    return low, high


@compiled
def _choose(clinic: Clinic | InDays, desk: Desk, shape: int, number: int) -> None:
    """The best start of a visit, those chosen of the one or two that it was folded into."""
    step, best = clinic.steps[number], IMPOSSIBLE
    low, high = _left(clinic, desk, number)
    n, k = desk.work[step.onto].chosen, desk.work[max(0, step.also)].chosen
    near, near_mine, near_theirs = _table(clinic, desk, shape, step.near, step.visit)
    far, far_mine, far_theirs = _table(clinic, desk, shape, step.far, step.visit)
    for m in range(desk.work[step.visit].count):
        cost = desk.cost[step.visit, m]
        if not low <= desk.atom[step.visit, m] <= high:
            continue
        if step.near >= 0:
            cost += desk.tables[near + m * near_mine + n * near_theirs]
        if step.far >= 0:
            cost += desk.tables[far + m * far_mine + k * far_theirs]
        if step.wishes:
            cost += _wished(clinic, desk, step.relation, step.onto, n, step.visit, m)
            if step.also >= 0:
                cost += _wished(clinic, desk, step.other, step.visit, m, step.also, k)
        if cost < best:
            best = cost
            desk.work[step.visit].chosen = m
