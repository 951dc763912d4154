"""Ruin and recreate: a few series give up their places and are placed anew, each at its best, in
another order. What is better is kept; what is a little worse now and then too, the less the later.

After Schrimpf et al. 2000 and Christiaens and Vanden Berghe 2020 (slack induction by removals),
with whole series in the place of customers.
"""

import math
from collections.abc import Callable, Collection, Iterable
from random import Random

import numpy as np

from server.planner.clinic.arrays import IntArray
from server.planner.clinic.ledger import Kept, Ledger
from server.planner.clinic.making_way import WayMaker

MOST_RUINED = 10
NEAR_DAYS = 20
MAKE_WAY = 0.7
"""How often somebody is made way for, rather than a neighbourhood shaken up."""
PENALTIES = 5, 20, 80
"""What a visit may cost, in points, that others must make way for."""
WARMTH = 5.0, 0.3
"""How much worse a step may be, at the beginning and at the end, in points of cost."""
CONSIDERATE = 0.9
"""How often a series is placed with a thought to what others need, where that is known."""
SLACK = 5.0
"""How much dearer than the best a considerate place may be where it is found sooner, in points."""
CHAIN = 2
"""How many times whoever made way is made way for in turn."""
VARIETY, CHANCE = 7, 1.0
"""In how many ways prices vary by chance, and by how much at most, in points."""
MOST_MEMORY = 1 << 26
IN_VAIN = 10
"""Prices vary once so many steps for each series have brought nothing better."""
Before = dict[int, Kept]
"""What series had before a step, by number."""
Near = Callable[[int], IntArray]
"""How far each series stands from one of them, in days."""


def in_order(ledger: Ledger) -> list[int]:
    """All series: the dear to leave out first, then those who must begin or are ready first."""
    rows = ledger.layout.clinic.series
    keys = (np.arange(len(rows)), rows["ready"], rows["start_by"], -rows["left_out"])
    return [int(n) for n in np.lexsort(keys)]


