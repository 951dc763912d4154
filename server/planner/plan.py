"""Many series at once: each is placed exactly, and then again and again with others out of the way.

First one after the other; then prices are found for the hours that many need (prices.py), and led
by them ruin and recreate (clinic/ruin.py) goes on for as long as there is time. The bound is
proved: by those prices, or because no plan costs less than every series placed as if alone.
"""

from dataclasses import asdict, dataclass, field, replace
from random import Random
from time import monotonic
from typing import TypedDict

import numpy as np

from server.domain.placement import Weights
from server.planner.bounds.prices import Prices
from server.planner.clinic.arrays import IntArray
from server.planner.clinic.by_day import TooLarge
from server.planner.clinic.in_days import with_days
from server.planner.clinic.layout import lay_out
from server.planner.clinic.ledger import Ledger
from server.planner.clinic.ruin import Ruin, in_order
from server.planner.completely import Completely
from server.planner.demand import ClinicDemand, ClinicPlan, Progress, Watch

HALF = 0.5
POINT = 1024
"""A unit of cost is counted in so many parts: the worth of an hour to others then tells between
places that cost the same."""
FOR_PRICES = 0.15, 0.35
"""The share of the time left by which prices are found by days, and then to the minute."""
PROVING = 0.3, 0.95
"""The same for one of several processes, which proves how good a plan can be at best,"""
SEARCHING = 0.15, 0.2
"""and for the others, which need prices only to search by."""
MOST_PRICE_STEPS = 1500, 300
PRICE_STEPS, EXACT_STEPS = 2, 20
"""So many by days for each step of the search, and so many to the minute in all, where steps are
counted."""


class Told(TypedDict):
    """How long a run took, and by which seed."""

    seconds: float
    seed: int


@dataclass
class Clock:
    """Counts steps where they are given, else looks at the clock; tells a watcher now and then."""

    seconds: float
    steps: int | None = None
    watch: Watch | None = None
    point: int = 1
    """In how many parts the ledger and the bound count a unit of cost."""
    done: int = 0
    began: float = field(default_factory=monotonic)
    told: float = 0.0
    stopped: bool = False

    @property
    def taken(self) -> float:
        """Seconds since the beginning."""
        return monotonic() - self.began

    def share(self) -> float:
        """How much of the time or of the steps is gone, at most 1."""
        gone = self.taken / max(self.seconds, 0.001)
        if self.steps is not None:
            gone = self.done / max(1, self.steps)
        return min(1.0, gone)

    def over(self, share: float = 1) -> bool:
        """Is this share of the time over, whatever the steps?"""
        return self.stopped or (self.steps is None and self.share() >= share)

    def completely(self) -> Completely:
        """How those are placed that only the complete search can place: in this time, or so that
        the same steps give the same plan."""
        if self.steps is not None:
            return Completely(repeatable=True)
        return Completely(until=self.began + self.seconds)

    def told_with(self, seed: int) -> Told:
        """What every answer says about the run itself."""
        return {"seconds": round(self.taken, 3), "seed": seed}

    def next_step(self, ledger: Ledger, bound: int | None) -> bool:
        """Is there time for one more step?"""
        self.tell(ledger, bound)
        more = not self.stopped and self.share() < 1 and self.steps != 0
        self.done += more
        return more

    def tell(self, ledger: Ledger, bound: int | None) -> None:
        """Let the watcher know, once a second; it may stop the run."""
        if self.watch is None or monotonic() - self.told < 1:
            return
        self.told = monotonic()
        placed = sum(map(ledger.placed, range(len(ledger.costs))))
        proved = None if bound is None else whole(bound, self.point)
        cost = ledger.cost // self.point
        progress = Progress(share=self.share(), cost=cost, lower_bound=proved, placed=placed)
        self.stopped = not self.watch(progress)


