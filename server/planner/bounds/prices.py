"""Prices for hours that more series want than there is room for: they prove how good a plan can be
at best, and lead the search away from what others need.

Where every hour has a price, each series is settled alone at its least cost, prices included. All
that together, less the prices of everything there is, is never more than any plan costs (Lagrange).
The prices that prove most are looked for by the volume algorithm (Barahona and Anbil 2000): they
rise where the mean of what was wanted so far is more than there is.

An hour is priced for itself and, beside that, with all hours of its day: a full day is seen at once
then, not an hour at a time, and that it is full sooner than its hours say (fullness.py). First
series are settled by days, which is quick; then to the minute.
"""

import numpy as np
from numpy.typing import NDArray

from server.planner.bounds.fullness import most_of_days
from server.planner.clinic.arrays import IntArray
from server.planner.clinic.by_day import by_day, sheet_for
from server.planner.clinic.layout import Layout
from server.planner.clinic.pricing import price_all, price_exactly

Floats = NDArray[np.float64]
FIRST_LENGTH, EXACT_LENGTH = 0.02, 0.005
SHORTEST = 1e-5
"""Of a step, as a share of the one that would close the gap if wants gave way to prices at once."""
PATIENCE = 20
LONGER, SHORTER = 1.1, 0.8
NEWEST = 0.2, 0.02
"""The share, at most and at least, of the newest wants in the mean of all."""
OF_DAYS = 1.0
"""How much quicker the price of a day rises than that of an hour."""
NEAREST = 1.35
"""A step aims at no more than so many times what is proved: first plans cost far too much."""


class Prices:
    """Prices for the hours of a layout, and what they prove, in the layout's unit of cost."""

    def __init__(self, layout: Layout, least: IntArray) -> None:
        """`least`: what each series costs alone. Raises TooLarge where too much is on offer."""
        self._layout, self._least = layout, least
        left_out = layout.clinic.series["left_out"]
        apart = np.isin(np.arange(len(least)), list(layout.complete)) | (least >= left_out)
        self._days = by_day(layout, np.where(apart, least, -1))
        self._sheet, self._desk, self._room = sheet_for(self._days), layout.desk(), layout.room()
        self._exact = False
        self._cells = np.flatnonzero(self._days.left > 0)
        bookable, atom = np.divmod(self._cells, layout.axis.atoms)
        on, self._of = np.unique(
            bookable * layout.axis.days + layout.axis.day_of[atom], return_inverse=True
        )
        most = most_of_days(layout.clinic, self._days).reshape(-1)[on]
        hours = self._days.left.reshape(-1)[self._cells].astype(np.float64)
        self._left = np.concatenate([hours, np.minimum(most, self._by_day(hours))])
        self._pace = np.concatenate(
            [np.ones(len(hours)), OF_DAYS / self._by_day(np.ones(len(hours)))]
        )
        self._best = np.zeros(len(self._left))
        self._proved = self._settle(self._best)
        self._mean = self._wanted()
        self._length, self._waited = FIRST_LENGTH, 0

    @property
    def bound(self) -> int:
        """No plan costs less."""
        return max(int(self._least.sum()), self._proved)

    @property
    def settled(self) -> bool:
        """Would more steps change nothing worth the time?"""
        return self._length < SHORTEST

    def to_the_minute(self) -> None:
        """Settle series to the minute from now on."""
        self._exact = True
        self._proved = max(self._proved, self._settle(self._best))
        self._mean = self._wanted()
        self._length, self._waited = EXACT_LENGTH, 0

    def step(self, upper: int) -> None:
        """Try other prices; `upper` is what the best plan known costs."""
        direction = np.where((self._best <= 0) & (self._mean < 0), 0, self._mean)
        size = self._size(direction, direction)
        gap = min(upper, int(NEAREST * self.bound)) - self._proved
        if size == 0 or gap <= 0:
            self._length = 0
            return
        step = self._length * gap / size * self._pace
        tried = np.maximum(0, np.rint(self._best + step * direction))
        proved = self._settle(tried)
        wanted = self._wanted()
        self._learn(proved, tried, better=self._size(direction, wanted) >= 0)
        share = self._share_of(wanted)
        self._mean = share * wanted + (1 - share) * self._mean

    def for_starts(self) -> IntArray:
        """What the hours cost that a staffing takes from each start on (staffings, atoms)."""
        self._price(self._best)
        return self._worth()

    def _worth(self) -> IntArray:
        days, clinic = self._days, self._layout.clinic
        found = np.zeros((len(clinic.staffings), self._layout.axis.atoms), dtype=np.int64)
        owner = np.repeat(np.arange(len(clinic.staffings)), np.diff(days.starts_from))
        found[owner, days.starts] = self._sheet.price
        return found

    def _by_day(self, hours: Floats) -> Floats:
        return np.bincount(self._of, weights=hours).astype(np.float64)

    def _settle(self, prices: Floats) -> int:
        """What these prices prove."""
        self._price(prices)
        if self._exact:
            room = self._room._replace(price=self._worth())
            room.mode[0] = 1
            price_exactly(self._layout.clinic, self._days, self._sheet, self._desk, room)
        return int(self._sheet.total.sum()) - int(_product(prices, self._left))

    def _price(self, prices: Floats) -> None:
        hours, of_days = np.split(prices, [len(self._cells)])
        each = np.zeros(self._days.left.size, dtype=np.int64)
        each[self._cells] = hours + of_days[self._of]
        upto = np.zeros(self._sheet.taken.shape, dtype=np.int64)
        np.cumsum(each.reshape(self._days.left.shape), axis=1, out=upto[:, 1:])
        price_all(self._layout.clinic, self._days, self._sheet, self._desk, upto)

    def _wanted(self) -> Floats:
        """By how much more is wanted than there is."""
        taken = np.cumsum(self._sheet.taken, axis=1)[:, :-1].reshape(-1)[self._cells]
        hours = taken.astype(np.float64)
        found: Floats = np.concatenate([hours, self._by_day(hours)]) - self._left
        return found

    def _learn(self, proved: int, tried: Floats, *, better: bool) -> None:
        """Go on from better prices with longer steps; with shorter ones after many in vain."""
        self._waited += 1
        if proved > self._proved:
            self._proved, self._best, self._waited = proved, tried, 0
            self._length = min(2.0, self._length * (LONGER if better else 1))
        elif self._waited >= PATIENCE:
            self._length, self._waited = self._length * SHORTER, 0

    def _share_of(self, wanted: Floats) -> float:
        """The share of the newest wants that brings the mean nearest to what there is."""
        apart = wanted - self._mean
        size = self._size(apart, apart)
        share = 1.0 if size == 0 else -self._size(self._mean, apart) / size
        return min(max(share, NEWEST[1]), NEWEST[0])

    def _size(self, one: Floats, other: Floats) -> float:
        """How far two go the same way, each step as long as its pace."""
        return _product(one, other, self._pace)


def _product(*of: Floats) -> float:
    """The sum of products, without the threads by which `@` has processes wait for each other."""
    return float(np.einsum(",".join("i" * len(of)), *of))
