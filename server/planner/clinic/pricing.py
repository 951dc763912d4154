"""Compiled: what all series cost by days (by_day.py) at given prices, and which hours they take."""

from server.planner.clinic.arrays import Clinic, Desk, IntArray, Room
from server.planner.clinic.by_day import ByDay, Offers, Sheet
from server.planner.clinic.compiling import compiled
from server.planner.clinic.folding import TOO_MUCH
from server.planner.clinic.insertion import DOUBTFUL, NO_PLACE, PLACED, search
from server.planner.clinic.settling import choose, settle_by_days
from server.planner.clinic.starts import IMPOSSIBLE

LOOK_ON_DAYS = 3


@compiled
def price_all(clinic: Clinic, days: ByDay, sheet: Sheet, desk: Desk, upto: IntArray) -> None:
    """Fill the sheet. `upto` (bookables, atoms + 1): what one unit costs from the beginning up to
    each atom."""
    price_starts(clinic, days, sheet, upto)
    price_offers(sheet.price, days.offers, sheet.cost, sheet.best)
    sheet.taken[:] = 0
    for series in range(len(clinic.series)):
        if days.known[series] >= 0:
            sheet.total[series] = days.known[series]
        else:
            way = _price_series(clinic, days, sheet, desk, series)
            if way >= 0:
                _take(clinic, days, sheet, desk, series, way)


@compiled
def price_exactly(clinic: Clinic, days: ByDay, sheet: Sheet, desk: Desk, room: Room) -> None:
    """As `price_all` once that has priced the starts, but to the minute. `room` is one in which
    nobody has a place, and where starts cost what they are priced at. A series of which compiled
    code cannot tell keeps what it costs by days."""
    sheet.taken[:] = 0
    for series in range(len(clinic.series)):
        if days.known[series] >= 0:
            continue
        one = clinic.series[series]
        found = search(clinic, room, desk, series, one.left_out, one.way_from, one.way_to)
        if found == NO_PLACE:
            sheet.total[series] = one.left_out
        elif found == PLACED:
            sheet.total[series] = max(sheet.total[series], room.standing[series].cost)
        if found in (PLACED, DOUBTFUL):
            for visit in range(one.visit_to - one.visit_from):
                work = desk.work[visit]
                _take_of(clinic, sheet, work.staffing, work.start)


@compiled
def price_starts(clinic: Clinic, days: ByDay, sheet: Sheet, upto: IntArray) -> None:
    """What everything costs that a staffing takes from each of its starts on."""
    for staffing in range(len(clinic.staffings)):
        whole = clinic.staffings[staffing]
        for n in range(days.starts_from[staffing], days.starts_from[staffing + 1]):
            at, total = days.starts[n], 0
            for number in range(whole.need_from, whole.need_to):
                need = clinic.needs[number]
                row = upto[need.bookable]
                total += need.units * (row[at + need.end] - row[at + need.begin])
            sheet.price[n] = total


@compiled
def price_offers(price: IntArray, offers: Offers, cost: IntArray, best: IntArray) -> None:
    """The cheapest start of each offer; IMPOSSIBLE where it has none."""
    starts, against = offers.start, offers.against
    for offer in range(len(cost)):
        least, place = IMPOSSIBLE, -1
        for n in range(offers.first[offer], offers.first[offer + 1]):
            here = price[starts[n]] + against[n]
            if here < least:
                least, place = here, n
        cost[offer], best[offer] = least, place


@compiled
def _price_series(clinic: Clinic, days: ByDay, sheet: Sheet, desk: Desk, series: int) -> int:
    """The cheapest way, its days in case 0 of the desk; -1 if it is cheapest to leave it out. To
    begin later costs more: so late days are looked at only where early ones are dear."""
    one = clinic.series[series]
    delay = clinic.terms.delay_day if one.delayed >= 0 else 0
    look = sheet.look[series] if delay else one.start_by - one.ready + 1
    while True:
        last = min(one.start_by, one.ready + look - 1)
        way = _cheapest_way(clinic, days, sheet, desk, series, last)
        if last == one.start_by or sheet.total[series] <= delay * look:
            break
        look *= 2
    if delay:
        sheet.look[series] = sheet.total[series] // delay + LOOK_ON_DAYS
    return way


@compiled
def _cheapest_way(
    clinic: Clinic, days: ByDay, sheet: Sheet, desk: Desk, series: int, last: int
) -> int:
    """The cheapest way with the leading visit on day `last` at the latest."""
    one, best, cheapest = clinic.series[series], clinic.series[series].left_out, -1
    visits = clinic.shapes[one.shape].visits
    for way in range(one.way_from, one.way_to):
        own = clinic.ways[way].cost
        if own >= best or not _list_days(clinic, days, sheet, desk, series, way, last):
            continue
        total = settle_by_days(clinic.in_days, desk, one.shape, best - own)
        if total == TOO_MUCH:  # nothing is known but what this way costs by itself
            best, cheapest = own, -1
            continue
        total += own
        if total < best:
            best, cheapest = total, way
            choose(clinic.in_days, desk, one.shape)
            for visit in range(visits):
                desk.case_starts[0, visit] = desk.atom[visit, desk.work[visit].chosen]
    sheet.total[series] = best
    return cheapest


@compiled
def _list_days(
    clinic: Clinic, days: ByDay, sheet: Sheet, desk: Desk, series: int, way: int, latest: int
) -> bool:
    """On which days each visit may be, the leading one on `latest` at the latest, with what each
    costs; False if one may be on none."""
    one, shape = clinic.series[series], clinic.shapes[clinic.series[series].shape]
    row, slot = shape.days_at + one.lead * shape.visits, clinic.ways[way].slot_from
    for visit in range(shape.visits):
        first, last = one.ready, latest
        if visit != one.lead:
            first = max(one.ready, one.ready + clinic.nearest[row + visit])
            last = min(one.last, latest + clinic.farthest[row + visit])
        offers, count = days.offers.on[days.slot_menus[slot + visit]], 0
        delay = clinic.terms.delay_day if visit == one.delayed else 0
        for day in range(first, last + 1):
            here = sheet.cost[offers[day]]
            if here < IMPOSSIBLE:
                desk.atom[visit, count] = day
                desk.cost[visit, count] = here + delay * (day - one.ready)
                count += 1
        desk.work[visit].count = count
        if count == 0:
            return False
    return True


@compiled
def _take(clinic: Clinic, days: ByDay, sheet: Sheet, desk: Desk, series: int, way: int) -> None:
    """Note what a series takes on the days chosen for it."""
    slot = clinic.ways[way].slot_from
    for visit in range(clinic.shapes[clinic.series[series].shape].visits):
        menu, day = days.slot_menus[slot + visit], desk.case_starts[0, visit]
        place = sheet.best[days.offers.on[menu, day]]
        start = days.starts[days.offers.start[place]]
        _take_of(clinic, sheet, days.offers.staffing[place], start)


@compiled
def _take_of(clinic: Clinic, sheet: Sheet, staffing: int, start: int) -> None:
    whole = clinic.staffings[staffing]
    for n in range(whole.need_from, whole.need_to):
        need = clinic.needs[n]
        sheet.taken[need.bookable, start + need.begin] += need.units
        sheet.taken[need.bookable, start + need.end] -= need.units
