"""How full a day can be at most: chairs that share nurses are not all taken all day, and half an
infusion is none.

The most that starts of a day can take of one bookable is a small linear program over all that they
need; its dual, made whole and proved again in whole numbers, is a bound. What is taken is a
multiple of what divides every stay, so the bound is rounded down to that.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.planner.clinic.arrays import Clinic, IntArray
from server.planner.clinic.by_day import ByDay

SCALE = 1 << 20
MOST_PIVOTS = 400
MOST_PROGRAMS, MOST_WORK = 60, 1 << 28
"""So many different days are looked into, and so many numbers changed for it; the other days count
as full when nothing is left."""
NOTHING = 1e-9
Floats = NDArray[np.float64]


@dataclass
class Work:
    """How many numbers may still be changed."""

    left: int


def most_of_days(clinic: Clinic, days: ByDay) -> IntArray:
    """The most that can be taken of each bookable on each day, in units times atoms; shape
    (bookables, days). Only shared bookables are looked into."""
    every = np.maximum(0, days.left).astype(np.int64)
    cells = np.add.reduceat(every, clinic.day_start[:-1], axis=1)
    known, patience = dict[tuple[object, ...], int](), Work(MOST_WORK)
    for bookable in np.flatnonzero(every.max(axis=1, initial=0) > 1):
        for day, columns in _columns(clinic, days, int(bookable)):
            begin, end = clinic.day_start[day], clinic.day_start[day + 1]
            left = every[:, begin:end]
            key = bookable, left.tobytes(), tuple((s, *(at - begin)) for s, at in columns)
            if key not in known and len(known) < MOST_PROGRAMS and patience.left > 0:
                there = [(s, at - begin) for s, at in columns]
                known[key] = _most(clinic, int(bookable), left, there, patience)
            cells[bookable, day] = min(cells[bookable, day], known.get(key, cells[bookable, day]))
    return cells


def _columns(
    clinic: Clinic, days: ByDay, bookable: int
) -> Iterator[tuple[int, list[tuple[int, IntArray]]]]:
    """For each day the staffings that take of a bookable, with their starts."""
    row = clinic.bookables[bookable]
    users = clinic.users[row["user_from"] : row["user_to"]].tolist()
    starts = [days.starts[days.starts_from[n] : days.starts_from[n + 1]] for n in users]
    cuts = [np.searchsorted(each, clinic.day_start) for each in starts]
    for day in range(len(clinic.day_start) - 1):
        found = [
            (n, each[cut[day] : cut[day + 1]])
            for n, each, cut in zip(users, starts, cuts, strict=True)
            if cut[day] < cut[day + 1]
        ]
        if found:
            yield day, found


def _most(
    clinic: Clinic,
    bookable: int,
    left: IntArray,
    columns: list[tuple[int, IntArray]],
    patience: Work,
) -> int:
    atoms, takes, worth = left.shape[1], list[IntArray](), list[int]()
    for staffing, starts in columns:
        row = clinic.staffings[staffing]
        needs = clinic.needs[row["need_from"] : row["need_to"]]
        of = needs[needs["bookable"] == bookable]
        stay = int((of["units"] * (of["end"] - of["begin"])).sum())
        for start in starts.tolist():
            taken = np.zeros(left.shape, dtype=np.int64)
            for need in needs:
                at = slice(start + need["begin"], min(atoms, start + need["end"]))
                taken[need["bookable"], at] += need["units"]
            takes.append(taken.reshape(-1))
            worth.append(stay)
    table, whole = np.array(takes), np.array(worth)
    used = np.flatnonzero(table.any(axis=0))
    return fullest(table[:, used], whole, left.reshape(-1)[used].astype(np.int64), patience)


def fullest(takes: IntArray, worth: IntArray, left: IntArray, patience: Work | None = None) -> int:
    """No whole numbers of columns are worth more: `takes` (columns, rows) is what each takes,
    `left` what there is of each row. The less `patience`, the higher above the true most it is."""
    found = _duals(takes, worth, left, patience or Work(MOST_WORK))
    duals = _proved(np.maximum(0, np.ceil(found * SCALE).astype(np.int64)), takes, worth)
    most, part = int(left @ duals) // SCALE, math.gcd(*worth.tolist())
    return most // part * part


def _proved(duals: IntArray, takes: IntArray, worth: IntArray) -> IntArray:
    """The duals, raised until no column is worth more than what it takes."""
    short = worth * SCALE - takes @ duals
    each = -(-short // np.maximum(1, takes.sum(axis=1)))
    return duals + max(0, int(each.max()))


def _duals(takes: IntArray, worth: IntArray, left: IntArray, patience: Work) -> Floats:
    """What a unit of each row is worth: by the simplex method, as far as it comes."""
    columns, rows = takes.shape
    table = np.hstack([takes.T.astype(float), np.eye(rows), left[:, None].astype(float)])
    gain = np.concatenate([worth.astype(float), np.zeros(rows + 1)])
    for _ in range(MOST_PIVOTS):
        enter = int(np.argmax(gain[:-1]))
        if gain[enter] <= NOTHING or patience.left < 0:
            break
        patience.left -= table.size
        slope = table[:, enter]
        ratio = np.where(slope > NOTHING, table[:, -1] / np.maximum(slope, NOTHING), np.inf)
        leave = int(np.argmin(ratio))
        table[leave] /= table[leave, enter]
        others = np.arange(rows) != leave
        table[others] -= np.outer(table[others, enter], table[leave])
        gain -= gain[enter] * table[leave]
    found: Floats = np.maximum(0, -gain[columns:-1])
    return found
