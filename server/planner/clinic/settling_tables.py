"""Compiled: which starts of one visit another's leaves it, and the least cost of any stretch."""

from typing import Any

import numpy as np

from server.planner.clinic.arrays import Clinic, Desk, InDays, IntArray, Rows
from server.planner.clinic.compiling import compiled, inlined


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
    clinic: Clinic | InDays, desk: Desk, relation: int, known: int, sought: int
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
