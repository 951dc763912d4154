"""Why those left out of a clinic's plan have no place beside the others."""

from dataclasses import replace
from time import monotonic

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesToPlace
from server.planner import quick
from server.planner.calendar import Shelf
from server.planner.clinic.ledger import claims_of
from server.planner.demand import ClinicDemand, ClinicPlan, Demand
from server.planner.explain import Patience, why_not

MOST = 10
Reasons = list[dict[str, object]]


def reasons(
    demand: ClinicDemand, found: ClinicPlan, *, seconds: float, steps: int | None = None
) -> dict[str, Reasons]:
    """For each series left out, by id, as long as the time lasts: first come, first told. What is
    cut off by the time says so. With `steps`, so many for each of the first few instead of a time:
    then the same question has the same answer."""
    if found.unplaced:
        quick.make_ready(wait=True)
    began, told, shelf = monotonic(), dict[str, Reasons](), Shelf()
    around = _beside(demand, found) if found.unplaced else demand.calendar
    beside = replace(demand, calendar=around)
    asked = {one.id: one for one in demand.demands}
    for each in found.unplaced:
        patience = Patience(until=began + seconds) if steps is None else Patience(steps=steps)
        late = len(told) >= MOST or (steps is None and monotonic() > began + seconds)
        one = asked[each]
        told[each] = [_cut_off(one.series)] if late else _why(one, beside, patience, shelf)
    return told


def _beside(demand: ClinicDemand, found: ClinicPlan) -> ClinicCalendar:
    """The calendar with everything that the plan places."""
    placed = [one for one in demand.demands if one.id in found.placed]
    taken = [claim for one in placed for claim in claims_of(one, found.placed[one.id])]
    return replace(demand.calendar, claims=(*demand.calendar.claims, *taken))


def _why(one: Demand, beside: ClinicDemand, patience: Patience, shelf: Shelf) -> Reasons:
    found = why_not(one.series, beside.calendar, patience=patience, shelf=shelf)
    return [each.as_json() for each in found] or [_place_left(one, beside, shelf)]


def _place_left(one: Demand, beside: ClinicDemand, shelf: Shelf) -> dict[str, object]:
    """Said of a series that has a place after all: too dear, or not come to in time."""
    weights = beside.weights
    plans = quick.best_plans(one.series, beside.calendar, weights=weights, count=1, shelf=shelf)
    if plans and plans[0].cost < weights.unplaced * one.priority:
        late = "There is a place, but the time was over before anybody came to it."
        return _said(one.series, "several", late)
    dear = "There is a place, but it costs more than leaving the series out."
    return _said(one.series, "cost", dear)


def _cut_off(series: SeriesToPlace) -> dict[str, object]:
    text = "No place beside the others was found; why was not looked into within the time."
    return _said(series, "several", text)


def _said(series: SeriesToPlace, code: str, text: str) -> dict[str, object]:
    known = {"visit": series.start_visit, "code": code, "bookable": None}
    return {**known, "text": text, "nearest": None}
