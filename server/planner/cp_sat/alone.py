"""The best plan of one series by CP-SAT, for the few that no other search answers in time."""

from dataclasses import replace

from server.domain.placement import SeriesPlan
from server.planner.cost import cost_of
from server.planner.cp_sat.solving import Wish, solve
from server.planner.demand import ClinicDemand
from server.planner.patience import CannotTell

MEGABYTES = 4096
"""Of addresses, of which a model of one series uses a tenth."""


def best_alone(demand: ClinicDemand, number: int, seconds: float) -> SeriesPlan | None:
    """The plan of least cost for the series with this number, None where it is proved that there is
    none. Raises CannotTell."""
    one = demand.demands[number]
    asked = replace(demand, demands=(one,))
    answer = solve(Wish(demand=asked, everybody=True, seconds=seconds, megabytes=MEGABYTES))
    if answer is None or not answer.proved:
        raise CannotTell
    for plan in answer.plans.values():
        return replace(plan, cost=cost_of(plan, one.series, demand.calendar, demand.weights))
    return None
