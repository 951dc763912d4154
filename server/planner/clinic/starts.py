"""Compiled: the possible starts of each visit of one series, with what each costs by itself.

The loops here work on arrays in local names: to hand all arrays of a clinic to a function costs
more than most inner steps themselves.
"""

from server.planner.clinic.arrays import Clinic, Desk, FlagArray, IntArray, Room, Rows, SmallArray
from server.planner.clinic.compiling import compiled
from server.planner.clinic.room import refresh_days

NOON_HALF_MINUTES = 13 * 60 * 2
IMPOSSIBLE = 1 << 60
MOST_BARS = 24
"""A case bars no more stretches of time; what would need more is left to the complete search."""


@compiled
def find_starts(
    clinic: Clinic,
    room: Room,
    desk: Desk,
    series: int,
    visit: int,
    slot: int,
    case: int,
    limit: int,
) -> bool:
    """List the starts of one visit that a case allows and that cost less than `limit` by
    themselves; False if there is none."""
    work = desk.work[visit]
    if work.day_to < work.day_from:
        return False
    refresh_days(clinic, room, slot, work.day_from, work.day_to)
    one, number = clinic.series[series], clinic.series[series].visit_from + visit
    atoms = desk.atom[visit]
    first, last = clinic.day_start[work.day_from], clinic.day_start[work.day_to + 1]
    count = _open(clinic, room, slot, atoms, max(first, one.not_before), last)
    at = clinic.visits[number]
    stays = clinic.stays[at.stay_from : at.stay_to]
    count = _attended(clinic.present[one.pattern], stays, atoms, count)
    if at.mask >= 0:
        count = _allowed(clinic.masks[at.mask], atoms, count)
    bars = desk.bars[case * MOST_BARS : case * MOST_BARS + desk.cases[case].bars]
    if len(bars):
        count = _not_barred(bars, visit, atoms, count)
    _cost(clinic, desk, series, visit, count)
    if at.extra >= 0:
        _add_extra(clinic.extras[at.extra], atoms, desk.cost[visit], count)
    if room.mode[0] or at.held >= 0 or clinic.slots[slot].held >= 0:
        _add_staffing_costs(clinic, room, desk, visit, slot, at.held, count)
    count = _below(desk.atom[visit], desk.cost[visit], count, limit)
    work.count = count
    return count > 0


@compiled
def _open(clinic: Clinic, room: Room, slot: int, atoms: IntArray, first: int, last: int) -> int:
    """Write down all starts in [first, last) at which some staffing is free; how many."""
    begin, end = clinic.slots[slot].staffing_from, clinic.slots[slot].staffing_to
    count, free = 0, room.free
    for n in range(begin, end):
        row = free[clinic.slot_staffings[n]]
        if n == begin:
            for atom in range(first, last):
                if row[atom]:
                    atoms[count] = atom
                    count += 1
        else:
            count = _merge(row, atoms, count, first, last)
    return count


@compiled
def _merge(row: FlagArray, atoms: IntArray, count: int, first: int, last: int) -> int:
    """Add the starts of one more staffing, still ascending; how many there are now."""
    known = atoms[:count].copy()
    at, written = 0, 0
    for atom in range(first, last):
        here = at < count and known[at] == atom
        if here:
            at += 1
        if here or row[atom]:
            atoms[written] = atom
            written += 1
    return written


@compiled
def _attended(present: SmallArray, stays: Rows, atoms: IntArray, count: int) -> int:
    """Keep the starts at which the patient can be there throughout."""
    for n in range(len(stays)):
        begin, length = stays[n].begin, stays[n].end - stays[n].begin
        kept = 0
        for m in range(count):
            if present[atoms[m] + begin] >= length:
                atoms[kept] = atoms[m]
                kept += 1
        count = kept
    return count


@compiled
def _allowed(mask: FlagArray, atoms: IntArray, count: int) -> int:
    """Keep the starts that the visits which stay where they are allow."""
    kept = 0
    for m in range(count):
        if mask[atoms[m]]:
            atoms[kept] = atoms[m]
            kept += 1
    return kept


