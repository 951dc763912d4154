"""Compiled: visits that a wish binds as well: so many days from another, each day off costing.

A wish compares a day of one visit with a day of the other. For a known day of the one, the starts
of the other fall into those up to that day and those after it, and in either part the cost changes
with the day alone; so the least cost of a stretch is still a look into a table, one for each way to
be before or after. Most windows and wishes look at days only, so neighbouring starts that nothing
can tell apart are worked on once.
"""

from typing import Any

import numpy as np

from server.planner.clinic.arrays import Clinic, Desk, InDays, Rows
from server.planner.clinic.compiling import compiled, inlined
from server.planner.clinic.settling_tables import index_ranges, least_in, least_table, logarithms
from server.planner.clinic.starts import IMPOSSIBLE

MOST_WISHES = 3
"""A visit between two that has more wishes is left to the complete search."""
BLOCK = 2 + 2 * MOST_WISHES
"""Columns of a sight for each visit between: its range, and turn and day of each wish."""


@inlined
def wished_day(target: Any, table: Rows, visit: int, atom: int) -> int:
    """The day of the visit that wishes, or the one wished as its anchor has it."""
    if visit == target.visit:
        day: int = table[atom].day
        return day
    found: int = table[min(max(atom + target.offset, 0), len(table) - 1)].day + target.days
    return found


@compiled
def wish_cost(
    clinic: Clinic | InDays, relation: int, one: int, one_atom: int, other: int, other_atom: int
) -> int:
    """What the days off all targets of a relation cost, both visits' starts known."""
    cost = 0
    if relation >= 0:
        row, table = clinic.relations[relation], clinic.atoms
        for n in range(row.target_from, row.target_to):
            target = clinic.targets[n]
            off = wished_day(target, table, one, one_atom) - wished_day(
                target, table, other, other_atom
            )
            cost += target.weight * abs(off)
    return cost


@compiled
def settle_wished(clinic: Clinic, desk: Desk, number: int, limit: int) -> None:
    """As `settle_alone` and `settle_between`, with wishes and with any number of visits between."""
    step = clinic.steps[number]
    onto, costs = desk.cost[step.onto], desk.cost[step.visit]
    mine = _sight(clinic, desk, number, step.onto, step.visit)
    theirs = _sight(clinic, desk, number, step.visit, step.onto)
    cheapest, group_of = _groups(costs, mine, theirs)
    weights, sides = _wishes(clinic, number)
    tables, powers, floor = _tables(clinic, desk, number)
    best, partner, known = IMPOSSIBLE, -1, -1
    for n in range(len(mine)):
        if onto[n] >= limit:
            desk.partner[step.visit, n], onto[n] = -1, IMPOSSIBLE
            continue
        if known < 0 or not _alike(mine, n, known, 0):
            best, partner = IMPOSSIBLE, -1
            for group in range(group_of[mine[n, 0]], group_of[mine[n, 1]]):
                m = cheapest[group]
                if costs[m] + floor < best:
                    cost = _pair(costs[m], best, mine, n, theirs, m, weights, sides, tables, powers)
                    if cost < best:
                        best, partner = cost, m
        known = n
        desk.partner[step.visit, n] = partner
        onto[n] = IMPOSSIBLE if partner < 0 else onto[n] + best


@compiled
def _alike(rows: np.ndarray, one: int, other: int, first: int) -> bool:
    """Are two rows the same from a column on?"""
    for column in range(first, rows.shape[1]):  # noqa: SIM110 - a generator is not compiled
        if rows[one, column] != rows[other, column]:
            return False
    return True


@compiled
def _targets(clinic: Clinic, relation: int) -> tuple[int, int]:
    if relation < 0:
        return 0, 0
    return clinic.relations[relation].target_from, clinic.relations[relation].target_to


@compiled
def _sight(clinic: Clinic, desk: Desk, number: int, known: int, other: int) -> np.ndarray:
    """All that the starts of one of a step's two visits tell about the others, a row for each: the
    range [begin, end) left to the other one, the day in each wish between the two, and a block for
    each visit between."""
    step = clinic.steps[number]
    first, last = _targets(clinic, step.relation)
    at, blocks = 2 + last - first, step.between_to - step.between_from
    rows = np.zeros((desk.work[known].count, at + blocks * BLOCK), dtype=np.int64)
    begin, end = index_ranges(clinic, desk, step.relation, known, other)
    for m in range(len(rows)):
        rows[m, 0], rows[m, 1] = begin[m], max(begin[m], end[m])
    for n in range(first, last):
        target = clinic.targets[n]
        for m in range(len(rows)):
            rows[m, 2 + n - first] = wished_day(target, clinic.atoms, known, desk.atom[known, m])
    for n in range(step.between_from, step.between_to):
        row = clinic.betweens[n]
        relation = row.to_onto if known == step.onto else row.to_settled
        begin, end = index_ranges(clinic, desk, relation, known, row.visit)
        for m in range(len(rows)):
            rows[m, at], rows[m, at + 1] = begin[m], end[m]
        _add_turns(clinic, desk, relation, known, row.visit, rows, at + 2)
        at += BLOCK
    return rows


@compiled
def _add_turns(
    clinic: Clinic, desk: Desk, relation: int, known: int, sought: int, rows: np.ndarray, at: int
) -> None:
    """For each start of `known` and each wish: from which start of `sought` on its day is later
    than the one compared with, and that day times the wish's weight."""
    first, last = _targets(clinic, relation)
    for n in range(first, last):
        target, place, table = clinic.targets[n], 0, clinic.atoms
        for m in range(len(rows)):
            day = wished_day(target, table, known, desk.atom[known, m])
            while (
                place < desk.work[sought].count
                and wished_day(target, table, sought, desk.atom[sought, place]) <= day
            ):
                place += 1
            rows[m, at], rows[m, at + 1] = place, target.weight * day
        at += 2


