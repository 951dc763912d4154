"""Compiled: visits that no window keeps from each other may get into each other's way.

First the best is found as if they could not. Where two of its visits meet, either the one or the
other must not be there then: two cases, each solved again. The cheapest case is looked at first, so
the first one without a clash is the best of all. Case 0 holds the solution in the end.
"""

from server.planner.clinic.arrays import Clinic, Desk, Room
from server.planner.clinic.compiling import compiled, plain
from server.planner.clinic.folding import TOO_MUCH
from server.planner.clinic.settling import choose, settle
from server.planner.clinic.starts import IMPOSSIBLE, MOST_BARS, find_starts, set_days

MOST_CASES = 64
"""So many cases are looked at for one way to make the kept choices and one stretch of days."""
CLOSED, OPEN, UNKNOWN = 0, 1, 2
GAVE_UP = -1
UNTOLD = -2
NOWHERE = (-1, -1, -1)
WHOLE, ONE = plain(0), plain(1)
"""The case before any is split, and how many there are then."""


@compiled
def best_of_way(
    clinic: Clinic,
    room: Room,
    desk: Desk,
    series: int,
    way: int,
    first: int,
    last: int,
    limit: int,
) -> int:
    """The least cost with the kept choices made in one way and the leading visit on days `first` to
    `last`, its starts in case 0; IMPOSSIBLE if not below `limit`, GAVE_UP if there are too many
    cases."""
    row = clinic.ways[way]
    set_days(clinic, desk, series, first, last)
    desk.cases[0].bars = 0
    solve(clinic, room, desk, series, way, WHOLE, limit - row.cost)
    count = ONE
    visits = clinic.shapes[clinic.series[series].shape].visits
    while True:
        case = _cheapest(desk, count)
        if case == UNTOLD:
            return GAVE_UP
        if case < 0:
            return IMPOSSIBLE
        clash = NOWHERE
        if not room.mode[1]:
            clash = find_clash(clinic, desk, series, case, visits)
        if clash[0] < 0:
            desk.case_starts[0, :visits] = desk.case_starts[case, :visits]
            total: int = row.cost + desk.cases[case].cost
            return total
        if count == MOST_CASES or not _part(clinic, desk, series, case, count, clash):
            return GAVE_UP
        solve(clinic, room, desk, series, way, case, limit - row.cost)
        solve(clinic, room, desk, series, way, count, limit - row.cost)
        count += 1


@compiled
def solve(
    clinic: Clinic, room: Room, desk: Desk, series: int, way: int, case: int, limit: int
) -> None:
    """The best starts of a case, clashes overlooked; it is closed if they cost `limit` or more."""
    shape, slot = clinic.series[series].shape, clinic.ways[way].slot_from
    visits = clinic.shapes[shape].visits
    desk.cases[case].open = CLOSED
    for visit in range(visits):
        if not find_starts(clinic, room, desk, series, visit, slot + visit, case, limit):
            return
    cost = settle(clinic, desk, shape, limit)
    if cost == TOO_MUCH:
        desk.cases[case].open = UNKNOWN
    elif cost < limit:
        choose(clinic, desk, shape)
        desk.cases[case].open = OPEN
        desk.cases[case].cost = cost
        for visit in range(visits):
            desk.case_starts[case, visit] = desk.atom[visit, desk.work[visit].chosen]


@compiled
def _cheapest(desk: Desk, count: int) -> int:
    """-1 where all are closed, UNTOLD where one would have been too much work."""
    best = -1
    for case in range(count):
        row = desk.cases[case]
        if row.open == UNKNOWN:
            return UNTOLD
        if row.open == OPEN and (best < 0 or row.cost < desk.cases[best].cost):
            best = case
    return best


@compiled
def _part(
    clinic: Clinic, desk: Desk, series: int, case: int, new: int, clash: tuple[int, int, int]
) -> bool:
    """Make two cases of one: in each, one of those that meet is barred."""
    desk.cases[new].bars = desk.cases[case].bars
    for n in range(desk.cases[case].bars):
        desk.bars[new * MOST_BARS + n] = desk.bars[case * MOST_BARS + n]
    one, other, at = clash
    return bar(clinic, desk, series, case, one, at) and bar(clinic, desk, series, new, other, at)


@compiled
def find_clash(
    clinic: Clinic, desk: Desk, series: int, case: int, visits: int
) -> tuple[int, int, int]:
    """Two visits that meet, and an atom at which both are; the day's first atom with its sign
    turned (and less one) where they only must not share the day. NOWHERE if all is well."""
    starts, atoms = desk.case_starts[case], clinic.atoms
    for one in range(visits):
        for other in range(one):
            day = atoms[starts[one]].day
            if day == atoms[starts[other]].day:
                if _apart(clinic, clinic.series[series].shape, one, other):
                    return one, other, -1 - clinic.day_start[day]
                at = _meet(clinic, series, one, starts[one], other, starts[other])
                if at >= 0:
                    return one, other, at
    return NOWHERE


@compiled
def _meet(clinic: Clinic, series: int, one: int, at: int, other: int, with_: int) -> int:
    begin = clinic.series[series].visit_from
    a, b = clinic.visits[begin + one], clinic.visits[begin + other]
    for n in range(a.stay_from, a.stay_to):
        for m in range(b.stay_from, b.stay_to):
            mine, theirs = clinic.stays[n], clinic.stays[m]
            low: int = max(at + mine.begin, with_ + theirs.begin)
            if low < min(at + mine.end, with_ + theirs.end):
                return low
    return -1


@compiled
def _apart(clinic: Clinic, shape: int, one: int, other: int) -> bool:
    """Does the protocol keep the two on different days?"""
    for n in range(clinic.shapes[shape].apart_from, clinic.shapes[shape].apart_to):
        pair = clinic.aparts[n]
        if min(pair.one, pair.other) == other and max(pair.one, pair.other) == one:
            return True
    return False


@compiled
def bar(clinic: Clinic, desk: Desk, series: int, case: int, visit: int, at: int) -> bool:
    """Keep a visit from an atom, or from a whole day; False if there are too many bars."""
    if at < 0:
        day = clinic.atoms[-1 - at].day
        return _add_bar(desk, case, visit, clinic.day_start[day], clinic.day_start[day + 1])
    row = clinic.visits[clinic.series[series].visit_from + visit]
    for n in range(row.stay_from, row.stay_to):
        stay = clinic.stays[n]
        if not _add_bar(desk, case, visit, at - stay.end + 1, at - stay.begin + 1):
            return False
    return True


@compiled
def _add_bar(desk: Desk, case: int, visit: int, begin: int, end: int) -> bool:
    count = desk.cases[case].bars
    if count == MOST_BARS:
        return False
    new = desk.bars[case * MOST_BARS + count]
    new.visit = visit
    new.begin = begin
    new.end = end
    desk.cases[case].bars = count + 1
    return True
