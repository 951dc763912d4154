"""A clinic's series by days: when only the day of each visit counts (in_days.py), and each takes
its cheapest start of that day, everything at once is priced in a few milliseconds.

What visits may choose from on one day is mostly the same for many patients; it is priced once.
"""

from typing import Any, NamedTuple

import numpy as np

from server.planner.clinic.arrays import (
    MENU,
    Clinic,
    IntArray,
    Rows,
    SmallArray,
    column,
    table,
)
from server.planner.clinic.compiling import compiled
from server.planner.clinic.in_days import open_starts
from server.planner.clinic.layout import Layout
from server.planner.clinic.starts import NOON_HALF_MINUTES

FIRST_LOOK_DAYS = 14
MOST_ENTRIES = 12_000_000
"""So many entries of offers, 24 bytes each, are written down at most: a clinic of 500 patients has
two million, one of 2,000 in one house has 175."""


class TooLarge(Exception):
    """More is on offer than memory should hold."""


class Offers(NamedTuple):
    """What is on offer to some visits on one day, each such offer numbered: its own from `first`
    (offers + 1) on are the numbers of starts (`start`), their `staffing`, and what the patient
    would rather not (`against`, as a cost). `on` (menus, days) is the number of the offer."""

    on: IntArray
    first: IntArray
    start: IntArray
    staffing: IntArray
    against: IntArray


class ByDay(NamedTuple):
    """`starts` (atoms) that are open to a staffing as the calendar stands, its own from
    `starts_from` on; a menu is what one visit may choose from, a slot's own stands in `slot_menus`.
    `known` (series) has the cost of those that are not looked at, else -1. `left` (bookables,
    atoms) is what there is of everything."""

    starts_from: IntArray
    starts: IntArray
    offers: Offers
    slot_menus: IntArray
    known: IntArray
    left: SmallArray


class Sheet(NamedTuple):
    """What is worked out at some prices: for each of the starts its `price`; for each offer the
    least `cost` and the place (`best`) that has it; for each series its `total`, and for how many
    days the leading visit is looked for (`look`); and how many more units of a bookable are `taken`
    from each atom on."""

    price: IntArray
    cost: IntArray
    best: IntArray
    total: IntArray
    look: IntArray
    taken: IntArray


class Menus(NamedTuple):
    """Every menu once, however many visits choose from it, with the staffings of each; those alike
    but for the patient's hours are of one kind."""

    rows: Rows
    staffings: IntArray
    kinds: IntArray


def by_day(layout: Layout, known: IntArray) -> ByDay:
    """The series of a layout by days. Raises TooLarge."""
    room, clinic = layout.room(), layout.clinic
    open_at = open_starts(clinic, layout.axis, room)
    starts_from = np.cumsum([0, *map(len, open_at)])
    starts = np.concatenate([np.zeros(0, dtype=np.int64), *open_at])
    menus, slots = _menus(clinic)
    begins = np.array([np.searchsorted(each, clinic.day_start) for each in open_at])
    begins = begins.reshape(len(open_at), len(clinic.day_start)) + starts_from[:-1, None]
    return ByDay(
        starts_from=starts_from,
        starts=starts,
        offers=_offers(clinic, menus, starts, begins),
        slot_menus=slots,
        known=known,
        left=room.left,
    )


def sheet_for(days: ByDay) -> Sheet:
    """An empty sheet of the right size."""
    bookables, atoms = days.left.shape
    offers, series = len(days.offers.first) - 1, len(days.known)
    return Sheet(
        price=np.zeros(len(days.starts), dtype=np.int64),
        cost=np.zeros(offers, dtype=np.int64),
        best=np.zeros(offers, dtype=np.int64),
        total=np.zeros(series, dtype=np.int64),
        look=np.full(series, FIRST_LOOK_DAYS),
        taken=np.zeros((bookables, atoms + 1), dtype=np.int64),
    )


