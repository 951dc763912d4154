"""Compiled: the best places of one series, looked for by days before it is by moments.

Settled by days, a series costs no more than its best places do (in_days.py). That tells on which
days the leading visit may be at all; and the days that are best are mostly those of the best
places, or of places hardly dearer.
"""

import numpy as np

from server.planner.clinic.arrays import Clinic, Desk, IntArray, Room
from server.planner.clinic.clashes import OPEN, WHOLE, best_of_way, find_clash, solve
from server.planner.clinic.compiling import compiled
from server.planner.clinic.folding import TOO_MUCH
from server.planner.clinic.settling import choose, settle_by_days
from server.planner.clinic.starts import IMPOSSIBLE, find_starts, set_days

BESIDE = 1
"""So many days before and after the best ones are looked at, too."""


@compiled
def best_by_days(
    clinic: Clinic, room: Room, desk: Desk, series: int, way: int, first: int, last: int, limit: int
) -> int:
    """As `best_of_way`; what it finds may cost mode[2] more than the best."""
    one, own = clinic.series[series], clinic.ways[way].cost
    if not len(clinic.in_days.relations):
        return best_of_way(clinic, room, desk, series, way, first, last, limit)
    set_days(clinic, desk, series, first, last)
    listed = list_days(clinic, room, desk, series, way, limit - own)
    floor = IMPOSSIBLE
    if listed:
        floor = settle_by_days(clinic.in_days, desk, one.shape, limit - own)
    if floor == TOO_MUCH:
        return best_of_way(clinic, room, desk, series, way, first, last, limit)
    floor += own
    if floor >= limit:
        return IMPOSSIBLE
    choose(clinic.in_days, desk, one.shape)
    leads = desk.atom[one.lead, : desk.work[one.lead].count].copy()
    least = desk.cost[one.lead, : len(leads)].copy()
    least += floor - least[desk.work[one.lead].chosen]
    near = _near(clinic, room, desk, series, way, limit)
    if near <= floor + room.mode[2]:
        return near
    starts, limit = desk.case_starts[0].copy(), min(limit, near)
    found = _of_days(clinic, room, desk, series, way, leads, least, limit)
    if near <= found:
        desk.case_starts[0] = starts
        return near
    return found


@compiled
def list_days(clinic: Clinic, room: Room, desk: Desk, series: int, way: int, limit: int) -> bool:
    """The days of each visit, with what its cheapest start on that day costs; False where one has
    none that costs less than `limit`."""
    slot = clinic.ways[way].slot_from
    desk.cases[0].bars = 0
    for visit in range(clinic.shapes[clinic.series[series].shape].visits):
        if not find_starts(clinic, room, desk, series, visit, slot + visit, WHOLE, limit):
            return False
        atoms, costs, count = desk.atom[visit], desk.cost[visit], 0
        for n in range(desk.work[visit].count):
            day, cost = clinic.atoms[atoms[n]].day, costs[n]
            if count and atoms[count - 1] == day:
                costs[count - 1] = min(costs[count - 1], cost)
            else:
                atoms[count], costs[count] = day, cost
                count += 1
        desk.work[visit].count = count
    return True


@compiled
def _near(clinic: Clinic, room: Room, desk: Desk, series: int, way: int, limit: int) -> int:
    """The best places on the days chosen and those beside them; IMPOSSIBLE where there are none
    below `limit`, or visits get into each other's way."""
    visits = clinic.shapes[clinic.series[series].shape].visits
    for visit in range(visits):
        work = desk.work[visit]
        day = desk.atom[visit, work.chosen]
        work.day_from = max(work.day_from, day - BESIDE)
        work.day_to = min(work.day_to, day + BESIDE)
    own = clinic.ways[way].cost
    solve(clinic, room, desk, series, way, WHOLE, limit - own)
    if desk.cases[0].open != OPEN:
        return IMPOSSIBLE
    if not room.mode[1] and find_clash(clinic, desk, series, WHOLE, visits)[0] >= 0:
        return IMPOSSIBLE
    total: int = own + desk.cases[0].cost
    return total


@compiled
def _of_days(
    clinic: Clinic,
    room: Room,
    desk: Desk,
    series: int,
    way: int,
    leads: IntArray,
    least: IntArray,
    limit: int,
) -> int:
    """The best with the leading visit on the days on which it may cost less than `limit`."""
    days = leads[np.flatnonzero(least < limit)]
    if not len(days):
        return IMPOSSIBLE
    return best_of_way(clinic, room, desk, series, way, days[0], days[-1], limit)