@compiled
def _groups(
    costs: np.ndarray, mine: np.ndarray, theirs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Neighbouring starts of the visit being settled that nothing can tell apart: the cheapest of
    each group; and for each start, and the end, the number of its group."""
    count, groups = len(theirs), -1
    cut = np.zeros(count + 1, dtype=np.uint8)
    for n in range(len(mine)):
        cut[mine[n, 0]], cut[mine[n, 1]] = 1, 1
    cheapest = np.zeros(count, dtype=np.int64)
    group_of = np.zeros(count + 1, dtype=np.int64)
    for m in range(count):
        if m == 0 or cut[m] or not _alike(theirs, m, m - 1, 2):
            groups += 1
            cheapest[groups] = m
        elif costs[m] < costs[cheapest[groups]]:
            cheapest[groups] = m
        group_of[m] = groups
    group_of[count] = groups + 1
    return cheapest, group_of


@compiled
def _wishes(clinic: Clinic, number: int) -> tuple[np.ndarray, np.ndarray]:
    """The weights of the wishes between a step's two visits; and for each visit between how many
    wishes it has with the one settled onto, and with the one being settled."""
    step = clinic.steps[number]
    first, last = _targets(clinic, step.relation)
    weights = np.zeros(last - first, dtype=np.int64)
    for n in range(first, last):
        weights[n - first] = clinic.targets[n].weight
    sides = np.zeros((step.between_to - step.between_from, 2), dtype=np.int64)
    for n in range(len(sides)):
        row = clinic.betweens[step.between_from + n]
        first, last = _targets(clinic, row.to_onto)
        sides[n, 0] = last - first
        first, last = _targets(clinic, row.to_settled)
        sides[n, 1] = last - first
    return weights, sides


@compiled
def _tables(clinic: Clinic, desk: Desk, number: int) -> tuple[np.ndarray, np.ndarray, int]:
    """For each visit between, and each way to be before or after its wishes' days, a table of its
    costs; the rows of tables by length; and what all visits between cost at least."""
    step, most, ways, floor = clinic.steps[number], 1, 1, 0
    _, sides = _wishes(clinic, number)
    for n in range(len(sides)):
        visit = clinic.betweens[step.between_from + n].visit
        most = max(most, desk.work[visit].count)
        ways = max(ways, 1 << (sides[n, 0] + sides[n, 1]))
        floor += desk.cost[visit, : desk.work[visit].count].min()
    powers = logarithms(most)
    found = np.zeros((len(sides), ways, powers[most] + 2, most), dtype=np.int64)
    for n in range(len(sides)):
        row = clinic.betweens[step.between_from + n]
        count = desk.work[row.visit].count
        for way in range(1 << (sides[n, 0] + sides[n, 1])):
            costs = desk.cost[row.visit, :count].copy()
            _add_days(clinic, desk, row.visit, row.to_onto, way, costs)
            _add_days(clinic, desk, row.visit, row.to_settled, way >> sides[n, 0], costs)
            table = least_table(costs, count)
            found[n, way, : len(table), :count] = table
    return found, powers, floor


@compiled
def _add_days(
    clinic: Clinic, desk: Desk, visit: int, relation: int, way: int, costs: np.ndarray
) -> None:
    """Add each start's day times the wish's weight where it comes after, take it off before."""
    first, last = _targets(clinic, relation)
    for n in range(first, last):
        target = clinic.targets[n]
        weight = target.weight if way >> (n - first) & 1 else -target.weight
        for m in range(len(costs)):
            costs[m] += weight * wished_day(target, clinic.atoms, visit, desk.atom[visit, m])


@compiled
def _pair(
    cost: int,
    limit: int,
    mine: np.ndarray,
    n: int,
    theirs: np.ndarray,
    m: int,
    weights: np.ndarray,
    sides: np.ndarray,
    tables: np.ndarray,
    powers: np.ndarray,
) -> int:
    """`cost` and what the wishes and the visits between add for one pair of starts; `limit` or more
    where it comes to that."""
    at = 2 + len(weights)
    for w in range(len(weights)):
        cost += weights[w] * abs(mine[n, 2 + w] - theirs[m, 2 + w])
    for k in range(len(sides)):
        if cost >= limit:
            return cost
        least = _least(mine, n, theirs, m, at, sides[k, 0], sides[k, 1], tables[k], powers)
        cost = min(IMPOSSIBLE, cost + least)
        at += BLOCK
    return cost


@compiled
def _least(
    mine: np.ndarray,
    n: int,
    theirs: np.ndarray,
    m: int,
    at: int,
    near: int,
    far: int,
    tables: np.ndarray,
    powers: np.ndarray,
) -> int:
    """What a visit between, whose block begins at column `at`, costs at least: over every way to
    be before or after each wish's day."""
    low, high = max(mine[n, at], theirs[m, at]), min(mine[n, at + 1], theirs[m, at + 1])
    least = IMPOSSIBLE
    for way in range(1 << (near + far)):
        first, last, level = low, high, 0
        for wish in range(near + far):
            if wish < near:
                turn, day = mine[n, at + 2 + 2 * wish], mine[n, at + 3 + 2 * wish]
            else:
                place = at + 2 + 2 * (wish - near)
                turn, day = theirs[m, place], theirs[m, place + 1]
            if way >> wish & 1:
                first, level = max(first, turn), level - day
            else:
                last, level = min(last, turn), level + day
        if first < last:
            least = min(least, level + least_in(tables[way], powers, first, last))
    return least
