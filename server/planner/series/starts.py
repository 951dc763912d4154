"""The possible starts of one visit with their costs, in one or in many cases at once.

A "case" supposes that some other visit takes place on a given day (or at a given time). In every
case a visit has a stretch of its base list; the stretches of all cases lie one behind the other in
flat arrays, so that one array operation answers for all cases.
"""

from dataclasses import dataclass, replace

import numpy as np

from server.planner.axis import IntArray, TimeAxis, between
from server.planner.series.minima import least


@dataclass(frozen=True, slots=True, eq=False)
class Starts:
    """`base` (ascending atoms) and `rank` (atoms + 1: how many of base lie before an atom) are
    shared by all cases; `begin`, `end` (cases) are stretches of base; `offset` (cases + 1) is
    where each begins in the flat arrays `case`, `atom` and `cost`."""

    base: IntArray
    rank: IntArray
    begin: IntArray
    end: IntArray
    offset: IntArray
    case: IntArray
    atom: IntArray
    cost: IntArray

    def __len__(self) -> int:
        return len(self.atom)

    def locate(self, cases: IntArray, atoms: IntArray) -> IntArray:
        """Flat places of the first starts in the given cases that are not before the atoms."""
        rank = self.rank[between(atoms, 0, len(self.rank) - 1)]
        if len(self.begin) == 1 and len(self.atom) == len(self.base):
            return rank  # the only case has the whole list
        begin = self.begin[cases]
        found: IntArray = self.offset[cases] - begin + between(rank, begin, self.end[cases])
        return found

    def costing(self, cost: IntArray) -> "Starts":
        """The same starts at other costs; flat."""
        return replace(self, cost=cost)

    def least_by_case(self) -> IntArray:
        """The least cost in every case; shape (cases,)."""
        return least(self.cost, self.offset[:-1], self.offset[1:])

    def places(self, case: int) -> IntArray:
        """The flat places of one case."""
        return np.arange(self.offset[case], self.offset[case + 1])


def ranks(atoms: IntArray, axis_atoms: int) -> IntArray:
    """Shape (axis_atoms + 1,): how many of the given atoms lie before each."""
    here = np.zeros(axis_atoms + 1, dtype=np.int64)
    here[atoms + 1] = 1
    ranked: IntArray = np.cumsum(here)
    return ranked


def starts(base: IntArray, rank: IntArray, costs: IntArray, begin: int) -> Starts:
    """A stretch of `base` from place `begin` on, at other costs in every case: `costs` has shape
    (cases, length of the stretch)."""
    cases, length = costs.shape
    return Starts(
        base=base,
        rank=rank,
        begin=np.full(cases, begin),
        end=np.full(cases, begin + length),
        offset=np.arange(cases + 1) * length,
        case=np.repeat(np.arange(cases), length),
        atom=np.tile(base[begin : begin + length], cases),
        cost=costs.reshape(-1),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Copied:
    """Starts spread over new cases; `origin` is each one's place in the flat arrays before."""

    starts: Starts
    origin: IntArray


def spread(old: Starts, cases: IntArray, begin: IntArray, end: IntArray) -> Copied:
    """A copy for every new case. All arrays have shape (new cases,): the old case that each
    belongs to, and the part [begin, end) of that one's flat places which is left."""
    end = np.maximum(end, begin)
    lengths = end - begin
    offset = np.concatenate(([0], np.cumsum(lengths)))
    origin = np.arange(offset[-1]) + np.repeat(begin - offset[:-1], lengths)
    to_base = old.begin[cases] - old.offset[cases]
    copied = Starts(
        base=old.base,
        rank=old.rank,
        begin=begin + to_base,
        end=end + to_base,
        offset=offset,
        case=np.repeat(np.arange(len(cases)), lengths),
        atom=old.atom[origin],
        cost=old.cost[origin],
    )
    return Copied(starts=copied, origin=origin)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Runs of starts in one case that no relation can tell apart: `first` (cells) is the flat
    place where each begins, `of` (flat) the cell of each start."""

    first: IntArray
    of: IntArray


def cells(of: Starts, axis: TimeAxis, offsets: set[int]) -> Cells:
    """Runs with the same days at all the given offsets (atoms after the start)."""
    new = _changes(of.case)
    for offset in offsets:
        new |= _changes(axis.day_at(of.atom + offset))
    return _cells(new)


def single_cells(of: Starts) -> Cells:
    """Each start by itself."""
    return _cells(np.ones(len(of), dtype=bool))


def by_cell(of: Starts, axis: TimeAxis, offsets: set[int], runs: Cells) -> Starts:
    """One start for each cell, at its least cost. Correct for relations that look at days at
    those offsets only."""
    if not len(of):
        return of
    base_new = np.zeros(len(of.base), dtype=bool)
    base_new[:1] = True
    for offset in offsets:
        base_new |= _changes(axis.day_at(of.base + offset))
    number = np.cumsum(base_new) - 1
    empty = of.end <= of.begin
    begin = number[np.minimum(of.begin, len(number) - 1)]
    end = np.where(empty, begin, number[of.end - 1] + 1)
    base = of.base[base_new]
    rank = np.concatenate(([0], np.cumsum(base_new)))[of.rank]
    offset_of_case = np.concatenate(([0], np.cumsum(end - begin)))
    return Starts(
        base=base,
        rank=rank,
        begin=begin,
        end=end,
        offset=offset_of_case,
        case=of.case[runs.first],
        atom=of.atom[runs.first],
        cost=np.minimum.reduceat(of.cost, runs.first),
    )


def _changes(values: IntArray) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Where a value differs from the one before; the first always does."""
    new = np.ones(len(values), dtype=bool)
    new[1:] = values[1:] != values[:-1]
    return new


def _cells(new: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Cells:
    return Cells(first=np.flatnonzero(new), of=np.cumsum(new) - 1)