class Ruin:
    """Improves a ledger step by step. `least` is what each series costs at the very least, `point`
    the unit of cost, `near` tells which series stand in each other's way, `prices` what the hours
    from each start on are worth to others."""

    def __init__(
        self,
        ledger: Ledger,
        least: IntArray,
        random: Random,
        *,
        point: int = 1,
        near: Near | None = None,
        prices: IntArray | None = None,
    ) -> None:
        self._ledger, self._least, self._random = ledger, least, random
        self._point, self._near = point, near or self._by_lead
        self._considerate, self._worth, self._in_vain = 0.0, list[IntArray](), 0
        if prices is not None:
            self._worth = _varied(prices, random, point)
            ledger.follow(prices)
            ledger.slack = int(SLACK * point)
            self._considerate = CONSIDERATE
        self._way = WayMaker(ledger, random)
        self._orders: tuple[Callable[[int], float], ...] = (
            lambda _: random.random(),
            lambda n: -ledger.layout.clinic.series[n]["left_out"] + random.random(),
            lambda n: ledger.layout.clinic.series[n]["ready"] + random.random(),
            lambda n: least[n] - ledger.costs[n] + random.random(),
        )
        self.best = ledger.kept()
        self.best_cost = ledger.cost

    def step(self, share: float) -> None:
        """Try once; `share` of the time is over."""
        ledger, random = self._ledger, self._random
        before = ledger.cost
        self._in_vain += 1
        if self._in_vain > IN_VAIN * len(ledger.costs) and self._worth:
            ledger.follow(random.choice(self._worth))
        kept = self._changed()
        warmth = self._point * WARMTH[0] ** (1 - share) * WARMTH[1] ** share
        if ledger.cost > before - warmth * math.log(1 - random.random()):
            self._undo(kept.values())
        elif ledger.cost < self.best_cost:
            self.best, self.best_cost, self._in_vain = ledger.kept(), ledger.cost, 0
            if self._worth:
                ledger.follow(self._worth[0])

    def start_anew(self, numbers: Collection[int], over: Callable[[], bool]) -> None:
        """Take all places back and give them out again, now with a thought to each other; all is
        as before where the time is over amid it."""
        before, kept = self._ledger.cost, Before()
        self._take_back(numbers, kept)
        for number in numbers:
            if over():
                break
            self._place(number)
        if self._ledger.cost > before:
            self._undo(kept.values())
        else:
            self.best, self.best_cost = self._ledger.kept(), self._ledger.cost

    def make_way(self, number: int) -> None:
        """Try at once to place a series that has no place, others making way."""
        for penalty in PENALTIES * 2:
            before, kept = self._ledger.cost, Before()
            self._make_way(number, penalty, kept)
            if self._ledger.cost > before:
                self._undo(kept.values())
        if self._ledger.cost < self.best_cost:
            self.best, self.best_cost = self._ledger.kept(), self._ledger.cost

    def _changed(self) -> Before:
        """Change something; what was there before is returned."""
        kept = Before()
        if self._random.random() < MAKE_WAY:
            first = self._first(self._ledger.costs - self._least)
            self._make_way(first, self._random.choice(PENALTIES), kept)
        else:
            self._take_back(self._chosen(), kept)
            self._place_anew(list(kept))
        return kept

    def _make_way(self, first: int, penalty: int, kept: Before, depth: int = CHAIN) -> None:
        """Give one series what it wants most, and place anew whoever was in its way; whoever then
        has no place is made way for in turn."""
        self._take_back([first], kept)
        ruined = self._way.in_the_way(first, self._point * penalty)
        self._take_back(ruined, kept)
        self._place(first)
        for number in self._place_anew(ruined):
            if depth:
                self._make_way(number, penalty, kept, depth - 1)

    def _take_back(self, numbers: Iterable[int], kept: Before) -> None:
        for number in numbers:
            had = self._ledger.take_back(number)
            kept.setdefault(number, had)

    def _place_anew(self, ruined: Iterable[int]) -> list[int]:
        """Place series in another order; those without a place now are returned."""
        order = sorted(ruined, key=self._random.choice(self._orders))
        return [number for number in order if not self._place(number)]

    def _place(self, number: int) -> bool:
        considerate = self._random.random() < self._considerate
        return self._ledger.place(number, considerate=considerate)

    def finish(self) -> None:
        """Go back to the best that was found."""
        if self._ledger.cost > self.best_cost:
            self._undo(self.best)

    def _undo(self, kept: Collection[Kept]) -> None:
        for each in kept:
            self._ledger.take_back(each.number)
        for each in kept:
            self._ledger.put_back(each)

    def _chosen(self) -> list[int]:
        """A series that costs more than it must, and some that stand near it."""
        random = self._random
        excess = self._ledger.costs - self._least
        first = self._first(excess)
        away = self._near(first)
        far = away + np.array([random.random() * NEAR_DAYS for _ in range(len(away))])
        far[first] = -1
        many = 2 + int((MOST_RUINED - 2) * random.random() ** 2)
        return [int(n) for n in np.argsort(far, kind="stable")[:many]]

    def _by_lead(self, first: int) -> IntArray:
        days = self._ledger.lead_days()
        away: IntArray = np.abs(days - days[first])
        return away

    def _first(self, excess: IntArray) -> int:
        if self._random.random() < 0.3:
            return self._random.randrange(len(excess))
        ends = np.cumsum(np.minimum(excess // self._point, 200) + 1)
        return int(np.searchsorted(ends, self._random.random() * ends[-1], side="right"))


def _varied(prices: IntArray, random: Random, point: int) -> list[IntArray]:
    """The prices, and others that differ by chance: of places that cost a series the same, each
    step then likes others, and what somebody else needs comes free."""
    chance = np.random.default_rng(random.getrandbits(32))
    other = min(VARIETY, MOST_MEMORY // max(1, prices.nbytes))
    most = max(1, int(CHANCE * point))
    return [prices, *(prices + chance.integers(0, most, prices.shape) for _ in range(other))]
