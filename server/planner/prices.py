"""Prices for hours that more series want than there is room for: they prove how good a plan can be
at best, and lead the search away from what others need.

Where every hour has a price, each series is settled alone at its least cost, prices included. All
that together, less the prices of everything there is, is never more than any plan costs (Lagrange).
The prices that prove most are looked for by the volume algorithm (Barahona and Anbil 2000): they
rise where the mean of what was wanted so far is more than there is.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from server.planner.clinic.arrays import IntArray
from server.planner.clinic.by_day import by_day, sheet_for
from server.planner.clinic.layout import Layout
from server.planner.clinic.pricing import price_all

FIRST_LENGTH = 0.02
SHORTEST = 1e-5
"""Of a step, as a share of the one that would close the gap if wants gave way to prices at once."""
PATIENCE = 20
LONGER, SHORTER = 1.1, 0.8
NEWEST = 0.1, 0.01
"""The share, at most and at least, of the newest wants in the mean of all."""


class Prices:
    """Prices for the hours of a layout, and what they prove, in the layout's unit of cost."""

    def __init__(self, layout: Layout, least: IntArray) -> None:
        """`least`: what each series costs alone."""
        self._layout, self._least = layout, least
        left_out = layout.clinic.series["left_out"]
        apart = np.isin(np.arange(len(least)), list(layout.complete)) | (least >= left_out)
        self._days = by_day(layout, np.where(apart, least, -1))
        self._sheet, self._desk = sheet_for(self._days), layout.desk()
        self._cells = np.flatnonzero(self._days.left > 0)
        self._left = self._days.left.reshape(-1)[self._cells].astype(np.float64)
        self._best = np.zeros(len(self._cells))
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

    def step(self, upper: int) -> None:
        """Try other prices; `upper` is what the best plan known costs."""
        direction = np.where((self._best <= 0) & (self._mean < 0), 0, self._mean)
        size = float((direction**2).sum())
        if size == 0 or upper <= self._proved:
            self._length = 0
            return
        length = self._length * (upper - self._proved) / size
        tried = np.maximum(0, np.rint(self._best + length * direction))
        proved = self._settle(tried)
        wanted = self._wanted()
        self._learn(proved, tried, better=float((direction * wanted).sum()) >= 0)
        share = self._share_of(wanted)
        self._mean = share * wanted + (1 - share) * self._mean

    def for_starts(self) -> IntArray:
        """What the hours cost that a staffing takes from each start; shape (staffings, atoms)."""
        self._settle(self._best)
        days, clinic = self._days, self._layout.clinic
        found = np.zeros((len(clinic.staffings), self._layout.axis.atoms), dtype=np.int64)
        owner = np.repeat(np.arange(len(clinic.staffings)), np.diff(days.starts_from))
        found[owner, days.starts] = self._sheet.price
        return found

    def prove(self, least: Callable[[int], int | None]) -> None:
        """Look once more at each series, to the minute: `least` tells what the series with this
        number costs at the least, prices included, or None where it cannot tell."""
        self._settle(self._best)
        total = self._sheet.total
        for number in np.flatnonzero(self._days.known < 0).tolist():
            found = least(number)
            total[number] = max(total[number], 0 if found is None else found)
        self._proved = max(self._proved, self._less_all(self._best))

    def _settle(self, prices: NDArray[np.float64]) -> int:
        """What these prices prove."""
        each = np.zeros(self._days.left.size, dtype=np.int64)
        each[self._cells] = prices
        upto = np.zeros(self._sheet.taken.shape, dtype=np.int64)
        np.cumsum(each.reshape(self._days.left.shape), axis=1, out=upto[:, 1:])
        price_all(self._layout.clinic, self._days, self._sheet, self._desk, upto)
        return self._less_all(prices)

    def _less_all(self, prices: NDArray[np.float64]) -> int:
        """What all series cost, less what everything costs that there is."""
        return int(self._sheet.total.sum()) - int(prices @ self._left)

    def _wanted(self) -> NDArray[np.float64]:
        """By how much more is wanted than there is."""
        taken = np.cumsum(self._sheet.taken, axis=1)[:, :-1].reshape(-1)
        return np.asarray(taken[self._cells] - self._left, dtype=np.float64)

    def _learn(self, proved: int, tried: NDArray[np.float64], *, better: bool) -> None:
        """Go on from better prices with longer steps; with shorter ones after many in vain."""
        self._waited += 1
        if proved > self._proved:
            self._proved, self._best, self._waited = proved, tried, 0
            self._length = min(2.0, self._length * (LONGER if better else 1))
        elif self._waited >= PATIENCE:
            self._length, self._waited = self._length * SHORTER, 0

    def _share_of(self, wanted: NDArray[np.float64]) -> float:
        """The share of the newest wants that brings the mean nearest to what there is."""
        apart = wanted - self._mean
        size = float((apart**2).sum())
        share = 1.0 if size == 0 else -float((self._mean * apart).sum()) / size
        return min(max(share, NEWEST[1]), NEWEST[0])
