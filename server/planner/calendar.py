"""Free time of every bookable, and of the patient, on the atoms of a time axis.

Everything is worked out when first asked for and kept, so one grid serves a whole search.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from server.domain.calendars import (
    DAY_MINUTES,
    AvailabilityException,
    Bookable,
    Claim,
    ClinicCalendar,
    PatientTimes,
    WeeklyHours,
)
from server.planner.axis import IntArray, TimeAxis
from server.planner.stays import NONE, Stays, stays_by_bookable, stays_of, taken
from shared.vocabulary import BookableKind

BoolArray = NDArray[np.bool_]
Made = TypeVar("Made")
Bitmaps = dict[tuple[object, ...], dict[frozenset[tuple[str, str]], BoolArray]]
"""Possible starts by what a visit's parts are, and then by the choices made."""
PATIENT = ""
"""The patient is kept among the bookables, under an id that none of them has."""
_EVERYTHING = 1_000_000
_ALWAYS = (WeeklyHours(days=tuple(range(7)), opens=0, closes=DAY_MINUTES),)


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """Least units configured, and least units left, in each atom; shape (atoms,)."""

    configured: IntArray
    left: IntArray


class Shelf:
    """Supplies worked out before, for searches that differ in little else."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], tuple[Bookable, tuple[Claim, ...], Supply]] = {}
        self._free: dict[tuple[object, ...], tuple[object, Bitmaps]] = {}
        self._once: dict[tuple[object, ...], object] = {}

    def get(self, axis: TimeAxis, bookable: Bookable, claims: tuple[Claim, ...]) -> Supply | None:
        """What was put there for these very objects."""
        found = self._kept.get(_shelf_key(axis, bookable, claims))
        return found[2] if found else None

    def put(
        self, axis: TimeAxis, bookable: Bookable, claims: tuple[Claim, ...], supply: Supply
    ) -> None:
        """Keep a supply, and with it the objects whose identity is its key."""
        self._kept[_shelf_key(axis, bookable, claims)] = bookable, claims, supply

    def once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What was made under that key, which must name all that it is made of."""
        if key not in self._once:
            self._once[key] = make()
        return cast(Made, self._once[key])

    def stays(self, bookable_id: str, claims: tuple[Claim, ...]) -> Stays:
        """What these very claims take of a bookable, since 1970."""
        key = "stays", id(claims)
        _, found = self.once(key, lambda: (claims, stays_by_bookable(claims)))
        return found.get(bookable_id, NONE)

    def free(
        self, axis: TimeAxis, calendar: ClinicCalendar, patient: PatientTimes, more: object
    ) -> Bitmaps:
        """A place for bitmaps that depend on these very objects and nothing else."""
        key = axis.first_day, axis.days, id(calendar), id(patient), more
        return self._free.setdefault(key, ((calendar, patient), {}))[1]


def _shelf_key(axis: TimeAxis, bookable: Bookable, claims: tuple[Claim, ...]) -> tuple[object, ...]:
    return axis.first_day, axis.days, axis.atom_minutes, id(bookable), id(claims)


