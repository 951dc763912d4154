"""A small clinic's plan, polished: CP-SAT sees all series at once and begins from what was found.

It runs in a process of its own with a memory limit. What it finds is taken only where it costs
less, counted from its times alone, and where whoever asks accepts it; its bound is taken, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic

from server.domain.placement import SeriesPlan
from server.planner.cp_sat.solving import Wish, solve
from server.planner.demand import ClinicDemand, ClinicPlan
from server.planner.place import cost_of

MOST_SERIES = 25
"""Beyond that the search alone is better than a single model."""
MEGABYTES = 4096
"""Of addresses, of which a model of that size uses a tenth."""
LEAST_SECONDS = 2.0
Accepts = Callable[[ClinicPlan], bool]


def polish(
    demand: ClinicDemand, found: ClinicPlan, *, seconds: float, accepts: Accepts, seed: int = 1
) -> ClinicPlan:
    """The plan or a cheaper one, with the better bound of both. As it was where there are too many
    series, too little time, or something that CP-SAT cannot be told."""
    if not 0 < len(demand.demands) <= MOST_SERIES or seconds < LEAST_SECONDS:
        return found
    began, ids = monotonic(), [each.id for each in demand.demands]
    hints = {n: found.placed[who] for n, who in enumerate(ids) if who in found.placed}
    wish = Wish(demand=demand, hints=hints, seconds=seconds, megabytes=MEGABYTES, seed=seed)
    answer = solve(wish)
    if answer is None:
        return found
    best = _cheaper(demand, found, {ids[n]: plan for n, plan in answer.plans.items()}, accepts)
    bounds = [each for each in (found.lower_bound, answer.bound) if each is not None]
    taken = found.seconds + monotonic() - began
    return replace(best, lower_bound=max(bounds, default=None), seconds=round(taken, 3))


def _cheaper(
    demand: ClinicDemand, found: ClinicPlan, placed: Mapping[str, SeriesPlan], accepts: Accepts
) -> ClinicPlan:
    """The new plan where it costs less and is accepted."""
    calendar, weights = demand.calendar, demand.weights
    priced = {
        one.id: replace(
            placed[one.id],
            cost=cost_of(placed[one.id], one.series, calendar, weights),
        )
        for one in demand.demands
        if one.id in placed
    }
    missing = [one for one in demand.demands if one.id not in placed]
    left_out = demand.weights.unplaced * sum(each.priority for each in missing)
    other = replace(
        found,
        placed=priced,
        unplaced=tuple(each.id for each in missing),
        cost=left_out + sum(each.cost for each in priced.values()),
    )
    return other if placed and other.cost < found.cost and accepts(other) else found
