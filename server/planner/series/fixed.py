"""What visits that stay where they are mean for one that is to be placed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from server.domain.booking_spacing import keeps_apart
from server.domain.local_time import local_date, utc
from server.domain.protocols import VisitDefinition, Window
from server.domain.windows import edge_at, target_on
from server.planner.axis import IntArray
from server.planner.series.problem import Problem
from server.planner.series.spacing import edge_atoms
from shared.vocabulary import WindowUnit

BoolArray = NDArray[np.bool_]
_MICROSECOND = timedelta(microseconds=1)
_HOUR = timedelta(hours=1) // _MICROSECOND


def between_fixed(problem: Problem, visit: VisitDefinition, atoms: IntArray) -> BoolArray:
    """Which starts keep every window to and from a fixed visit, and days apart from them."""
    allowed = np.ones(len(atoms), dtype=bool)
    for window, away in _distances(problem, visit, atoms):
        if window.opens is not None:
            allowed &= away >= window.opens
        if window.closes is not None:
            allowed &= away <= window.closes
    for other in problem.fixed:
        if keeps_apart(visit, other):
            on = local_date(_start(problem, other), problem.axis.zone)
            allowed &= problem.axis.day_of[atoms] != problem.axis.day_index(on)
    return allowed


def wishes_from_fixed(problem: Problem, visit: VisitDefinition, atoms: IntArray) -> IntArray:
    """The cost of days off the targets that are counted from fixed visits."""
    cost = np.zeros(len(atoms), dtype=np.int64)
    fixed = {each.code: each for each in problem.fixed}
    for window in visit.windows:
        if window.anchor in fixed:
            anchor = fixed[window.anchor]
            edge = edge_at(anchor, _start(problem, anchor), window.edge)
            wished = target_on(window, edge, problem.axis.zone)
            if wished is not None:
                off = np.abs(problem.axis.day_of[atoms] - problem.axis.day_index(wished))
                cost += problem.weights.off_target_day * off
    return cost


def _distances(
    problem: Problem, visit: VisitDefinition, atoms: IntArray
) -> Iterator[tuple[Window, NDArray[np.float64]]]:
    """Windows between this visit and fixed ones, either's, with how far each start lies after (or
    leaves the fixed one after) the anchor, in the window's unit."""
    axis, fixed = problem.axis, {each.code: each for each in problem.fixed}
    for window in visit.windows:
        if window.anchor in fixed:
            anchor = fixed[window.anchor]
            edge = edge_at(anchor, _start(problem, anchor), window.edge)
            if window.unit is WindowUnit.DAYS:
                on = axis.day_index(local_date(edge, axis.zone))
                yield window, (axis.day_of[atoms] - on).astype(float)
            else:
                yield window, (_elapsed(problem, atoms) - _microseconds(problem, edge)) / _HOUR
    for code, other in fixed.items():
        start = _start(problem, other)
        for window in other.windows:
            if window.anchor == visit.code and code != visit.code:
                edges = atoms + edge_atoms(visit, window.edge, axis.atom_minutes)
                if window.unit is WindowUnit.DAYS:
                    on = axis.day_index(local_date(start, axis.zone))
                    yield window, (on - axis.day_at(edges)).astype(float)
                else:
                    yield window, (_microseconds(problem, start) - _elapsed(problem, edges)) / _HOUR


def _start(problem: Problem, visit: VisitDefinition) -> datetime:
    return utc(problem.series.fixed[visit.code].starts_at)


def _elapsed(problem: Problem, atoms: IntArray) -> IntArray:
    """Microseconds from the axis' beginning."""
    return atoms * (problem.axis.atom_minutes * 60_000_000)


def _microseconds(problem: Problem, at: datetime) -> int:
    return (at - problem.axis.origin) // _MICROSECOND
