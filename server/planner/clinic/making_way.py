"""Who would have to make way so that a series had the place it wants most.

The series is placed as if all others were away, but for a penalty on every visit that is not free
as things are. Whoever holds what those few visits lack is in the way.
"""

from random import Random

import numpy as np

from server.planner.clinic.arrays import Clinic, IntArray, Room
from server.planner.clinic.compiling import compiled
from server.planner.clinic.insertion import DOUBTFUL, PLACED, search
from server.planner.clinic.ledger import Ledger
from server.planner.clinic.room import refresh_days


@compiled
def refresh_series(clinic: Clinic, room: Room, series: int) -> None:
    """Bring `free` up to date for everything that a series may need."""
    one = clinic.series[series]
    visits = one.visit_to - one.visit_from
    for way in range(one.way_from, one.way_to):
        first = clinic.ways[way].slot_from
        for slot in range(first, first + visits):
            refresh_days(clinic, room, slot, one.ready, one.last)


@compiled
def price_taken(
    clinic: Clinic, room: Room, open_room: Room, series: int, penalties: IntArray
) -> None:
    """Let every start that others leave no room for cost its day's penalty in the open room."""
    one = clinic.series[series]
    visits = one.visit_to - one.visit_from
    for way in range(one.way_from, one.way_to):
        first = clinic.ways[way].slot_from
        for n in range(
            clinic.slots[first].staffing_from, clinic.slots[first + visits - 1].staffing_to
        ):
            staffing = clinic.slot_staffings[n]
            price, free = open_room.price[staffing], room.free[staffing]
            for day in range(one.ready, one.last + 1):
                penalty = penalties[day]
                for atom in range(clinic.day_start[day], clinic.day_start[day + 1]):
                    price[atom] = 0 if free[atom] else penalty


@compiled
def holders(
    clinic: Clinic, room: Room, bookable: int, begin: int, end: int, units: IntArray
) -> None:
    """Write down how many units of a bookable each series holds at some moment in [begin, end)."""
    units[:] = 0
    for series in range(len(clinic.series)):
        one = clinic.series[series]
        for visit in range(one.visit_from, one.visit_to):
            place = room.places[visit]
            if place.start < 0:
                continue
            whole = clinic.staffings[place.staffing]
            for n in range(whole.need_from, whole.need_to):
                need = clinic.needs[n]
                if (
                    need.bookable == bookable
                    and place.start + need.begin < end
                    and begin < place.start + need.end
                ):
                    units[series] = max(units[series], need.units)


class WayMaker:
    """Finds who is in the way of a series that has no place now."""

    def __init__(self, ledger: Ledger, random: Random) -> None:
        self._ledger, self._random = ledger, random
        layout = ledger.layout
        prices = np.zeros((len(layout.catalogue.choices), layout.axis.atoms), dtype=np.int64)
        self._open = layout.room()._replace(price=prices)
        self._open.mode[0] = 1
        self._desk = layout.desk()
        self._units = np.zeros(len(ledger.costs), dtype=np.int64)

    def in_the_way(self, number: int, penalty: int) -> list[int]:
        """The series that hold what the visits of this one lack; [] if nothing would help."""
        clinic, room = self._ledger.layout.clinic, self._ledger.room
        if number in self._ledger.layout.complete:
            return []
        refresh_series(clinic, room, number)
        price_taken(clinic, room, self._open, number, self._by_day(penalty))
        limit = 2 * int(clinic.series[number]["left_out"])
        row, found = clinic.series[number], dict[int, None]()
        self._open.mode[2] = self._ledger.slack
        ways = row["way_from"], row["way_to"]
        if search(clinic, self._open, self._desk, number, limit, *ways) not in {PLACED, DOUBTFUL}:
            return []
        for work in self._desk.work[: row["visit_to"] - row["visit_from"]]:
            if not room.free[work["staffing"], work["start"]]:
                found |= dict.fromkeys(self._of_visit(int(work["start"]), int(work["staffing"])))
        return list(found)

    def _by_day(self, penalty: int) -> IntArray:
        """Some days cost more than others, so that not always the same have to make way."""
        days = self._ledger.layout.axis.days
        return np.array([int(penalty * (1 + self._random.random())) for _ in range(days)])

    def _of_visit(self, start: int, staffing: int) -> list[int]:
        clinic, left = self._ledger.layout.clinic, self._ledger.room.left
        whole, found = clinic.staffings[staffing], list[int]()
        for need in clinic.needs[whole["need_from"] : whole["need_to"]]:
            begin, end = start + int(need["begin"]), start + int(need["end"])
            lacking = int(need["units"] - left[need["bookable"], begin:end].min())
            if need["units"] and lacking > 0:
                found += self._enough(int(need["bookable"]), begin, end, lacking)
        return found

    def _enough(self, bookable: int, begin: int, end: int, lacking: int) -> list[int]:
        """Some holders, at random, who hold as much as is lacking."""
        clinic, room = self._ledger.layout.clinic, self._ledger.room
        holders(clinic, room, bookable, begin, end, self._units)
        candidates, chosen = [int(n) for n in np.flatnonzero(self._units)], list[int]()
        self._random.shuffle(candidates)
        for number in candidates:
            if lacking <= 0:
                break
            chosen.append(number)
            lacking -= int(self._units[number])
        return chosen