class CalendarGrid:
    """One clinic calendar, and one patient, on one axis."""

    def __init__(
        self,
        calendar: ClinicCalendar,
        axis: TimeAxis,
        patient: PatientTimes,
        shelf: Shelf | None = None,
    ) -> None:
        self.axis = axis
        self.calendar = calendar
        self._shelf = shelf or Shelf()
        self._patient = patient
        self._supplies: dict[str, Supply] = {}
        self._shortages: dict[tuple[str, int], IntArray] = {}
        _, self._template_index = self._shelf.once(
            ("week", id(axis)), lambda: (axis, _week_minutes(axis))
        )

    def knows(self, bookable_id: str) -> bool:
        """Is there such a bookable?"""
        return bookable_id == PATIENT or bookable_id in self.calendar.bookables

    def remembered(self, more: object) -> Bitmaps:
        """Bitmaps worked out for this calendar and patient before, by whatever else they need."""
        return self._shelf.free(self.axis, self.calendar, self._patient, more)

    def supply(self, bookable_id: str) -> Supply:
        """What there is of a bookable in each atom. Raises KeyError for an unknown id."""
        if bookable_id not in self._supplies:
            self._supplies[bookable_id] = self._found_supply(bookable_id)
        return self._supplies[bookable_id]

    def shortages(self, bookable_id: str, units: int) -> IntArray:
        """Shape (atoms + 1,): how many atoms before each one cannot give that many units.

        A stretch is possible exactly when its two ends show the same number. 0 units need one
        configured, taken or not.
        """
        key = bookable_id, units
        if key not in self._shortages:
            supply = self.supply(bookable_id)
            short = supply.left < units if units else supply.configured < 1
            self._shortages[key] = np.concatenate(([0], np.cumsum(short)))
        return self._shortages[key]

    def _found_supply(self, bookable_id: str) -> Supply:
        if bookable_id == PATIENT:
            return self._of_patient()
        bookable, claims = self.calendar.bookables[bookable_id], self.calendar.claims
        found = self._shelf.get(self.axis, bookable, claims)
        if found is None:
            stays = self._shelf.stays(bookable_id, claims)
            found = self._counted(bookable, stays.since(self.axis))
            self._shelf.put(self.axis, bookable, claims, found)
        return found

    def _of_patient(self) -> Supply:
        busy = stays_of(_busy(self._patient))
        return self._counted(_as_bookable(self._patient), busy.since(self.axis))

    def _counted(self, bookable: Bookable, stays: Stays) -> Supply:
        fine = _resolution(bookable, stays, self.axis.atom_minutes)
        configured = self._configured(bookable, fine)
        left = configured
        if len(stays.units):
            left = configured - taken(stays, len(configured), fine)
        per_atom = self.axis.atom_minutes // fine
        if per_atom == 1:
            return Supply(configured=configured, left=left)
        return Supply(
            configured=configured.reshape(-1, per_atom).min(axis=1),
            left=left.reshape(-1, per_atom).min(axis=1),
        )

    def _configured(self, bookable: Bookable, fine: int) -> IntArray:
        """Units configured at every `fine` minutes."""
        at_minute = self._template_index
        if fine != self.axis.atom_minutes:
            steps = np.arange(0, self.axis.atom_minutes, fine)
            at_minute = (at_minute[:, None] + steps).reshape(-1)
        units: IntArray = _week(bookable.weekly)[at_minute]
        per_atom = self.axis.atom_minutes // fine
        for each in _in_force(bookable.exceptions):
            self._except(each, units, at_minute, per_atom)
        if bookable.usable_until is not None:
            day = np.array(self.axis.day_index(bookable.usable_until) + 1)
            units[int(self.axis.start_of(day)) * per_atom :] = 0
        return units

    def _except(
        self, each: AvailabilityException, units: IntArray, at_minute: IntArray, per_atom: int
    ) -> None:
        day, opens = self.axis.day_index(each.on), each.opens or 0
        if not 0 <= day < self.axis.days:
            return
        of_day = slice(*(int(atom) * per_atom for atom in self.axis.day_start[day : day + 2]))
        closes = DAY_MINUTES if each.closes is None else each.closes
        minute = at_minute[of_day] % DAY_MINUTES
        units[of_day][(minute >= opens) & (minute < closes)] = each.capacity


def _week(rows: Iterable[WeeklyHours]) -> IntArray:
    """Units configured at every minute of a week that begins on Monday; shape (7 * 1440,)."""
    units = np.zeros((7, DAY_MINUTES), dtype=np.int64)
    for row in rows:
        for day in set(row.days):
            units[day, row.opens : row.closes] += row.capacity
    return units.reshape(-1)


def _week_minutes(axis: TimeAxis) -> IntArray:
    """The minute of the week at which each atom begins."""
    weekday: IntArray = (axis.first_day.weekday() + axis.day_of) % 7
    return weekday * DAY_MINUTES + axis.minute_of


def _in_force(exceptions: Iterable[AvailabilityException]) -> list[AvailabilityException]:
    """In the order they apply: whole days first, then hours; the later in the list wins."""
    return sorted(exceptions, key=lambda each: (each.opens, each.closes) != (None, None))


def _resolution(bookable: Bookable, stays: Stays, atom: int) -> int:
    """The atom's length, or a part of it that hours and claims fall on."""
    turns = [turn for each in bookable.weekly for turn in (each.opens, each.closes)]
    for each in bookable.exceptions:
        turns += [turn for turn in (each.opens, each.closes) if turn is not None]
    own = math.gcd(atom, *turns)
    return math.gcd(
        own, *np.unique(stays.begin % own).tolist(), *np.unique(stays.end % own).tolist()
    )


def _busy(patient: PatientTimes) -> list[Claim]:
    """The patient's other appointments in the form of claims that leave nothing."""
    stays = [(each.starts_at, each.ends_at) for each in patient.busy]
    return [
        Claim(bookable_id=PATIENT, starts_at=begin, ends_at=end, units=_EVERYTHING)
        for begin, end in stays
    ]


def _as_bookable(patient: PatientTimes) -> Bookable:
    """The patient's hours in the form of a bookable's, days away closed."""
    return Bookable(
        id=PATIENT,
        kind=BookableKind.ROOM,
        weekly=_ALWAYS if patient.weekly is None else patient.weekly,
        exceptions=tuple(AvailabilityException(on=on) for on in sorted(patient.away)),
    )
