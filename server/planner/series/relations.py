"""How the starts of two visits bind each other: bounds, wished distances, days kept apart.

Whatever the protocol says, for a known start of one visit the allowed starts of the other are at
most two stretches of time, and each wish changes its slope at one moment. So all that is asked of
a relation is answered in terms of stretches, for whole arrays of known starts at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from server.planner.axis import IntArray, TimeAxis

FAR = 1 << 40
"""No bound."""


@dataclass(frozen=True, slots=True)
class DayBound:
    """least <= day of the visit - day of its anchor's edge <= most; the edge lies `offset` atoms
    after the anchor's start."""

    visit: int
    offset: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Target:
    """The visit is wished `days` after the day of the moment `offset` atoms after its anchor's
    start; each day off costs `weight`."""

    visit: int
    offset: int
    days: int
    weight: int

    def value(self, axis: TimeAxis, of: int, atoms: IntArray) -> IntArray:
        """The day of the visit, or the wished one as its anchor has it; their distance costs."""
        return axis.day_at(atoms) if of == self.visit else self.wished(axis, atoms)

    def wished(self, axis: TimeAxis, anchor_atoms: IntArray) -> IntArray:
        """The wished day for starts of the anchor."""
        return axis.day_at(anchor_atoms + self.offset) + self.days


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of starts of the sought visit, and what wishes add: `slope` for each start there,
    `level` for each known start."""

    begin: IntArray
    end: IntArray
    slope: IntArray | None
    level: IntArray


@dataclass(frozen=True, slots=True)
class Relation:
    """All that binds two visits (by number). In atoms: least <= second - first <= most."""

    first: int
    second: int
    least: int = -FAR
    most: int = FAR
    day_bounds: tuple[DayBound, ...] = ()
    targets: tuple[Target, ...] = ()
    apart: bool = False

    @property
    def daily(self) -> bool:
        """Does it depend on nothing but days?"""
        return self.least <= -FAR and self.most >= FAR

    @property
    def ends(self) -> tuple[int, int]:
        """The two visits."""
        return self.first, self.second

    def other(self, visit: int) -> int:
        """The visit at the other end."""
        return self.first + self.second - visit

    def offsets(self, visit: int) -> set[int]:
        """Moments, in atoms after a visit's start, whose days the relation looks at."""
        bounds = {each.offset for each in self.day_bounds if each.visit != visit}
        return {0} | bounds | {each.offset for each in self.targets if each.visit != visit}

    def reach(self, axis: TimeAxis, known: int, atoms: IntArray) -> tuple[IntArray, IntArray]:
        """Where the other visit may start: [begin, end) in atoms, possibly empty or endless."""
        if known == self.first:
            begin, end = atoms + self.least, atoms + self.most + 1
        else:
            begin, end = atoms - self.most, atoms - self.least + 1
        for bound in self.day_bounds:
            from_, to = _days_reach(bound, axis, known, atoms)
            begin, end = np.maximum(begin, from_), np.minimum(end, to)
        return begin, end

    def pieces(
        self, axis: TimeAxis, known: int, atoms: IntArray, sought_atoms: IntArray
    ) -> Iterator[Piece]:
        """The reach, cut where a wish turns or a day is kept free."""
        sought = self.other(known)
        wishes = [_Wish(each, axis, sought, atoms, sought_atoms) for each in self.targets]
        for begin, end in self._stretches(axis, known, atoms):
            for signs in product((-1, 1), repeat=len(wishes)):
                piece = Piece(begin=begin, end=end, slope=None, level=np.zeros_like(atoms))
                for wish, sign in zip(wishes, signs, strict=True):
                    piece = wish.on_one_side(piece, sign)
                yield piece

    def _stretches(
        self, axis: TimeAxis, known: int, atoms: IntArray
    ) -> Iterator[tuple[IntArray, IntArray]]:
        begin, end = self.reach(axis, known, atoms)
        if not self.apart:
            yield begin, end
            return
        day = axis.day_at(atoms)
        yield begin, np.minimum(end, axis.start_of(day))
        yield np.maximum(begin, axis.start_of(day + 1)), end


class _Wish:
    """A target as the two slopes to either side of the moment where it is met."""

    def __init__(
        self, target: Target, axis: TimeAxis, sought: int, atoms: IntArray, sought_atoms: IntArray
    ) -> None:
        of_visit = sought == target.visit
        self.weight = target.weight
        self.level = target.wished(axis, atoms) if of_visit else axis.day_at(atoms)
        self.value = axis.day_at(sought_atoms) if of_visit else target.wished(axis, sought_atoms)
        met = self.level + 1 if of_visit else self.level - target.days + 1
        self.turn = axis.start_of(met) - (0 if of_visit else target.offset)

    def on_one_side(self, piece: Piece, sign: int) -> Piece:
        """The part of a piece where the sought visit's value is greater (1), or not (-1)."""
        slope = sign * self.weight * self.value
        return Piece(
            begin=np.maximum(piece.begin, self.turn) if sign > 0 else piece.begin,
            end=piece.end if sign > 0 else np.minimum(piece.end, self.turn),
            slope=slope if piece.slope is None else piece.slope + slope,
            level=piece.level - sign * self.weight * self.level,
        )


def _days_reach(
    bound: DayBound, axis: TimeAxis, known: int, atoms: IntArray
) -> tuple[IntArray, IntArray]:
    if known == bound.visit:
        day = axis.day_at(atoms)
        begin, end = axis.start_of(day - bound.most), axis.start_of(day - bound.least + 1)
        return begin - bound.offset, end - bound.offset
    day = axis.day_at(atoms + bound.offset)
    return axis.start_of(day + bound.least), axis.start_of(day + bound.most + 1)
