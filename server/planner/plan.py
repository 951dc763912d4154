"""Many series at once: each is placed exactly, and then again and again with others out of the way.

First one after the other, then ruin and recreate (clinic/ruin.py) for as long as there is time. The
bound is proved: no plan costs less than all series placed each as if it were alone, those left out
at their price.
"""

from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import TypedDict

import numpy as np

from server.planner.clinic.arrays import IntArray
from server.planner.clinic.layout import lay_out
from server.planner.clinic.ledger import Ledger
from server.planner.clinic.ruin import Ruin, in_order
from server.planner.demand import ClinicDemand, ClinicPlan, Progress, Watch

HALF = 0.5


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
        progress = Progress(share=self.share(), cost=ledger.cost, lower_bound=bound, placed=placed)
        self.stopped = not self.watch(progress)


def plan(
    demand: ClinicDemand,
    *,
    seconds: float = 60,
    steps: int | None = None,
    seed: int = 1,
    watch: Watch | None = None,
) -> ClinicPlan:
    """The best plan found within the time, or within the steps where they are given: then the same
    demand and seed give the same plan. Every series has a place or none; those fixed stay put.

    `watch` hears how far it is and may stop it; what was found by then is returned.
    """
    clock = Clock(seconds=seconds, steps=steps, watch=watch)
    if not demand.demands:
        return ClinicPlan(placed={}, cost=0, lower_bound=0, placed_at_most=0, seed=seed)
    ledger = Ledger(lay_out(demand))
    least = least_costs(ledger, clock)
    bound = None if least is None else int(least.sum())
    for number in in_order(ledger):
        if clock.over():
            break
        ledger.place(number)
        clock.tell(ledger, bound)
    if least is not None:
        chance = Random(seed)  # noqa: S311 - no secret
        improve(ledger, Ruin(ledger, least, chance), int(least.sum()), clock)
    return answer(ledger, bound, clock, seed)


def least_costs(ledger: Ledger, clock: Clock) -> IntArray | None:
    """What each series costs alone on the calendar; None where half the time did not suffice: the
    rest is for finding places at all."""
    least = np.zeros(len(ledger.costs), dtype=np.int64)
    for number in range(len(least)):
        if clock.over(HALF):
            return None
        ledger.place(number)
        least[number] = ledger.costs[number]
        ledger.take_back(number)
    return least


def improve(ledger: Ledger, ruin: Ruin, bound: int, clock: Clock) -> None:
    """Ruin and recreate until the time is over or nothing can be better."""
    ledger.thorough = False
    while ruin.best_cost > bound and clock.next_step(ledger, bound):
        ruin.step(clock.share())
    ruin.finish()


def answer(ledger: Ledger, bound: int | None, clock: Clock, seed: int) -> ClinicPlan:
    """The plan as it stands in a ledger."""
    demands, plans = ledger.layout.demand.demands, ledger.plans()
    return ClinicPlan(
        placed={demands[number].id: found for number, found in plans.items()},
        unplaced=tuple(one.id for n, one in enumerate(demands) if n not in plans),
        cost=ledger.cost,
        lower_bound=bound,
        **clock.told_with(seed),
    )