def plan(
    demand: ClinicDemand,
    *,
    seconds: float = 60,
    steps: int | None = None,
    seed: int = 1,
    watch: Watch | None = None,
    for_prices: tuple[float, float] = FOR_PRICES,
) -> ClinicPlan:
    """The best plan found within the time, or within the steps where they are given: then the same
    demand and seed give the same plan. Every series has a place or none; those fixed stay put.

    `watch` hears how far it is and may stop it; what was found by then is returned.
    """
    clock = Clock(seconds=seconds, steps=steps, watch=watch, point=POINT)
    if not demand.demands:
        return ClinicPlan(placed={}, cost=0, lower_bound=0, placed_at_most=0, seed=seed)
    ledger = Ledger(with_days(lay_out(demand, in_parts(demand.weights))))
    ledger.completely = clock.completely()
    least = least_costs(ledger, clock)
    bound = None if least is None else int(least.sum())
    for number in in_order(ledger):
        if clock.over():
            break
        ledger.place(number)
        clock.tell(ledger, bound)
    if least is not None:
        prices = found_prices(ledger, least, clock, for_prices)
        bound = int(least.sum()) if prices is None else prices.bound
        worth = None if prices is None else prices.for_starts()
        chance = Random(seed)  # noqa: S311 - no secret
        ruin = Ruin(ledger, least, chance, point=POINT, prices=worth)
        ledger.thorough = False
        if ledger.cost > bound and not clock.over(HALF):
            ruin.start_anew(in_order(ledger), clock.over)
        improve(ledger, ruin, bound, clock)
    return answer(ledger, bound, clock, seed)


def in_parts(weights: Weights) -> Weights:
    """The same weights, counted in parts of a unit."""
    return Weights(**{name: each * POINT for name, each in asdict(weights).items()})


def whole(bound: int, point: int) -> int:
    """What is proved in whole units: costs have no parts."""
    return -(-bound // point)


def found_prices(
    ledger: Ledger, least: IntArray, clock: Clock, shares: tuple[float, float]
) -> Prices | None:
    """Prices for the hours, looked for as long as it is worth it; None for a clinic so large that
    its offers fill too much memory."""
    try:
        prices, begin = Prices(ledger.layout, least), clock.share()
    except TooLarge:
        return None
    by_days, exact = (begin + (1 - begin) * share for share in shares)
    steps = MOST_PRICE_STEPS
    if clock.steps is not None:
        steps = PRICE_STEPS * clock.steps, EXACT_STEPS * (clock.steps > 0)
    _find(prices, ledger, clock, by_days, min(steps[0], MOST_PRICE_STEPS[0]))
    if not clock.over(HALF):
        prices.to_the_minute()
        _find(prices, ledger, clock, exact, steps[1])
    return prices


def _find(prices: Prices, ledger: Ledger, clock: Clock, until: float, most: int) -> None:
    for _ in range(most):
        if clock.over(until) or prices.settled:
            return
        prices.step(ledger.cost)
        clock.tell(ledger, prices.bound)


def least_costs(ledger: Ledger, clock: Clock) -> IntArray | None:
    """What each series costs alone on the calendar; None where half the time did not suffice: the
    rest is for finding places at all."""
    least = np.zeros(len(ledger.costs), dtype=np.int64)
    for number in range(len(least)):
        if clock.over(HALF):
            return None
        ledger.place(number)
        least[number] = ledger.given_back(number)
    return least


def improve(ledger: Ledger, ruin: Ruin, bound: int, clock: Clock) -> None:
    """Ruin and recreate until the time is over or nothing can be better."""
    ledger.thorough = False
    while ruin.best_cost > bound and clock.next_step(ledger, bound):
        ruin.step(clock.share())
    ruin.finish()


def answer(ledger: Ledger, bound: int | None, clock: Clock, seed: int) -> ClinicPlan:
    """The plan as it stands in a ledger that counts in parts."""
    demands, plans = ledger.layout.demand.demands, ledger.plans()
    return ClinicPlan(
        placed={
            demands[n].id: replace(found, cost=found.cost // POINT) for n, found in plans.items()
        },
        unplaced=tuple(one.id for n, one in enumerate(demands) if n not in plans),
        cost=ledger.cost // POINT,
        lower_bound=0 if bound is None else whole(bound, POINT),  # nothing costs less than nothing
        **clock.told_with(seed),
    )
