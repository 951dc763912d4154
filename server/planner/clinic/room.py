"""Compiled: what is free, and how it changes when a series takes its places or gives them up."""

from server.planner.clinic.arrays import Clinic, FlagArray, Room, SmallArray
from server.planner.clinic.compiling import compiled, plain

TAKEN, GIVEN_BACK = plain(1), plain(-1)


@compiled
def refresh_days(clinic: Clinic, room: Room, slot: int, first: int, last: int) -> None:
    """Bring `free` up to date for all staffings of a slot, on days `first` to `last`."""
    row, stale = clinic.slots[slot], room.stale
    for n in range(row.staffing_from, row.staffing_to):
        staffing = clinic.slot_staffings[n]
        for day in range(first, last + 1):
            if stale[staffing, day]:
                _refresh(clinic, room, staffing, day)


@compiled
def _refresh(clinic: Clinic, room: Room, staffing: int, day: int) -> None:
    room.stale[staffing, day] = 0
    begin, end = clinic.day_start[day], clinic.day_start[day + 1]
    whole, free, atoms = clinic.staffings[staffing], room.free[staffing], clinic.atoms
    latest = end - whole.length
    for atom in range(begin, end):
        free[atom] = atoms[atom].on_grid == 1 and atom <= latest
    for n in range(whole.need_from, whole.need_to):
        need = clinic.needs[n]
        units, supply = need.units, room.left[need.bookable]
        if units == 0:
            units, supply = 1, room.configured[need.bookable]
        _strike_out(free, supply, units, need.begin, need.end, begin, min(latest, end - 1))


@compiled
def _strike_out(
    free: FlagArray, supply: SmallArray, units: int, begin: int, end: int, first: int, last: int
) -> None:
    """Starts from `first` to `last` are free no more where there is too little at some moment."""
    short_until = -1
    for at in range(last + end - 1, first + begin - 1, -1):
        if supply[at] < units:
            short_until = at
        start = at - begin
        if start <= last and 0 <= short_until < start + end:
            free[start] = 0


@compiled
def fits(clinic: Clinic, room: Room, staffing: int, atom: int) -> bool:
    """Is everything that a staffing needs there, from this start on?"""
    whole = clinic.staffings[staffing]
    for n in range(whole.need_from, whole.need_to):
        need = clinic.needs[n]
        units, supply = need.units, room.left[need.bookable]
        if units == 0:
            units, supply = 1, room.configured[need.bookable]
        for at in range(atom + need.begin, atom + need.end):
            if supply[at] < units:
                return False
    return True


@compiled
def settle_in(clinic: Clinic, room: Room, series: int) -> bool:
    """Take the places of a series; nothing is taken, and False returned, where its own visits take
    the same things at the same time, as when a chair is cleaned while its patient is elsewhere."""
    begin, end = clinic.series[series].visit_from, clinic.series[series].visit_to
    for visit in range(begin, end):
        place = room.places[visit]
        if not fits(clinic, room, place.staffing, place.start):
            for other in range(begin, visit):
                take(clinic, room, other, GIVEN_BACK)
            return False
        take(clinic, room, visit, TAKEN)
    return True


@compiled
def take(clinic: Clinic, room: Room, visit: int, sign: int) -> None:
    """Take (TAKEN) or give back (GIVEN_BACK) all that a visit needs at its place."""
    place = room.places[visit]
    whole = clinic.staffings[place.staffing]
    for n in range(whole.need_from, whole.need_to):
        _take_need(clinic, room, n, place.start, sign)


@compiled
def _take_need(clinic: Clinic, room: Room, number: int, start: int, sign: int) -> None:
    need = clinic.needs[number]
    if need.units == 0:
        return
    for at in range(start + need.begin, start + need.end):
        room.left[need.bookable, at] -= need.units * sign
    day, users = clinic.atoms[start].day, clinic.bookables[need.bookable]
    for n in range(users.user_from, users.user_to):
        room.stale[clinic.users[n], day] = 1


@compiled
def give_up(clinic: Clinic, room: Room, series: int) -> None:
    """Leave a series without places."""
    for visit in range(clinic.series[series].visit_from, clinic.series[series].visit_to):
        if room.places[visit].start >= 0:
            take(clinic, room, visit, GIVEN_BACK)
    forget(clinic, room, series)


@compiled
def forget(clinic: Clinic, room: Room, series: int) -> None:
    """Note that a series has no places, where nothing is taken for it."""
    one = clinic.series[series]
    for visit in range(one.visit_from, one.visit_to):
        room.places[visit].start = -1
        room.places[visit].staffing = -1
    room.standing[series].way = -1
    room.standing[series].cost = one.left_out
