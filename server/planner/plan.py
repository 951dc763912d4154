"""Many series at once: each is placed exactly, and then again and again with others out of the way.

Ruin and recreate (reference/planner.md section 1): a few series give up their places and are placed
anew, each at its own best, in another order; what is better is kept. The bound is proved: no plan
costs less than all series placed each as if it were alone, those left out at their price.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from time import monotonic

from server.domain import claims
from server.domain.calendars import Claim
from server.domain.placement import SeriesPlan
from server.planner.demand import ClinicDemand, ClinicPlan, Demand, Progress, Watch
from server.planner.place import best_plans

RUINED_AT_ONCE = 4
"""At most so many series are placed anew in one step."""


@dataclass
class Ledger:
    """Who has which place; positions in `demand.demands` stand for the series, so that no id
    decides anything."""

    demand: ClinicDemand
    plans: dict[int, SeriesPlan] = field(default_factory=dict)
    taken: dict[int, tuple[Claim, ...]] = field(default_factory=dict)

    def place(self, number: int) -> None:
        """Give one series its best place among the others, if there is one."""
        calendar = self.demand.calendar
        others = (claim for one in self.taken.values() for claim in one)
        around = replace(calendar, claims=(*calendar.claims, *others))
        series, weights = self.demand.demands[number].series, self.demand.weights
        for plan in best_plans(series, around, weights=weights, count=1):
            if plan.cost <= left_out(self.demand, number):
                self.plans[number] = plan
                self.taken[number] = tuple(claims_of(self.demand.demands[number], plan))

    def without(self, numbers: Sequence[int]) -> "Ledger":
        """A copy in which these have no place."""
        return Ledger(
            self.demand,
            {n: plan for n, plan in self.plans.items() if n not in numbers},
            {n: taken for n, taken in self.taken.items() if n not in numbers},
        )

    @property
    def cost(self) -> int:
        """What it all costs, those left out included."""
        count = len(self.demand.demands)
        missing = (left_out(self.demand, n) for n in range(count) if n not in self.plans)
        return sum(plan.cost for plan in self.plans.values()) + sum(missing)


def left_out(demand: ClinicDemand, number: int) -> int:
    """The price of leaving one series out."""
    return demand.weights.unplaced * demand.demands[number].priority


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
    clock = _Clock(seconds=seconds, steps=steps, watch=watch)
    ledger = Ledger(demand)
    for number in _in_order(demand):
        if clock.over(ledger, None, counts=False):
            break
        ledger.place(number)
    bound = _lower_bound(demand, clock)
    ledger = _improved(ledger, bound, Random(seed), clock)  # noqa: S311 - chance, no secret
    return _answer(ledger, bound, clock, seed)


def _in_order(demand: ClinicDemand) -> list[int]:
    """The urgent first, then those who are ready first."""

    def urgency(number: int) -> tuple[object, ...]:
        one = demand.demands[number]
        start_by = one.series.start_by or one.series.last_day
        return -one.priority, start_by, one.series.ready_on, number

    return sorted(range(len(demand.demands)), key=urgency)


def _improved(ledger: Ledger, bound: int | None, random: Random, clock: "_Clock") -> Ledger:
    """Ruin and recreate until the time is over or nothing can be better."""
    while ledger.demand.demands and ledger.cost != bound:
        if clock.over(ledger, bound):
            break
        ruined = _ruined(ledger, random)
        tried = ledger.without(ruined)
        for number in ruined:
            tried.place(number)
        if tried.cost <= ledger.cost:
            ledger = tried
    return ledger


def _ruined(ledger: Ledger, random: Random) -> list[int]:
    """A few series, those that cost more than they must before others, in any order."""
    count = len(ledger.demand.demands)
    first = random.choice(_worst(ledger)) if random.random() < 0.8 else random.randrange(count)
    rivals = [n for n in _rivals(ledger, first) if n != first]
    several = random.randint(1, RUINED_AT_ONCE - 1)
    chosen = [first, *random.sample(rivals, min(several, len(rivals)))]
    random.shuffle(chosen)
    return chosen


def _worst(ledger: Ledger) -> list[int]:
    """The quarter of the series that costs most."""
    demand = ledger.demand

    def cost(number: int) -> int:
        found = ledger.plans.get(number)
        return found.cost if found else left_out(demand, number)

    numbers = sorted(range(len(demand.demands)), key=cost, reverse=True)
    return numbers[: max(1, len(numbers) // 4)]


def _rivals(ledger: Ledger, number: int) -> list[int]:
    """Series with places around the days on which this one has or wants its own."""
    own = ledger.plans.get(number)
    wanted = ledger.demand.demands[number].series.ready_on
    first = own.placements[0].starts_at.date() if own and own.placements else wanted
    near = [
        n
        for n, plan in ledger.plans.items()
        if plan.placements and abs((plan.placements[0].starts_at.date() - first).days) <= 10
    ]
    return near or list(ledger.plans)


def claims_of(demand: Demand, found: SeriesPlan) -> Iterator[Claim]:
    """Everything that a plan of this series takes."""
    visits = {visit.code: visit for visit in demand.series.visits}
    for each in found.placements:
        chosen = {**found.choices, **each.choices}
        for taken in claims.taken(visits[each.visit], each.starts_at, chosen):
            yield taken.claim


def _lower_bound(demand: ClinicDemand, clock: "_Clock") -> int | None:
    """Each series alone on the calendar, or left out where that is cheaper; None where the time
    did not suffice."""
    total = 0
    for number, one in enumerate(demand.demands):
        if clock.steps is None and clock.share() > 1:
            return None
        alone = best_plans(one.series, demand.calendar, weights=demand.weights, count=1)
        price = left_out(demand, number)
        total += min([price, *(each.cost for each in alone)])
    return total


@dataclass
class _Clock:
    """Counts steps where they are given, else looks at the clock."""

    seconds: float
    steps: int | None
    watch: Watch | None
    done: int = 0
    began: float = field(default_factory=monotonic)
    told: float = 0.0

    def share(self) -> float:
        """How much of the time or the steps is gone."""
        if self.steps is not None:
            return self.done / max(1, self.steps)
        return (monotonic() - self.began) / max(self.seconds, 0.001)

    def over(self, ledger: Ledger, bound: int | None, *, counts: bool = True) -> bool:
        """Is it time to stop? Tells the watcher once a second."""
        share = self.share()
        if self.watch and monotonic() - self.told > 1:
            self.told = monotonic()
            progress = Progress(
                share=min(1.0, share),
                cost=ledger.cost,
                lower_bound=bound,
                placed=len(ledger.plans),
            )
            if not self.watch(progress):
                return True
        self.done += counts
        return share >= 1 and (counts or self.steps is None)


def _answer(ledger: Ledger, bound: int | None, clock: _Clock, seed: int) -> ClinicPlan:
    demands = ledger.demand.demands
    return ClinicPlan(
        placed={demands[n].id: found for n, found in sorted(ledger.plans.items())},
        unplaced=tuple(one.id for n, one in enumerate(demands) if n not in ledger.plans),
        cost=ledger.cost,
        lower_bound=bound,
        seconds=round(monotonic() - clock.began, 3),
        seed=seed,
    )
