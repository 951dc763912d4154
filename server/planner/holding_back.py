"""Room for urgent starts that are not known yet: whoever may come is planned with those who have
come, and only these are told.

What is expected takes the places that suit it beside everybody else; nobody is given them today,
and tomorrow they are free for whoever came.
"""

from collections.abc import Iterable
from dataclasses import replace

from server.planner.demand import ClinicDemand, ClinicPlan, Demand, Watch
from server.planner.plan import plan


def plan_holding_back(
    demand: ClinicDemand,
    expected: Iterable[Demand],
    *,
    seconds: float = 60,
    steps: int | None = None,
    seed: int = 1,
    watch: Watch | None = None,
) -> ClinicPlan:
    """As `plan`, with room left for the series that are `expected`, as far as their priority is
    worth it. The plan, its cost and those left out are of the demand alone; nothing is proved of
    it."""
    held = tuple(expected)
    both = replace(demand, demands=(*demand.demands, *held))
    found = plan(both, seconds=seconds, steps=steps, seed=seed, watch=watch)
    if not held:
        return found
    known = {each.id for each in demand.demands}
    placed = {who: each for who, each in found.placed.items() if who in known}
    left_out = [each for each in demand.demands if each.id not in placed]
    unplaced = demand.weights.unplaced * sum(each.priority for each in left_out)
    return replace(
        found,
        placed=placed,
        unplaced=tuple(each.id for each in left_out),
        cost=unplaced + sum(each.cost for each in placed.values()),
        lower_bound=None,
        placed_at_most=None,
    )
