"""Compiled: one series, exactly. Visits are settled one after the other, each for every possible
start of the one it hangs on; what stands between two visits is settled for both at once."""

from typing import Any

import numpy as np

from server.planner.clinic.arrays import Clinic, Desk, IntArray, Rows
from server.planner.clinic.compiling import compiled, inlined
from server.planner.clinic.starts import IMPOSSIBLE


@inlined
def reach(
    row: Any, bounds: Rows, day_start: IntArray, table: Rows, known: int, atom: int
) -> tuple[int, int]:
    """First and last atom allowed for the other visit of a relation, `known` starting at `atom`."""
    days = len(day_start) - 1
    if known == row.first:
        low, high = atom + row.least, atom + row.most
    else:
        low, high = atom - row.most, atom - row.least
    for n in range(row.bound_from, row.bound_to):
        bound = bounds[n]
        if known == bound.visit:
            day = table[atom].day
            begin = day_start[min(max(day - bound.most, 0), days)] - bound.offset
            end = day_start[min(max(day - bound.least + 1, 0), days)] - bound.offset
        else:
            day = table[min(atom + bound.offset, len(table) - 1)].day
            begin = day_start[min(max(day + bound.least, 0), days)]
            end = day_start[min(max(day + bound.most + 1, 0), days)]
        low, high = max(low, begin), min(high, end - 1)
    return low, high


@compiled
def index_ranges(
    clinic: Clinic, desk: Desk, relation: int, known: int, sought: int
) -> tuple[np.ndarray, np.ndarray]:
    """For each start of `known`: the range of indices [begin, end) of starts of `sought`. Later
    starts never reach earlier ones than those before them."""
    begin = np.zeros(desk.work[known].count, dtype=np.int64)
    end = np.full(desk.work[known].count, desk.work[sought].count, dtype=np.int64)
    if relation >= 0:
        atoms, count, first, last = desk.atom[sought], desk.work[sought].count, 0, 0
        row, bounds, mine = clinic.relations[relation], clinic.bounds, desk.atom[known]
        day_start, table = clinic.day_start, clinic.atoms
        for n in range(len(begin)):
            low, high = reach(row, bounds, day_start, table, known, mine[n])
            while first < count and atoms[first] < low:
                first += 1
            while last < count and atoms[last] <= high:
                last += 1
            begin[n], end[n] = first, last
    return begin, end


@compiled
def least_table(costs: np.ndarray, count: int) -> np.ndarray:
    """Row k holds the least cost of every 2**k neighbours; shape (rows, count)."""
    rows = 1
    while (1 << rows) <= count:
        rows += 1
    table = np.empty((rows, count), dtype=np.int64)
    for n in range(count):
        table[0, n] = costs[n]
    for row in range(1, rows):
        half = 1 << (row - 1)
        for n in range(count - 2 * half + 1):
            table[row, n] = min(table[row - 1, n], table[row - 1, n + half])
    return table


