"""What booking tools do: patient by patient, visit by visit, the first time that fits. The best of
many orders; nothing is looked ahead."""

from random import Random
from time import perf_counter

from server.planner.clinic.arrays import IntArray
from server.planner.clinic.layout import Layout, lay_out
from server.planner.clinic.ledger import Ledger
from server.planner.clinic.room import fits, forget, settle_in
from server.planner.clinic.settling_tables import reach
from server.planner.clinic.starts import find_starts
from server.planner.demand import ClinicDemand


def first_fit(demand: ClinicDemand, seconds: float, seed: int = 1) -> tuple[int, int, int]:
    """(cost, placed, restarts) of the best order tried within the time."""
    layout, random = lay_out(demand), Random(seed)
    numbers = list(range(len(demand.demands)))
    numbers.sort(key=lambda n: demand.demands[n].series.ready_on)
    began, best, restarts = perf_counter(), (0, 0), 0
    while not restarts or perf_counter() - began < seconds:
        ledger = in_order(layout, numbers)
        found = ledger.cost, -len(ledger.plans())
        best = found if not restarts else min(best, found)
        restarts += 1
        random.shuffle(numbers)
    return best[0], -best[1], restarts


def in_order(layout: Layout, numbers: list[int]) -> Ledger:
    """The series placed in one order."""
    ledger = Ledger(layout)
    for number in numbers:
        _place(layout, ledger, number)
    return ledger


def _place(layout: Layout, ledger: Ledger, number: int) -> bool:
    """From the first day on which it works out, with the first of those kept who has time."""
    row = layout.clinic.series[number]
    return any(
        _place_in(layout, ledger, number, way, day)
        for day in range(row["ready"], row["start_by"] + 1)
        for way in range(row["way_from"], row["way_to"])
    )


def _place_in(layout: Layout, ledger: Ledger, number: int, way: int, day: int) -> bool:
    clinic, room, desk = layout.clinic, ledger.room, layout.shared_desk
    row = clinic.series[number]
    visits = int(row["visit_to"] - row["visit_from"])
    desk.cases[0]["bars"] = 0
    at: dict[int, int] = {}
    cost = int(clinic.ways[way]["cost"])
    for visit in range(visits):
        desk.work[visit]["day_from"], desk.work[visit]["day_to"] = day, row["last"]
        if visit == row["lead"]:
            desk.work[visit]["day_to"] = row["start_by"]
        slot = int(clinic.ways[way]["slot_from"]) + visit
        find_starts(clinic, room, desk, number, visit, slot, 0, 1 << 60)
        n = _first(layout, number, at, visit)
        if n < 0:
            return False
        at[visit] = int(desk.atom[visit, n])
        cost += int(desk.cost[visit, n])
    room = ledger.room.standing[number]
    room["way"], room["cost"] = way - row["way_from"], cost
    return _book(layout, ledger, number, at)


def _first(layout: Layout, number: int, at: dict[int, int], visit: int) -> int:
    """The first start that keeps all windows to the visits placed before; -1 if there is none."""
    clinic, desk = layout.clinic, layout.shared_desk
    low, high = 0, 1 << 60
    for relation in _relations(layout, number, visit):
        other = int(relation["first"] + relation["second"] - visit)
        if other in at:
            args = relation, clinic.bounds, clinic.day_start, clinic.atoms
            least, most = reach(*args, other, at[other])
            low, high = max(low, least), min(high, most)
    for n in range(int(desk.work[visit]["count"])):
        if low <= desk.atom[visit, n] <= high:
            return n
    return -1


def _relations(layout: Layout, number: int, visit: int) -> IntArray:
    clinic = layout.clinic
    shape = clinic.shapes[layout.clinic.series[number]["shape"]]
    steps = clinic.steps[shape["step_from"] : shape["step_to"]]
    betweens = clinic.betweens[steps["between_from"].min() : steps["between_to"].max()]
    numbers = {*steps["relation"], *betweens["to_onto"], *betweens["to_settled"]} - {-1}
    rows = clinic.relations[sorted(numbers)]
    found: IntArray = rows[(rows["first"] == visit) | (rows["second"] == visit)]
    return found


def _book(layout: Layout, ledger: Ledger, number: int, at: dict[int, int]) -> bool:
    clinic, room, row = layout.clinic, ledger.room, layout.clinic.series[number]
    way = row["way_from"] + room.standing[number]["way"]
    for visit, atom in at.items():
        slot = clinic.slots[clinic.ways[way]["slot_from"] + visit]
        free = clinic.slot_staffings[slot["staffing_from"] : slot["staffing_to"]]
        place = room.places[row["visit_from"] + visit]
        place["start"] = atom
        place["staffing"] = next(n for n in free if fits(clinic, room, n, atom))
    if not settle_in(clinic, room, number):
        forget(clinic, room, number)
        return False
    return True
