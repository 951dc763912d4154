"""What a model may choose from: for each visit its staffings, and where each of them can start."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.domain.protocols import VisitDefinition
from server.planner.axis import IntArray, TimeAxis
from server.planner.calendar import CalendarGrid, Shelf
from server.planner.clinic.layout import Layout
from server.planner.halves import late_starts
from server.planner.series.free import FreeTimes
from server.planner.series.problem import Problem
from server.planner.series.relations import Relation
from server.planner.series.spacing import relations_between
from shared.vocabulary import DayPart

BoolArray = NDArray[np.bool_]


class NoModel(Exception):
    """The demand holds something that the model has no words for; the message says what."""


class NoPlace(Exception):
    """A visit of a series that must be placed has no possible time at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One way to staff a visit: the ways of the kept choices it goes with, and its starts."""

    staffing: int
    ways: tuple[int, ...]
    starts: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class VisitOptions:
    """Everything a visit may choose from. `against` are the starts in the half of the day that the
    patient does not like."""

    visit: VisitDefinition
    options: tuple[Option, ...]
    starts: IntArray
    against: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class SeriesOptions:
    """One series: `way_costs` of the kept choices, the price of leaving it out, its visits."""

    number: int
    way_costs: tuple[int, ...]
    left_out: int
    lead: int
    delayed: bool
    ready: int
    visits: tuple[VisitOptions, ...]
    relations: tuple[Relation, ...]


def options_of(layout: Layout) -> list[SeriesOptions]:
    """For every series of a demand. Raises NoModel."""
    if layout.complete:
        raise NoModel("a series that compiled code cannot place")
    if layout.weights.off_target_day and any(_wishes(layout)):
        raise NoModel("wished days")
    shelf = Shelf()
    return [_series(layout, n, shelf) for n in range(len(layout.demand.demands))]


def _wishes(layout: Layout) -> Iterator[bool]:
    for visits in layout.rows.visits:
        for visit in visits:
            yield from (window.target is not None for window in visit.windows)


def _series(layout: Layout, number: int, shelf: Shelf) -> SeriesOptions:
    series, row = layout.demand.demands[number].series, layout.clinic.series[number]
    if series.fixed or series.held:
        raise NoModel("booked visits of a series that is to be placed")
    visits = layout.rows.visits[number]
    spacing = relations_between(visits, layout.axis.atom_minutes, 0)
    asked = Problem(
        series=series,
        weights=layout.weights,
        grid=CalendarGrid(layout.demand.calendar, layout.axis, series.patient, shelf),
        visits=visits,
        relations=spacing.relations,
        implied=spacing.implied,
        lead=int(row["lead"]),
        fixed=(),
    )
    free = FreeTimes(asked)
    ways = slice(int(row["way_from"]), int(row["way_to"]))
    return SeriesOptions(
        number=number,
        way_costs=tuple(int(each) for each in layout.clinic.ways["cost"][ways]),
        left_out=int(row["left_out"]),
        lead=int(row["lead"]),
        delayed=bool(row["delayed"] >= 0),
        ready=int(row["ready"]),
        visits=tuple(_visit(layout, number, n, free) for n in range(len(visits))),
        relations=spacing.relations,
    )


def _visit(layout: Layout, number: int, n: int, free: FreeTimes) -> VisitOptions:
    row, visit = layout.clinic.series[number], layout.rows.visits[number][n]
    ways: dict[int, list[int]] = {}
    for way in range(int(row["way_to"] - row["way_from"])):
        for staffing in _staffings(layout, int(row["way_from"]) + way, n):
            ways.setdefault(staffing, []).append(way)
    found = tuple(
        Option(staffing, tuple(of), _starts(layout, number, (n, staffing, of[0]), free))
        for staffing, of in ways.items()
    )
    starts = np.unique(np.concatenate([np.empty(0, np.int64), *(each.starts for each in found)]))
    prefers = layout.demand.demands[number].series.patient.prefers
    return VisitOptions(visit, found, starts, _against(layout.axis, visit, starts, prefers))


def _staffings(layout: Layout, way: int, visit: int) -> list[int]:
    slot = layout.clinic.slots[int(layout.clinic.ways[way]["slot_from"]) + visit]
    found = layout.clinic.slot_staffings[int(slot["staffing_from"]) : int(slot["staffing_to"])]
    return [int(each) for each in found]


def _starts(layout: Layout, number: int, which: tuple[int, int, int], free: FreeTimes) -> IntArray:
    """Where a visit may start with one staffing. The lead begins by its last day."""
    visit, staffing, way = which
    row = layout.clinic.series[number]
    own = layout.catalogue.choices[staffing]
    starts = np.flatnonzero(free.starts(visit, {**layout.rows.ways[number][way], **own}))
    if visit == row["lead"]:
        starts = starts[layout.axis.day_of[starts] <= row["start_by"]]
    return starts.astype(np.int64)


def _against(
    axis: TimeAxis, visit: VisitDefinition, starts: IntArray, prefers: DayPart | None
) -> BoolArray:
    if prefers is None or not any(part.with_patient for part in visit.parts):
        return np.zeros(len(starts), dtype=bool)
    late = late_starts(axis, visit, starts)
    return late if prefers is DayPart.MORNING else ~late