@compiled
def _not_barred(bars: Rows, visit: int, atoms: IntArray, count: int) -> int:
    """Keep the starts that no bar of the case forbids."""
    kept = 0
    for m in range(count):
        barred = False
        for n in range(len(bars)):
            if bars[n].visit == visit and bars[n].begin <= atoms[m] < bars[n].end:
                barred = True
        if not barred:
            atoms[kept] = atoms[m]
            kept += 1
    return kept


@compiled
def _cost(clinic: Clinic, desk: Desk, series: int, visit: int, count: int) -> None:
    """Delay, preference, and what leaving a held time costs."""
    one, terms, table = clinic.series[series], clinic.terms, clinic.atoms
    at, atoms, cost = clinic.visits[one.visit_from + visit], desk.atom[visit], desk.cost[visit]
    delay = terms.delay_day if visit == one.delayed else 0
    ready, held, held_day = one.ready, at.held, at.held_day
    middle, rest, last = at.middle, at.middle_rest, len(table) - 1
    wrong_early = terms.against_preference if one.prefers == 2 and middle >= 0 else 0
    wrong_late = terms.against_preference if one.prefers == 1 and middle >= 0 else 0
    for n in range(count):
        atom = atoms[n]
        day = table[atom].day
        total = delay * (day - ready)
        if wrong_early or wrong_late:
            shown = 2 * table[min(atom + middle, last)].minute + rest
            total += wrong_late if shown >= NOON_HALF_MINUTES else wrong_early
        if held_day >= 0:
            total += (terms.moved + terms.other_time) * (held != atom)
            total += terms.moved_day * (held_day != day)
        cost[n] = total


@compiled
def _add_extra(extra: SmallArray, atoms: IntArray, cost: IntArray, count: int) -> None:
    """What each start costs for what the visits wish that stay where they are."""
    for n in range(count):
        cost[n] += extra[atoms[n]]


@compiled
def _below(atoms: IntArray, cost: IntArray, count: int, limit: int) -> int:
    """Keep the starts that cost less than a limit."""
    kept = 0
    for n in range(count):
        if cost[n] < limit:
            atoms[kept], cost[kept] = atoms[n], cost[n]
            kept += 1
    return kept


@compiled
def _add_staffing_costs(
    clinic: Clinic, room: Room, desk: Desk, visit: int, slot: int, held: int, count: int
) -> None:
    """What prices, or another staffing than the one held, add."""
    for n in range(count):
        atom = desk.atom[visit, n]
        desk.cost[visit, n] += staffing_cost(clinic, room, slot, atom, held == atom)[1]


@compiled
def staffing_cost(clinic: Clinic, room: Room, slot: int, atom: int, held: bool) -> tuple[int, int]:
    """The cheapest staffing free at a start, and what it adds; -1 first if none is free.

    `held`: the visit is held at this very start, so another staffing than its own is a move.
    """
    row, best, chosen = clinic.slots[slot], IMPOSSIBLE, -1
    for n in range(row.staffing_from, row.staffing_to):
        staffing = clinic.slot_staffings[n]
        if room.free[staffing, atom]:
            cost = clinic.terms.moved if held and staffing != row.held else 0
            if room.mode[0]:
                cost += room.price[staffing, atom]
            if cost < best:
                best, chosen = cost, staffing
    return chosen, best


@compiled
def set_days(clinic: Clinic, desk: Desk, series: int, first: int, last: int) -> None:
    """On which days each visit may be when the leading one is on days `first` to `last`."""
    one = clinic.series[series]
    shape = clinic.shapes[one.shape]
    row = shape.days_at + one.lead * shape.visits
    for visit in range(shape.visits):
        work = desk.work[visit]
        work.day_from = max(one.ready, first + clinic.nearest[row + visit])
        work.day_to = min(one.last, last + clinic.farthest[row + visit])
