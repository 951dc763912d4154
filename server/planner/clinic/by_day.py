"""A clinic's series by days: when only the day of each visit counts, and each takes its cheapest
start of that day, everything at once is priced in a few milliseconds.

What holds by moments holds by days, never the other way round: so the least cost of a series by
days is never more than its true least cost, whatever the hours are priced at.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from server.planner.axis import TimeAxis
from server.planner.clinic.arrays import (
    ATOM,
    MENU,
    Clinic,
    IntArray,
    Room,
    Rows,
    SmallArray,
    column,
    table,
)
from server.planner.clinic.layout import Layout
from server.planner.clinic.room import refresh_days
from server.planner.relations import FAR

DAY_MINUTES = 1440
FIRST_LOOK_DAYS = 14
Hours = dict[tuple[int, int], tuple[int, int]]
"""The first and the last minute of the day at which a visit of a shape ever starts."""


class ByDay(NamedTuple):
    """`clinic` with relations in days; `starts` (atoms) that are open to a staffing as the calendar
    stands, its own from `starts_from` on; a menu is what one visit may choose from, a slot's own
    stands in `slot_menus`. `known` (series) has the cost of those that are not looked at, else -1.
    `left` (bookables, atoms) is what there is of everything."""

    clinic: Clinic
    starts_from: IntArray
    starts: IntArray
    menus: Rows
    menu_staffings: IntArray
    slot_menus: IntArray
    known: IntArray
    left: SmallArray


class Sheet(NamedTuple):
    """What is worked out at some prices: for each of the starts its `price`; for each menu and day
    the least `cost`, the start (`at`) and staffing (`who`) that have it; for each series its
    `total`, and for how many days the leading visit is looked for (`look`); and how many more units
    of a bookable are `taken` from each atom on."""

    price: IntArray
    cost: IntArray
    at: IntArray
    who: IntArray
    total: IntArray
    look: IntArray
    taken: IntArray


def by_day(layout: Layout, known: IntArray) -> ByDay:
    """The series of a layout by days."""
    room, clinic = layout.room(), layout.clinic
    starts = _open_starts(layout, room)
    menus, staffings, slots = _menus(clinic)
    hours = _hours(layout, starts)
    return ByDay(
        clinic=clinic._replace(
            relations=_relations_in_days(layout, hours),
            steps=_without_wishes(clinic.steps),
            day_start=np.arange(layout.axis.days + 1),
            atoms=table(ATOM, ((day, 0, 1) for day in range(layout.axis.days + 1))),
        ),
        starts_from=np.cumsum([0, *map(len, starts)]),
        starts=np.concatenate([np.zeros(0, dtype=np.int64), *starts]),
        menus=menus,
        menu_staffings=staffings,
        slot_menus=slots,
        known=known,
        left=room.left,
    )


def sheet_for(days: ByDay) -> Sheet:
    """An empty sheet of the right size."""
    menus = len(days.menus), len(days.clinic.day_start) - 1
    bookables, atoms = days.left.shape
    return Sheet(
        price=np.zeros(len(days.starts), dtype=np.int64),
        cost=np.zeros(menus, dtype=np.int64),
        at=np.zeros(menus, dtype=np.int64),
        who=np.zeros(menus, dtype=np.int64),
        total=np.zeros(len(days.clinic.series), dtype=np.int64),
        look=np.full(len(days.clinic.series), FIRST_LOOK_DAYS),
        taken=np.zeros((bookables, atoms + 1), dtype=np.int64),
    )


def _open_starts(layout: Layout, room: Room) -> list[IntArray]:
    for slot in range(len(layout.clinic.slots)):
        refresh_days(layout.clinic, room, slot, 0, layout.axis.days - 1)
    return [np.flatnonzero(row) for row in room.free]


def _menus(clinic: Clinic) -> tuple[Rows, IntArray, IntArray]:
    """Every menu once, however many visits choose from it; their staffings; each slot's menu."""
    known: dict[tuple[object, ...], int] = {}
    rows: list[tuple[int, ...]] = []
    staffings: list[int] = []
    slots = np.zeros(len(clinic.slots), dtype=np.int64)
    for series, slot, visit in _slots(clinic):
        at, one, row = clinic.visits[visit], clinic.series[series], clinic.slots[slot]
        who = tuple(clinic.slot_staffings[row["staffing_from"] : row["staffing_to"]].tolist())
        stays = tuple(map(tuple, clinic.stays[at["stay_from"] : at["stay_to"]].tolist()))
        where = int(one["pattern"]), int(one["prefers"]), int(one["not_before"])
        middle = int(at["middle"]), int(at["middle_rest"])
        key = who, stays, where, middle
        if key not in known:
            known[key] = len(rows)
            first, stay = len(staffings), (int(at["stay_from"]), int(at["stay_to"]))
            rows.append((first, first + len(who), *stay, *where, *middle))
            staffings += who
        slots[slot] = known[key]
    return table(MENU, rows), column(staffings), slots


