"""Why those left out of a clinic's plan have no place beside the others."""

from dataclasses import replace
from time import monotonic

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesToPlace
from server.planner import quick
from server.planner.calendar import Shelf
from server.planner.clinic.ledger import claims_of
from server.planner.demand import ClinicDemand, ClinicPlan
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
    asked = {one.id: one.series for one in demand.demands}
    for each in found.unplaced:
        patience = Patience(until=began + seconds) if steps is None else Patience(steps=steps)
        late = len(told) >= MOST or (steps is None and monotonic() > began + seconds)
        told[each] = [_cut_off(asked[each])] if late else _why(asked[each], around, patience, shelf)
    return told


def _beside(demand: ClinicDemand, found: ClinicPlan) -> ClinicCalendar:
    """The calendar with everything that the plan places."""
    placed = [one for one in demand.demands if one.id in found.placed]
    taken = [claim for one in placed for claim in claims_of(one, found.placed[one.id])]
    return replace(demand.calendar, claims=(*demand.calendar.claims, *taken))


def _why(
    series: SeriesToPlace, around: ClinicCalendar, patience: Patience, shelf: Shelf
) -> Reasons:
    why = [each.as_json() for each in why_not(series, around, patience=patience, shelf=shelf)]
    dear = "There is a place, but it costs more than leaving the series out."
    return why or [_said(series, "cost", dear)]


def _cut_off(series: SeriesToPlace) -> dict[str, object]:
    text = "No place beside the others was found; why was not looked into within the time."
    return _said(series, "several", text)


def _said(series: SeriesToPlace, code: str, text: str) -> dict[str, object]:
    known = {"visit": series.start_visit, "code": code, "bookable": None}
    return {**known, "text": text, "nearest": None}
