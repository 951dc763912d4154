"""Lays a clinic's demand out as flat arrays, and reads plans back out of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import Any

import numpy as np

from server.domain.calendars import PatientTimes
from server.domain.placement import Placement, SeriesPlan, Weights
from server.planner.axis import TimeAxis, time_axis
from server.planner.calendar import PATIENT, CalendarGrid, Shelf, Supply
from server.planner.clinic.arrays import (
    ATOM,
    BAR,
    CASE,
    PLACE,
    STANDING,
    WORK,
    Clinic,
    Desk,
    FlagArray,
    InDays,
    IntArray,
    Room,
    Rows,
    SmallArray,
    Terms,
    empty,
)
from server.planner.clinic.clashes import MOST_CASES
from server.planner.clinic.free_times import FreeTimes, in_one, keep, nothing_known
from server.planner.clinic.series_arrays import SeriesRows
from server.planner.clinic.shape_arrays import shape_arrays
from server.planner.clinic.staffing import Catalogue
from server.planner.clinic.starts import MOST_BARS
from server.planner.demand import ClinicDemand
from server.planner.series.problem import wished_days

AROUND = timedelta(days=2)
SMALL = np.int32
LARGEST_TABLES = 1 << 23
"""So many pairs of starts are kept for one series whose visits bind each other in circles."""
FEW = 4
"""What belongs to so few patients is kept on a shelf."""


@dataclass(frozen=True)
class Layout:
    """The arrays of a demand, and what their numbers stand for.

    `complete` are the numbers of series that the compiled search cannot place (or not all of
    them); they are left to the complete search.
    """

    demand: ClinicDemand
    axis: TimeAxis
    clinic: Clinic
    rows: SeriesRows
    catalogue: Catalogue
    complete: frozenset[int]
    weights: Weights
    shelf: Shelf

    @cached_property
    def shared_room(self) -> Room:
        """A room for those who give back whatever they take."""
        return self.room()

    @cached_property
    def shared_desk(self) -> Desk:
        """Working space beside it, which whoever asks next may have as well."""
        key = "desk", *self._desk_shape()
        return self.shelf.once(key, self.desk)

    def room(self) -> Room:
        """The calendar as it stands, nobody placed."""
        free, stale = in_one(self._known, self.axis)
        standing = empty(STANDING, len(self.clinic.series))
        standing["cost"] = self.clinic.series["left_out"]
        standing["look"] = self.clinic.series["look"]
        return Room(
            configured=self._table([each.configured for each in self._supplies]),
            left=self._table([each.left for each in self._supplies]),
            free=free,
            stale=stale,
            price=np.zeros((1, 1), dtype=np.int64),
            mode=np.zeros(3, dtype=np.int64),
            places=empty(PLACE, len(self.clinic.visits)),
            standing=standing,
        )

    def keep_free(self) -> None:
        """Keep on the shelf where visits could begin, as far as the shared room knows; to be called
        before anything is asked beside somebody who was placed in it."""
        keep(self._known, self.shared_room)

    @cached_property
    def _supplies(self) -> list[Supply]:
        """What there is of each bookable; nothing of those that nobody needs."""
        grid = CalendarGrid(self.demand.calendar, self.axis, PatientTimes(), self.shelf)
        used = set(self.clinic.needs["bookable"].tolist())
        nothing = np.zeros(self.axis.atoms, dtype=np.int64)
        return [
            grid.supply(each) if n in used else Supply(configured=nothing, left=nothing)
            for each, n in self.catalogue.bookable.items()
        ]

    @cached_property
    def _known(self) -> list[FreeTimes]:
        """For each staffing, what earlier questions about the same supplies have found."""
        number, blank = self.catalogue.bookable, partial(nothing_known, self.axis)
        keys = (
            (each, *(id(self._supplies[number[need.bookable]]) for need in each.needs))
            for each in self.catalogue.all
        )
        return [self.shelf.once(("free", id(self.axis), *key), blank) for key in keys]

    def _table(self, rows: Sequence[IntArray]) -> SmallArray:
        return np.array(rows, dtype=SMALL).reshape(len(rows), self.axis.atoms)

    def users(self, bookable: int) -> IntArray:
        """The staffings that take of a bookable."""
        row = self.clinic.bookables[bookable]
        return self.clinic.users[row["user_from"] : row["user_to"]]

    def desk(self) -> Desk:
        """Working space that suffices for every series."""
        visits, starts, tables = self._desk_shape()
        return Desk(
            atom=np.zeros((visits, starts), dtype=np.int64),
            cost=np.zeros((visits, starts), dtype=np.int64),
            partner=np.zeros((visits, starts), dtype=np.int64),
            work=empty(WORK, visits, 0),
            cases=empty(CASE, MOST_CASES, 0),
            case_starts=np.zeros((MOST_CASES, visits), dtype=np.int64),
            bars=empty(BAR, MOST_CASES * MOST_BARS, 0),
            tables=np.zeros(LARGEST_TABLES if tables else 1, dtype=np.int64),
            tables_at=np.zeros(max(1, tables), dtype=np.int64),
        )

    def _desk_shape(self) -> tuple[int, int, int]:
        shapes = self.clinic.shapes
        visits, tables = shapes["visits"], shapes["fold_to"] - shapes["fold_from"]
        starts = int(self.clinic.atoms["on_grid"].sum()) + 1
        return int(visits.max(initial=1)), starts, int(tables.max(initial=0))

    def plan(self, room: Room, series: int) -> SeriesPlan:
        """The places of one series that has them."""
        begin = self.clinic.series[series]["visit_from"]
        placements = [
            Placement(
                visit=visit.code,
                starts_at=self.axis.instant(int(room.places[begin + n]["start"])),
                choices=self.catalogue.choices[room.places[begin + n]["staffing"]],
            )
            for n, visit in enumerate(self.rows.visits[series])
        ]
        way = self.rows.ways[series][room.standing[series]["way"]]
        return SeriesPlan(
            placements=tuple(placements), choices=way, cost=int(room.standing[series]["cost"])
        )


def lay_out(
    demand: ClinicDemand,
    weights: Weights | None = None,
    *,
    other_time: int = 0,
    shelf: Shelf | None = None,
    bare: bool = False,
) -> Layout:
    """The demand as arrays; `weights` where other ones than the demand's are to count. The `shelf`
    keeps what demands on nearly the same calendar share. `bare`: the compiled search is not to be
    asked, so in which order visits are settled is left out and no series is `complete`."""
    weights, shelf = weights or demand.weights, shelf or Shelf()
    axis = _axis(demand, shelf)
    catalogue = Catalogue(demand.calendar.bookables, axis.atom_minutes, shelf)
    rows = SeriesRows(demand, axis, catalogue, weights, shelf, bare=bare)
    key = "shapes", *map(id, rows.shapes)
    _, shapes = shelf.once(key, lambda: (rows.shapes, shape_arrays(rows.shapes)))
    _, atoms = shelf.once(("atoms", id(axis)), lambda: (axis, _atoms(axis)))
    clinic = Clinic(
        day_start=axis.day_start,
        atoms=atoms,
        **catalogue.needs(),
        **shapes,
        **rows.tables(),
        terms=Terms(
            delay_day=weights.delay_day,
            against_preference=weights.against_preference,
            moved=weights.moved,
            moved_day=weights.moved_day,
            other_time=other_time,
        ),
        present=_present(demand, axis, rows.patterns, shelf),
        masks=_masks(rows.masks, axis.atoms),
        extras=np.array(rows.extras, dtype=SMALL).reshape(len(rows.extras), axis.atoms),
        in_days=_not_known(axis, atoms, shapes),
    )
    done = frozenset(rows.complete)
    return Layout(demand, axis, clinic, rows, catalogue, done, weights, shelf)


def _not_known(axis: TimeAxis, atoms: Rows, shapes: dict[str, Any]) -> InDays:
    """In place of relations by days, until somebody asks for them (in_days.py)."""
    names = ("shapes", "bounds", "targets", "steps", "betweens", "folds")
    same = {name: shapes[name] for name in names}
    none = shapes["relations"][:0]
    return InDays(day_start=axis.day_start, atoms=atoms, relations=none, **same)


def _atoms(axis: TimeAxis) -> Rows:
    found = empty(ATOM, axis.atoms)
    found["day"], found["minute"] = axis.day_of, axis.minute_of
    found["on_grid"] = axis.minute_of % axis.grid_minutes == 0
    return found


def _masks(rows: Sequence[FlagArray], atoms: int) -> FlagArray:
    """The masks, and one more that whoever asks may write on."""
    blank = np.ones((1, atoms), dtype=np.uint8)
    return np.concatenate([np.array(rows, dtype=np.uint8).reshape(len(rows), atoms), blank])


def _axis(demand: ClinicDemand, shelf: Shelf) -> TimeAxis:
    series = [each.series for each in demand.demands]
    visits = list({id(visit): visit for one in series for visit in one.visits}.values())
    lengths = frozenset(part.minutes or 0 for visit in visits for part in visit.parts)
    around = AROUND + wished_days(visits)
    first = min(each.ready_on for each in series) - around
    last = max(max(each.last_day, each.ready_on) for each in series) + around
    asked = demand.calendar.zone, demand.calendar.grid_minutes, first, last, lengths
    return shelf.once(("axis", *asked), lambda: time_axis(*asked))


def _present(
    demand: ClinicDemand, axis: TimeAxis, patterns: list[PatientTimes], shelf: Shelf
) -> SmallArray:
    """For each pattern and atom: how many atoms from there on the patient can be there."""
    found = np.zeros((len(patterns), axis.atoms), dtype=SMALL)
    for n, times in enumerate(patterns):
        key = "present", axis.first_day, axis.atoms, times
        if len(patterns) > FEW:
            found[n] = _there(demand, axis, times)
        else:
            found[n] = shelf.once(key, partial(_there, demand, axis, times))
    return found


def _there(demand: ClinicDemand, axis: TimeAxis, times: PatientTimes) -> IntArray:
    there = CalendarGrid(demand.calendar, axis, times).supply(PATIENT).left >= 1
    gaps = np.flatnonzero(~there)
    nearest = np.searchsorted(gaps, np.arange(axis.atoms))
    found: IntArray = np.append(gaps, axis.atoms)[nearest] - np.arange(axis.atoms)
    return found
