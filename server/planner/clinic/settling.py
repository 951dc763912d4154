"""Compiled: one series, exactly. Visits are settled one after the other, each for every possible
start of the one it hangs on; what stands between two visits is settled for both at once."""

import numpy as np

from server.planner.clinic.arrays import Clinic, Desk, InDays
from server.planner.clinic.compiling import compiled
from server.planner.clinic.folding import choose_folded, settle_folded
from server.planner.clinic.settling_tables import (
    index_ranges,
    least_in,
    least_table,
    logarithms,
    reach,
)
from server.planner.clinic.starts import IMPOSSIBLE
from server.planner.clinic.wishes import settle_wished, wish_cost

Settled = Clinic | InDays
"""By moments, or by days."""


@compiled
def settle_alone(clinic: Settled, desk: Desk, number: int) -> None:
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
def settle_between(clinic: Settled, desk: Desk, number: int, limit: int) -> None:
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
def settle_many_between(clinic: Settled, desk: Desk, number: int, limit: int) -> None:
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
def _add_between(clinic: Settled, desk: Desk, number: int, between: int, total: np.ndarray) -> None:
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
    """The least cost of all visits of a shape on the desk; IMPOSSIBLE if not below `limit`,
    TOO_MUCH where that is not worth the work."""
    if clinic.shapes[shape].folded:
        found: int = settle_folded(clinic, desk, shape, limit)
        return found
    total = 0
    for number in range(clinic.shapes[shape].step_from, clinic.shapes[shape].step_to):
        step = clinic.steps[number]
        if step.onto < 0:
            total += _choose_first(desk, step.visit)
            if total >= limit:
                return IMPOSSIBLE
        elif step.wishes:
            settle_wished(clinic, desk, number, limit)
        else:
            _settle_step(clinic, desk, number, limit)
    return total


@compiled
def settle_by_days(days: InDays, desk: Desk, shape: int, limit: int) -> int:
    """As `settle`, where only the day of each visit counts, and wishes do not."""
    if days.shapes[shape].folded:
        found: int = settle_folded(days, desk, shape, limit)
        return found
    total = 0
    for number in range(days.shapes[shape].step_from, days.shapes[shape].step_to):
        step = days.steps[number]
        if step.onto >= 0:
            _settle_step(days, desk, number, limit)
        else:
            total += _choose_first(desk, step.visit)
            if total >= limit:
                return IMPOSSIBLE
    return total


@compiled
def _choose_first(desk: Desk, visit: int) -> int:
    """What the cheapest start of a visit costs that all others hang on."""
    chosen = np.argmin(desk.cost[visit, : desk.work[visit].count])
    desk.work[visit].chosen = chosen
    cost: int = desk.cost[visit, chosen]
    return cost


@compiled
def _settle_step(clinic: Settled, desk: Desk, number: int, limit: int) -> None:
    step = clinic.steps[number]
    if step.between_to == step.between_from:
        settle_alone(clinic, desk, number)
    elif step.between_to == step.between_from + 1:
        settle_between(clinic, desk, number, limit)
    else:
        settle_many_between(clinic, desk, number, limit)


@compiled
def choose(clinic: Settled, desk: Desk, shape: int) -> None:
    """Follow the partners back: `chosen` for every visit, the last settled first."""
    row = clinic.shapes[shape]
    if row.folded:
        choose_folded(clinic, desk, shape)
        return
    for number in range(row.step_to - 1, row.step_from - 1, -1):
        step = clinic.steps[number]
        if step.onto >= 0:
            desk.work[step.visit].chosen = desk.partner[step.visit, desk.work[step.onto].chosen]
            for between in range(step.between_from, step.between_to):
                _choose_between(clinic, desk, number, between)


@compiled
def _choose_between(clinic: Settled, desk: Desk, number: int, between: int) -> None:
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
            if step.wishes:
                cost += wish_cost(clinic, row.to_onto, step.onto, one, row.visit, atom)
                cost += wish_cost(clinic, row.to_settled, step.visit, other, row.visit, atom)
            if cost < best:
                best = cost
                desk.work[row.visit].chosen = n
