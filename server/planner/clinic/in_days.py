"""Windows by days: for each relation the fewest and the most days from one visit to the other.

What holds by moments holds by days, never the other way round: so the least cost of a series by
days is never more than its true least cost, whatever the hours are priced at.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from server.planner.axis import TimeAxis
from server.planner.clinic.arrays import ATOM, Clinic, InDays, IntArray, Room, Rows, table
from server.planner.clinic.layout import Layout
from server.planner.clinic.room import refresh_days
from server.planner.series.relations import FAR

DAY_MINUTES = 1440


class Hours(NamedTuple):
    """The first and the last minute of the day at which a visit of a shape ever starts; both of
    shape (shapes, visits)."""

    first: IntArray
    last: IntArray


def with_days(layout: Layout) -> Layout:
    """The same layout, where series can also be settled by days: worth it for a whole plan."""
    clinic, axis = layout.clinic, layout.axis
    starts = open_starts(clinic, axis, layout.room())
    days = InDays(
        day_start=np.arange(axis.days + 1),
        atoms=table(ATOM, ((day, 0, 1) for day in range(axis.days + 1))),
        shapes=clinic.shapes,
        relations=_relations_in_days(clinic, axis, _hours(clinic, axis, starts)),
        bounds=clinic.bounds,
        targets=clinic.targets,
        steps=_without_wishes(clinic.steps),
        betweens=clinic.betweens,
        folds=clinic.folds,
    )
    return replace(layout, clinic=clinic._replace(in_days=days))


def by_days_where_dear(layout: Layout) -> Layout:
    """With days where to settle a series by moments takes long: where visits bind each other in
    circles."""
    return with_days(layout) if layout.clinic.shapes["folded"].any() else layout


def open_starts(clinic: Clinic, axis: TimeAxis, room: Room) -> list[IntArray]:
    """For each staffing the atoms at which it is free in a room."""
    for slot in range(len(clinic.slots)):
        refresh_days(clinic, room, slot, 0, axis.days - 1)
    return [np.flatnonzero(row) for row in room.free]


def _hours(clinic: Clinic, axis: TimeAxis, starts: list[IntArray]) -> Hours:
    spans = np.array([_span(axis.minute_of[atoms]) for atoms in starts]).reshape(-1, 2)
    slots = np.repeat(np.arange(len(clinic.slots)), _lengths(clinic.slots, "staffing"))
    shape, visit = _owners(clinic)
    first, last = (np.full((len(clinic.shapes), _most(clinic)), n) for n in (DAY_MINUTES, -1))
    at = shape[slots], visit[slots]
    np.minimum.at(first, at, spans[clinic.slot_staffings, 0])
    np.maximum.at(last, at, spans[clinic.slot_staffings, 1])
    return Hours(first, last)


def _most(clinic: Clinic) -> int:
    return int(max([1, *clinic.shapes["visits"]]))


def _lengths(rows: Rows, name: str) -> IntArray:
    lengths: IntArray = rows[f"{name}_to"] - rows[f"{name}_from"]
    return lengths


def _span(minutes: IntArray) -> tuple[int, int]:
    return (int(minutes.min()), int(minutes.max())) if len(minutes) else (DAY_MINUTES, -1)


def _owners(clinic: Clinic) -> tuple[IntArray, IntArray]:
    """The shape, and the visit within it, that each slot is for."""
    visits, ways = _lengths(clinic.series, "visit"), _lengths(clinic.series, "way")
    shape = np.repeat(clinic.series["shape"], visits * ways)
    each = [np.tile(np.arange(v), w) for v, w in zip(visits, ways, strict=True)]
    return shape, np.concatenate([np.zeros(0, dtype=np.int64), *each])


def _shapes_of(clinic: Clinic) -> IntArray:
    """The shape of each relation."""
    found = np.zeros(len(clinic.relations), dtype=np.int64)
    for number, shape in enumerate(clinic.shapes):
        for step in clinic.steps[shape["step_from"] : shape["step_to"]]:
            between = clinic.betweens[step["between_from"] : step["between_to"]]
            own = step["relation"], step["other"]
            used = np.array([*own, *between["to_onto"], *between["to_settled"]])
            found[used[used >= 0]] = number
    return found


def _relations_in_days(clinic: Clinic, axis: TimeAxis, hours: Hours) -> Rows:
    rows, found, shape = clinic.relations, clinic.relations.copy(), _shapes_of(clinic)
    minutes, days, drift = axis.atom_minutes, axis.days, _drift(axis)
    first, second = (shape, rows["first"]), (shape, rows["second"])
    latest = rows["most"] * minutes + hours.last[first] - hours.first[second] + drift
    earliest = rows["least"] * minutes + hours.first[first] - hours.last[second] - drift
    most = np.where(rows["most"] < FAR, np.minimum(days, latest // DAY_MINUTES), days)
    least = np.where(rows["least"] > -FAR, np.maximum(-days, -(-earliest // DAY_MINUTES)), -days)
    _narrow(clinic, axis, hours.last[first], hours.last[second], (least, most))
    found["least"], found["most"] = least, most
    found["bound_from"] = found["bound_to"] = 0
    return found


def _narrow(
    clinic: Clinic,
    axis: TimeAxis,
    first: IntArray,
    second: IntArray,
    span: tuple[IntArray, IntArray],
) -> None:
    """Heed windows in days as well; `first` and `second` are the last minutes of each relation's
    visits, `span` the fewest and the most days between them."""
    rows, bounds, days = clinic.relations, clinic.bounds, axis.days
    owner = np.repeat(np.arange(len(rows)), _lengths(rows, "bound"))
    onward = bounds["visit"] == rows["second"][owner]
    anchor = np.where(onward, first[owner], second[owner])
    past_midnight = anchor + bounds["offset"] * axis.atom_minutes >= DAY_MINUTES
    least = np.maximum(bounds["least"], -days)
    most = np.minimum(bounds["most"] + past_midnight, days)
    np.maximum.at(span[0], owner, np.where(onward, least, -most))
    np.minimum.at(span[1], owner, np.where(onward, most, -least))


def _without_wishes(steps: Rows) -> Rows:
    """What is only wished costs nothing here: less than it truly does."""
    found = steps.copy()
    found["wishes"] = 0
    return found


def _drift(axis: TimeAxis) -> int:
    """By how many minutes local time and elapsed time can differ within the axis."""
    offsets = [axis.instant(int(atom)).utcoffset() for atom in axis.day_start]
    seconds = [each.total_seconds() for each in offsets if each is not None]
    return int(max(seconds, default=0) - min(seconds, default=0)) // 60