def _slots(clinic: Clinic) -> Iterator[tuple[int, int, int]]:
    """(series, slot, visit) for every way of every series."""
    for number, one in enumerate(clinic.series):
        for way in clinic.ways[one["way_from"] : one["way_to"]]:
            for n in range(int(one["visit_to"] - one["visit_from"])):
                yield number, int(way["slot_from"]) + n, int(one["visit_from"]) + n


def _hours(layout: Layout, starts: list[IntArray]) -> Hours:
    clinic, found = layout.clinic, Hours()
    spans = [_span(layout.axis.minute_of[atoms]) for atoms in starts]
    for number, slot, visit in _slots(clinic):
        row, one = clinic.slots[slot], clinic.series[number]
        key = int(one["shape"]), visit - int(one["visit_from"])
        for staffing in clinic.slot_staffings[row["staffing_from"] : row["staffing_to"]]:
            first, last = found.get(key, (DAY_MINUTES, -1))
            found[key] = min(first, spans[staffing][0]), max(last, spans[staffing][1])
    return found


def _span(minutes: IntArray) -> tuple[int, int]:
    return (int(minutes.min()), int(minutes.max())) if len(minutes) else (DAY_MINUTES, -1)


def _relations_in_days(layout: Layout, hours: Hours) -> Rows:
    """Each relation as the fewest and the most days from its first visit to its second."""
    clinic, found = layout.clinic, layout.clinic.relations.copy()
    drift = _drift(layout.axis)
    for shape, number in _owners(clinic):
        row = clinic.relations[number]
        least, most = _days_apart(layout, row, hours, shape, drift)
        found[number] = (row["first"], row["second"], least, most, 0, 0, 0, 0)
    return found


def _without_wishes(steps: Rows) -> Rows:
    """What is only wished costs nothing here: less than it truly does."""
    found = steps.copy()
    found["wishes"] = 0
    return found


def _owners(clinic: Clinic) -> Iterator[tuple[int, int]]:
    """(shape, relation) for every relation that a step of a shape uses."""
    for number, shape in enumerate(clinic.shapes):
        for step in clinic.steps[shape["step_from"] : shape["step_to"]]:
            between = clinic.betweens[step["between_from"] : step["between_to"]]
            used = [step["relation"], *between["to_onto"], *between["to_settled"]]
            yield from ((number, int(each)) for each in used if each >= 0)


def _drift(axis: TimeAxis) -> int:
    """By how many minutes local time and elapsed time can differ within the axis."""
    offsets = [axis.instant(int(atom)).utcoffset() for atom in axis.day_start]
    seconds = [each.total_seconds() for each in offsets if each is not None]
    return int(max(seconds, default=0) - min(seconds, default=0)) // 60


def _days_apart(
    layout: Layout, row: np.void, hours: Hours, shape: int, drift: int
) -> tuple[int, int]:
    minutes, days = layout.axis.atom_minutes, layout.axis.days
    first = hours.get((shape, int(row["first"])), (0, DAY_MINUTES))
    second = hours.get((shape, int(row["second"])), (0, DAY_MINUTES))
    low, high = -days, days
    if row["most"] < FAR:
        latest = int(row["most"]) * minutes + first[1] - second[0] + drift
        high = min(high, latest // DAY_MINUTES)
    if row["least"] > -FAR:
        earliest = int(row["least"]) * minutes + first[0] - second[1] - drift
        low = max(low, -(-earliest // DAY_MINUTES))
    for bound in layout.clinic.bounds[row["bound_from"] : row["bound_to"]]:
        anchor = first if bound["visit"] == row["second"] else second
        past_midnight = anchor[1] + int(bound["offset"]) * minutes >= DAY_MINUTES
        least = max(int(bound["least"]), -days)
        most = min(int(bound["most"]) + past_midnight, days)
        if bound["visit"] != row["second"]:
            least, most = -most, -least
        low, high = max(low, least), min(high, most)
    return low, high
