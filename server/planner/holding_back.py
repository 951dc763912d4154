"""Room for urgent starts that are not known yet: whoever may come is planned with those who have
come, and only these are told.

What is expected takes the places that suit it beside everybody else; nobody is given them today,
and tomorrow they are free for whoever came.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from server.planner.demand import ClinicDemand, ClinicPlan, Demand, Watch
from server.planner.plan import plan

URGENT_PRIORITY = 2
"""An urgent start that finds no room weighs as much as two others."""


def urgent_like(demands: Sequence[Demand], many: int, days: int, today: date) -> tuple[Demand, ...]:
    """So many urgent starts that may come within so many days, to begin by the last of these: each
    like one of those who wait for a whole series. None where nobody does."""
    whole = sorted((each for each in demands if not each.series.fixed), key=_latest_first)
    last = max((each.series.last_day for each in whole), default=today)
    return tuple(_urgent(whole, many, days, today, last)) if whole else ()


def _latest_first(demand: Demand) -> tuple[int, str]:
    return -demand.series.ready_on.toordinal(), demand.id


def _urgent(
    whole: Sequence[Demand], many: int, days: int, today: date, last: date
) -> Iterator[Demand]:
    for n in range(many):
        like = whole[n % len(whole)].series
        ready = today + timedelta(days=days * n // many)
        until = min(last, like.last_day + max(timedelta(), ready - like.ready_on))
        series = replace(
            like, ready_on=ready, start_by=today + timedelta(days=days), last_day=until
        )
        yield Demand(id=f"urgent {n + 1}", series=series, priority=URGENT_PRIORITY)


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