@compiled
def logarithms(count: int) -> np.ndarray:
    """The row of a table that spans each length, 0 to `count`."""
    found = np.zeros(count + 1, dtype=np.int64)
    for n in range(2, count + 1):
        found[n] = found[n // 2] + 1
    return found


@inlined
def least_in(table: np.ndarray, rows: np.ndarray, begin: int, end: int) -> int:
    """The least cost in a range that is not empty."""
    row = rows[end - begin]
    least: int = min(table[row, begin], table[row, end - (1 << row)])
    return least


@compiled
def settle_alone(clinic: Clinic, desk: Desk, number: int) -> None:
    """A visit hangs on one other, with nothing between: the best of its range for each start."""
    step = clinic.steps[number]
    costs, onto = desk.cost[step.visit], desk.cost[step.onto]
    begin, end = index_ranges(clinic, desk, step.relation, step.onto, step.visit)
    for n in range(len(begin)):
        best, partner = IMPOSSIBLE, -1
        if onto[n] < IMPOSSIBLE:
            for m in range(begin[n], end[n]):
                if costs[m] < best:
                    best, partner = costs[m], m
                    if best == 0:
                        break
        desk.partner[step.visit, n] = partner
        onto[n] = IMPOSSIBLE if partner < 0 else onto[n] + best


@compiled
def settle_between(clinic: Clinic, desk: Desk, number: int, limit: int) -> None:
    """A visit hangs on one other, and one visit stands between the two: the best pair of ranges."""
    step = clinic.steps[number]
    between = clinic.betweens[step.between_from]
    costs, onto, middle = desk.cost[step.visit], desk.cost[step.onto], between.visit
    begin, end = index_ranges(clinic, desk, step.relation, step.onto, step.visit)
    a_begin, a_end = index_ranges(clinic, desk, between.to_onto, step.onto, middle)
    b_begin, b_end = index_ranges(clinic, desk, between.to_settled, step.visit, middle)
    table = least_table(desk.cost[middle], desk.work[middle].count)
    rows = logarithms(desk.work[middle].count)
    floor = table[0].min()
    least = least_table(costs, desk.work[step.visit].count)
    powers = logarithms(desk.work[step.visit].count)
    for n in range(len(begin)):
        best, partner = IMPOSSIBLE, -1
        if onto[n] < limit and begin[n] < end[n]:
            enough = floor + least_in(least, powers, begin[n], end[n])
            for m in range(begin[n], end[n]):
                low, high = max(a_begin[n], b_begin[m]), min(a_end[n], b_end[m])
                if low >= high or costs[m] + floor >= best:
                    continue
                cost = costs[m] + least_in(table, rows, low, high)
                if cost < best:
                    best, partner = cost, m
                    if best == enough:
                        break
        desk.partner[step.visit, n] = partner
        onto[n] = IMPOSSIBLE if partner < 0 else onto[n] + best


@compiled
def settle_many_between(clinic: Clinic, desk: Desk, number: int, limit: int) -> None:
    """As `settle_between`, with several visits between the two, independent of each other."""
    step = clinic.steps[number]
    costs, onto = desk.cost[step.visit], desk.cost[step.onto]
    begin, end = index_ranges(clinic, desk, step.relation, step.onto, step.visit)
    total = np.zeros((len(begin), desk.work[step.visit].count), dtype=np.int64)
    for between in range(step.between_from, step.between_to):
        _add_between(clinic, desk, number, between, total)
    for n in range(len(begin)):
        best, partner = IMPOSSIBLE, -1
        if onto[n] < limit:
            for m in range(begin[n], end[n]):
                cost = costs[m] + total[n, m]
                if cost < best:
                    best, partner = cost, m
        desk.partner[step.visit, n] = partner
        onto[n] = IMPOSSIBLE if partner < 0 else onto[n] + best


@compiled
def _add_between(clinic: Clinic, desk: Desk, number: int, between: int, total: np.ndarray) -> None:
    step, row = clinic.steps[number], clinic.betweens[between]
    count = desk.work[row.visit].count
    a_begin, a_end = index_ranges(clinic, desk, row.to_onto, step.onto, row.visit)
    b_begin, b_end = index_ranges(clinic, desk, row.to_settled, step.visit, row.visit)
    table, rows = least_table(desk.cost[row.visit], count), logarithms(count)
    for n in range(len(a_begin)):
        for m in range(len(b_begin)):
            low, high = max(a_begin[n], b_begin[m]), min(a_end[n], b_end[m])
            cost = IMPOSSIBLE
            if low < high:
                cost = least_in(table, rows, low, high)
            total[n, m] = min(IMPOSSIBLE, total[n, m] + cost)


@compiled
def settle(clinic: Clinic, desk: Desk, shape: int, limit: int) -> int:
    """The least cost of all visits of a shape on the desk, IMPOSSIBLE if not below `limit`."""
    total = 0
    for number in range(clinic.shapes[shape].step_from, clinic.shapes[shape].step_to):
        step = clinic.steps[number]
        if step.onto < 0:
            chosen = np.argmin(desk.cost[step.visit, : desk.work[step.visit].count])
            desk.work[step.visit].chosen = chosen
            total += desk.cost[step.visit, chosen]
            if total >= limit:
                return IMPOSSIBLE
        elif step.between_to == step.between_from:
            settle_alone(clinic, desk, number)
        elif step.between_to == step.between_from + 1:
            settle_between(clinic, desk, number, limit)
        else:
            settle_many_between(clinic, desk, number, limit)
    return total


@compiled
def choose(clinic: Clinic, desk: Desk, shape: int) -> None:
    """Follow the partners back: `chosen` for every visit, the last settled first."""
    row = clinic.shapes[shape]
    for number in range(row.step_to - 1, row.step_from - 1, -1):
        step = clinic.steps[number]
        if step.onto >= 0:
            desk.work[step.visit].chosen = desk.partner[step.visit, desk.work[step.onto].chosen]
            for between in range(step.between_from, step.between_to):
                _choose_between(clinic, desk, number, between)


@compiled
def _choose_between(clinic: Clinic, desk: Desk, number: int, between: int) -> None:
    step, row = clinic.steps[number], clinic.betweens[between]
    one = desk.atom[step.onto, desk.work[step.onto].chosen]
    other = desk.atom[step.visit, desk.work[step.visit].chosen]
    day_start, table, bounds = clinic.day_start, clinic.atoms, clinic.bounds
    relation = clinic.relations[row.to_onto]
    low, high = reach(relation, bounds, day_start, table, step.onto, one)
    relation = clinic.relations[row.to_settled]
    least, most = reach(relation, bounds, day_start, table, step.visit, other)
    low, high, best = max(low, least), min(high, most), IMPOSSIBLE
    for n in range(desk.work[row.visit].count):
        atom, cost = desk.atom[row.visit, n], desk.cost[row.visit, n]
        if low <= atom <= high and cost < best:
            best = cost
            desk.work[row.visit].chosen = n
