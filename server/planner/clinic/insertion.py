"""Compiled: give one series its best places among all that have theirs."""

from server.planner.clinic.arrays import Clinic, Desk, Room
from server.planner.clinic.compiling import compiled
from server.planner.clinic.days_first import best_by_days
from server.planner.clinic.room import forget, settle_in
from server.planner.clinic.starts import staffing_cost

NO_PLACE, PLACED, CLASHED, DOUBTFUL = 0, 1, 2, 3
"""DOUBTFUL: placed, but what was given up on might have been better."""


@compiled
def insert(clinic: Clinic, room: Room, desk: Desk, series: int, limit: int) -> int:
    """Place a series at its least cost, if that is below `limit`.

    CLASHED: there may be a place, but the visits got into each other's way where no window keeps
    them apart; the slower, complete search can tell.
    """
    one = clinic.series[series]
    return insert_in_ways(clinic, room, desk, series, limit, one.way_from, one.way_to)


@compiled
def insert_in_ways(
    clinic: Clinic, room: Room, desk: Desk, series: int, limit: int, first: int, last: int
) -> int:
    """As `insert`, with the kept choices made in one of the ways `first` to `last` (exclusive)."""
    found = search(clinic, room, desk, series, limit, first, last)
    if found in (PLACED, DOUBTFUL):
        begin = clinic.series[series].visit_from
        for visit in range(clinic.series[series].visit_to - begin):
            room.places[begin + visit].start = desk.work[visit].start
            room.places[begin + visit].staffing = desk.work[visit].staffing
        if not settle_in(clinic, room, series):
            forget(clinic, room, series)
            return CLASHED
    return found


@compiled
def search(
    clinic: Clinic, room: Room, desk: Desk, series: int, limit: int, first: int, last: int
) -> int:
    """The best places are left on the desk, and their cost in `room.standing`."""
    one, terms = clinic.series[series], clinic.terms
    best, placed, gave_up = limit, False, False
    width, day = room.standing[series].look, one.ready
    while day <= one.start_by:
        end = min(one.start_by, day + width - 1)
        floor = terms.delay_day * (day - one.ready) if one.delayed >= 0 else 0
        if floor >= best:
            break
        for way in range(first, last):
            if floor + clinic.ways[way].cost >= best:
                continue
            cost = best_by_days(clinic, room, desk, series, way, day, end, best)
            if cost < 0:
                gave_up = True
            elif cost < best:
                best, placed = cost, True
                room.standing[series].way = way - one.way_from
                room.standing[series].cost = cost
                found_on = clinic.atoms[desk.case_starts[0, one.lead]].day
                room.standing[series].look = max(one.look, found_on - one.ready + one.look)
                _remember(clinic, room, desk, series, way)
        day, width = end + 1, width * 2
    if placed:
        return DOUBTFUL if gave_up else PLACED
    return CLASHED if gave_up else NO_PLACE


@compiled
def _remember(clinic: Clinic, room: Room, desk: Desk, series: int, way: int) -> None:
    """Copy the solution, which stands in case 0, and choose the staffings."""
    one = clinic.series[series]
    for visit in range(one.visit_to - one.visit_from):
        work, slot = desk.work[visit], clinic.ways[way].slot_from + visit
        work.start = desk.case_starts[0, visit]
        held = clinic.visits[one.visit_from + visit].held == work.start
        work.staffing = staffing_cost(clinic, room, slot, work.start, held)[0]