def _menus(clinic: Clinic) -> tuple[Menus, IntArray]:
    """The menus, and each slot's number."""
    known: dict[tuple[object, ...], int] = {}
    alike: dict[tuple[object, ...], int] = {}
    rows: list[tuple[int, ...]] = []
    staffings, kinds = list[int](), list[int]()
    slots = np.zeros(len(clinic.slots), dtype=np.int64)
    who_of = _staffings_of(clinic)
    stays_of = [tuple(map(tuple, clinic.stays[a:b].tolist())) for a, b in _stays(clinic)]
    visits = clinic.visits[["middle", "middle_rest", "stay_from", "stay_to"]].tolist()
    for one in clinic.series:
        where = int(one["pattern"]), int(one["prefers"]), int(one["not_before"])
        first, many = int(one["visit_from"]), int(one["visit_to"] - one["visit_from"])
        for way in clinic.ways[one["way_from"] : one["way_to"]]:
            for n in range(many):
                slot = int(way["slot_from"]) + n
                middle, rest, *stay = visits[first + n]
                of = who_of[slot], stays_of[first + n], *where[1:], middle, rest
                key = of, where[0]
                if key not in known:
                    known[key] = len(rows)
                    kinds.append(alike.setdefault(of, len(alike)))
                    begin = len(staffings)
                    staffings += who_of[slot]
                    rows.append((begin, len(staffings), *stay, *where, middle, rest))
                slots[slot] = known[key]
    return Menus(table(MENU, rows), column(staffings), column(kinds)), slots


def _stays(clinic: Clinic) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = clinic.visits[["stay_from", "stay_to"]].tolist()
    return found


def _staffings_of(clinic: Clinic) -> list[tuple[int, ...]]:
    every = clinic.slot_staffings.tolist()
    return [tuple(every[a:b]) for a, b, _ in clinic.slots.tolist()]


def _offers(clinic: Clinic, menus: Menus, starts: IntArray, begins: IntArray) -> Offers:
    """`begins` (staffings, days + 1): where the starts of a staffing begin on each day."""
    on, of_menu, of_day = _alike(clinic, menus)
    counts, none = np.zeros(len(of_menu), dtype=np.int64), np.zeros((3, 0), dtype=np.int64)
    many = fill(clinic, menus, starts, begins, of_menu, of_day, counts, none)
    if many > MOST_ENTRIES:
        raise TooLarge
    entries = np.zeros((3, many), dtype=np.int64)
    fill(clinic, menus, starts, begins, of_menu, of_day, counts, entries)
    return Offers(on, np.cumsum([0, *counts]), *entries)


def _alike(clinic: Clinic, menus: Menus) -> tuple[IntArray, IntArray, IntArray]:
    """The number of the offer for each menu and day, and a menu and the day of each offer: alike
    are those of one kind whose patients are there at the same hours of that day."""
    days = len(clinic.day_start) - 1
    on = np.zeros((len(menus.rows), days), dtype=np.int64)
    of_menu, of_day, count = list[IntArray](), list[IntArray](), 0
    for day in range(days):
        begin, end = clinic.day_start[day], clinic.day_start[day + 1]
        _, hours = np.unique(clinic.present[:, begin:end], axis=0, return_inverse=True)
        key = menus.kinds * len(clinic.present) + hours.reshape(-1)[menus.rows["pattern"]]
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
        on[:, day] = count + number.reshape(-1)
        of_menu.append(first)
        of_day.append(np.full(len(first), day))
        count += len(first)
    return on, np.concatenate(of_menu), np.concatenate(of_day)


@compiled
def fill(
    clinic: Clinic,
    menus: Menus,
    starts: IntArray,
    begins: IntArray,
    of_menu: IntArray,
    of_day: IntArray,
    counts: IntArray,
    entries: IntArray,
) -> int:
    """Write down for each offer its starts, staffings and what the patient would rather not; only
    how many where `entries` has no room."""
    at, present_of, room = 0, clinic.present, entries.shape[1]
    for offer in range(len(of_menu)):
        row, day, begin = menus.rows[of_menu[offer]], of_day[offer], at
        present, stays = present_of[row.pattern], clinic.stays[row.stay_from : row.stay_to]
        wish = clinic.terms.against_preference if row.middle >= 0 and row.prefers else 0
        for k in range(row.staffing_from, row.staffing_to):
            staffing = menus.staffings[k]
            for n in range(begins[staffing, day], begins[staffing, day + 1]):
                atom, there = starts[n], starts[n] >= row.not_before
                for m in range(len(stays)):
                    there &= present[atom + stays[m].begin] >= stays[m].end - stays[m].begin
                if there:
                    if room:
                        entries[0, at], entries[1, at] = n, staffing
                        entries[2, at] = wish * _against(clinic, row, atom)
                    at += 1
        counts[offer] = at - begin
    return at


@compiled
def _against(clinic: Clinic, row: Any, atom: int) -> int:
    """1 where a start is on the side of the day that the patient would rather not."""
    middle = min(atom + row.middle, len(clinic.atoms) - 1)
    late = 2 * clinic.atoms[middle].minute + row.middle_rest >= NOON_HALF_MINUTES
    return int(late == (row.prefers == 1))
