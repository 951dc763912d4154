"""Why those left out of a clinic's plan have no place beside the others."""

from dataclasses import replace
from time import perf_counter

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesToPlace
from server.planner.clinic.ledger import claims_of
from server.planner.demand import ClinicDemand, ClinicPlan
from server.planner.explain import why_not

MOST = 10
Reasons = list[dict[str, object]]


def reasons(demand: ClinicDemand, found: ClinicPlan, *, seconds: float) -> dict[str, Reasons]:
    """For each series left out, by id; for the first of them only, as long as the time lasts."""
    placed = [one for one in demand.demands if one.id in found.placed]
    taken = [claim for one in placed for claim in claims_of(one, found.placed[one.id])]
    around = replace(demand.calendar, claims=(*demand.calendar.claims, *taken))
    asked = {one.id: one.series for one in demand.demands}
    told: dict[str, Reasons] = {}
    began = perf_counter()
    for each in found.unplaced:
        late = len(told) >= MOST or perf_counter() - began > seconds
        told[each] = [] if late else _why(asked[each], around)
    return told


def _why(series: SeriesToPlace, around: ClinicCalendar) -> Reasons:
    why = [each.as_json() for each in why_not(series, around)]
    dear = "There is a place, but it costs more than leaving the series out."
    known = {"visit": series.start_visit, "code": "cost", "bookable": None}
    return why or [{**known, "text": dear, "nearest": None}]
