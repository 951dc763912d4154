"""On which day a series could begin at the earliest, by compiled code: what is asked over and over,
with one thing giving way each time, when somebody wants to know why there is no plan."""

from dataclasses import replace
from datetime import date

from server.domain.calendars import ClinicCalendar
from server.domain.placement import FREE, SeriesToPlace
from server.planner.calendar import Shelf
from server.planner.clinic.arrays import Room
from server.planner.clinic.in_days import by_days_where_dear
from server.planner.clinic.insertion import DOUBTFUL, NO_PLACE, PLACED, insert
from server.planner.clinic.layout import Layout, lay_out
from server.planner.clinic.room import give_up
from server.planner.clinic.starts import IMPOSSIBLE
from server.planner.demand import ClinicDemand, Demand, of_concern
from server.planner.patience import CannotTell

EARLIEST = replace(FREE, delay_day=1)
"""Under these the best plan is the one that begins first."""


def earliest(series: SeriesToPlace, calendar: ClinicCalendar, shelf: Shelf) -> date | None:
    """The day of the leading visit in the plan that begins first, None where there is no plan.
    Raises CannotTell."""
    kept = any(
        each.kept and len(series.candidates.get(each.name, ())) > 1 for each in series.choices
    )
    asked = (series, _anybody(series)) if kept else (series,)
    demands = tuple(Demand(id=str(n), series=each) for n, each in enumerate(asked))
    near = of_concern(series, calendar)
    demand = ClinicDemand(calendar=near, demands=demands, weights=EARLIEST)
    layout = by_days_where_dear(lay_out(demand, shelf=shelf))
    if layout.complete:
        raise CannotTell
    ways, room = len(layout.rows.ways[0]), layout.shared_room
    if not ways:
        return None
    try:
        return None if ways > 1 and _hopeless(layout, room) else _first_day(layout, room)
    finally:
        layout.keep_free()


def _anybody(series: SeriesToPlace) -> SeriesToPlace:
    """As if every visit could choose anew whoever is kept: one way instead of many."""
    choices = tuple(replace(each, kept=False) for each in series.choices)
    return replace(series, choices=choices, held={}, held_choices={})


def _hopeless(layout: Layout, room: Room) -> bool:
    """Is there no plan even if whoever is kept could change, and visits of the patient meet?"""
    room.mode[1] = 1
    found = insert(layout.clinic, room, layout.shared_desk, 1, IMPOSSIBLE)
    room.mode[1] = 0
    if found in {PLACED, DOUBTFUL}:
        give_up(layout.clinic, room, 1)
    return bool(found == NO_PLACE)


def _first_day(layout: Layout, room: Room) -> date | None:
    found = insert(layout.clinic, room, layout.shared_desk, 0, IMPOSSIBLE)
    if found == NO_PLACE:
        return None
    if found != PLACED:
        raise CannotTell
    row = layout.clinic.series[0]
    atom = int(room.places[row["visit_from"] + row["lead"]]["start"])
    return layout.axis.date_of(int(layout.axis.day_of[atom]))
