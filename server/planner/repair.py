"""After an illness, a closure or a no-show: the fewest changes that make the bookings hold again.

First everybody stays who can; then those who cannot are placed anew, each with the fewest changes;
then ruin and recreate looks for fewer still, over them and those who stand in their way. A change
costs as reference/planner.md section 3 says; where changes are alike, the cost of the plan decides.
What nothing can be found for is given up, which costs most, and is told with its reasons.
"""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import numpy as np

from server.domain.placement import FREE, SeriesPlan, Weights
from server.planner import quick
from server.planner.clinic.arrays import IntArray
from server.planner.clinic.layout import lay_out
from server.planner.clinic.ledger import Ledger
from server.planner.clinic.ruin import Ruin
from server.planner.demand import ClinicDemand, ClinicPlan, Demand, Watch
from server.planner.place import cost_of
from server.planner.plan import Clock, improve

SEARCHED = 0.93
"""The share of the time for the search; the rest is for the last step and for telling."""
TIE = 50
"""One point of a plan's cost; where that is alike too, a visit rather keeps its time."""
POINT = 100_000_000
"""One point of a repair's cost, so large that the cost of a plan only breaks ties."""


def repair(
    demand: ClinicDemand,
    *,
    seconds: float = 2,
    steps: int | None = None,
    seed: int = 1,
    watch: Watch | None = None,
) -> ClinicPlan:
    """Every series keeps its `held` places, or as many of them as possible; one for which nothing
    can be found is given up, which leaves it out of `placed`.

    `fixed` visits stay; their claims are in the calendar. `cost` counts changes and series given up
    only, as `changes_cost` does; so does the bound.
    """
    quick.make_ready(wait=True)  # or nothing would be left of a short time
    clock = Clock(seconds=SEARCHED * seconds, steps=steps, watch=watch, point=POINT)
    if not demand.demands:
        return ClinicPlan(placed={}, cost=0, lower_bound=0, seed=seed)
    weights = scaled(demand.weights)
    ledger = Ledger(lay_out(demand, weights, other_time=1))
    ledger.completely = clock.completely()
    least = _least(ledger)
    moved = _let_stay(ledger)
    for number in moved:
        ledger.place(number)
    if moved:
        near = Neighbours(demand.demands)
        chance = Random(seed)  # noqa: S311 - no secret
        ruin = Ruin(ledger, least, chance, point=POINT, near=near.days_apart)
        for number in moved:
            if not clock.over():
                ruin.make_way(number)
        improve(ledger, ruin, int(least.sum()), clock)
    return _answer(ledger, least, clock, seed)


def scaled(weights: Weights) -> Weights:
    """The same weights with changes counted in points."""
    return replace(
        weights,
        delay_day=weights.delay_day * TIE,
        not_first_choice=weights.not_first_choice * TIE,
        against_preference=weights.against_preference * TIE,
        unplaced=weights.unplaced * POINT,
        moved=weights.moved * POINT,
        moved_day=weights.moved_day * POINT,
        kept_choice_changed=weights.kept_choice_changed * POINT,
    )


def changes_cost(demand: ClinicDemand, placed: dict[str, SeriesPlan]) -> int:
    """What a repair costs, counted from its plans: changes, and series given up."""
    weights = demand.weights
    only = replace(
        FREE,
        moved=weights.moved,
        moved_day=weights.moved_day,
        kept_choice_changed=weights.kept_choice_changed,
    )
    return sum(
        cost_of(placed[one.id], one.series, demand.calendar, only)
        if one.id in placed
        else demand.weights.unplaced * one.priority
        for one in demand.demands
    )


def _least(ledger: Ledger) -> IntArray:
    """What each series costs if all others were away: nothing for those who could stay."""
    least = np.zeros(len(ledger.costs), dtype=np.int64)
    for number in range(len(least)):
        if not ledger.stay(number, _one_change(ledger) - 1):
            ledger.place(number)
        least[number] = ledger.given_back(number)
    return least


def _one_change(ledger: Ledger) -> int:
    """The least that any change costs."""
    weights = ledger.layout.weights
    return min(weights.moved, weights.kept_choice_changed) or POINT


def _let_stay(ledger: Ledger) -> list[int]:
    """Place everybody who can stay; who cannot is returned, the dearest to give up first."""
    numbers = range(len(ledger.costs))
    most = _one_change(ledger) - 1
    moved = [number for number in numbers if not ledger.stay(number, most)]
    return sorted(moved, key=lambda number: (-ledger.costs[number], number))


class Neighbours:
    """On which days the visits of each series are held."""

    def __init__(self, demands: Iterable[Demand]) -> None:
        self._days = [
            np.array(sorted({at.starts_at.toordinal() for at in one.series.held.values()}))
            for one in demands
        ]

    def days_apart(self, number: int) -> IntArray:
        """The fewest days between a visit of one series and one of each other."""
        return np.array([self._least(self._days[number], each) for each in self._days])

    def _least(self, one: IntArray, other: IntArray) -> int:
        if not len(one) or not len(other):
            return 1000
        return int(np.abs(one[:, None] - other[None, :]).min())


def _answer(ledger: Ledger, least: IntArray, clock: Clock, seed: int) -> ClinicPlan:
    demand, plans = ledger.layout.demand, ledger.plans()
    placed = {demand.demands[n].id: plan for n, plan in plans.items()}
    return ClinicPlan(
        placed=placed,
        unplaced=tuple(one.id for one in demand.demands if one.id not in placed),
        cost=changes_cost(demand, placed),
        lower_bound=int((least // POINT).sum()),
        **clock.told_with(seed),
    )
