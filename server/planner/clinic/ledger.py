"""Who has which place, while a plan for a whole clinic is being made."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from server.domain import booking, claims
from server.domain.calendars import Claim
from server.domain.placement import SeriesPlan, SeriesToPlace
from server.planner.clinic.arrays import IntArray, Room
from server.planner.clinic.insertion import CLASHED, DOUBTFUL, NO_PLACE, PLACED, insert
from server.planner.clinic.layout import Layout
from server.planner.clinic.room import give_up, settle_in
from server.planner.completely import Completely
from server.planner.cost import cost_of
from server.planner.demand import ClinicDemand, Demand
from server.planner.patience import Late
from server.planner.series.problem import to_place

CONSIDERATE = 2
"""A place may cost so many times the limit while the worth of its hours to others is counted."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The place of one series, as it was at some moment."""

    number: int
    places: "np.ndarray[tuple[int], np.dtype[np.void]]"
    standing: "np.void"
    plan: SeriesPlan | None


class Ledger:
    """Series by number; places are given and taken back one series at a time.

    Series that compiled code cannot place are placed by the complete search. Where `thorough` is
    set, so is one whose visits get into each other's way so often that compiled code cannot tell
    which place is best; then every place is proved to be the best there is.
    """

    def __init__(self, layout: Layout, room: Room | None = None) -> None:
        self.layout = layout
        self.room = layout.room() if room is None else room
        self.thorough = True
        self.slack = 0
        """By how much a considerate place may cost more than the best, where it is found sooner."""
        self.completely = Completely()
        self.unsure: set[int] = set()
        """Those who were left without a place when last asked, though there may be one: it took too
        long to tell."""
        self._desk = layout.desk()
        self._plans: dict[int, SeriesPlan] = {}
        """Plans of the complete search."""

    @property
    def costs(self) -> IntArray:
        """What each series costs; those without a place, the price of leaving them out."""
        found: IntArray = self.room.standing["cost"]
        return found

    @property
    def cost(self) -> int:
        """What it all costs."""
        return int(self.costs.sum())

    def placed(self, number: int) -> bool:
        """Has the series a place?"""
        return number in self._plans or bool(self.room.standing[number]["way"] >= 0)

    def follow(self, prices: IntArray) -> None:
        """What the hours that a staffing takes from each start on are worth to others (staffings,
        atoms), for whoever is placed `considerate` from now on."""
        self.room = self.room._replace(price=prices)

    def place(self, number: int, limit: int | None = None, *, considerate: bool = False) -> bool:
        """Give a series its best place among the others, if that costs no more than `limit`, or
        than leaving it out. `considerate`: the best one when what others need counts as well."""
        limit = int(self.layout.clinic.series[number]["left_out"]) if limit is None else limit
        if number in self.layout.complete:
            return self._place_completely(number, limit)
        if considerate and self._place_considerate(number, limit):
            return True
        found = insert(self.layout.clinic, self.room, self._desk, number, limit + 1)
        if self.thorough and found in {CLASHED, DOUBTFUL}:
            give_up(self.layout.clinic, self.room, number)
            return self._place_completely(number, limit)
        return found in {PLACED, DOUBTFUL}

    def _place_considerate(self, number: int, limit: int) -> bool:
        found = self._insert_considerate(number, CONSIDERATE * limit, self.slack)
        if found not in {PLACED, DOUBTFUL}:
            return False
        row = self.layout.clinic.series[number]
        places = self.room.places[row["visit_from"] : row["visit_to"]]
        worth = int(self.room.price[places["staffing"], places["start"]].sum())
        self.room.standing[number]["cost"] -= worth
        if self.room.standing[number]["cost"] > limit:
            give_up(self.layout.clinic, self.room, number)
            return False
        return True

    def _insert_considerate(self, number: int, limit: int, slack: int = 0) -> int:
        self.room.mode[0], self.room.mode[2] = 1, slack
        found = insert(self.layout.clinic, self.room, self._desk, number, limit + 1)
        self.room.mode[0], self.room.mode[2] = 0, 0
        return found

    def least_considerate(self, number: int) -> int | None:
        """The least that a series without a place costs, the worth of its hours to others included,
        or leaving it out; None where compiled code cannot tell."""
        left_out = int(self.layout.clinic.series[number]["left_out"])
        if number in self.layout.complete:
            return None
        found = self._insert_considerate(number, left_out)
        least = int(self.room.standing[number]["cost"])
        give_up(self.layout.clinic, self.room, number)
        return {PLACED: least, NO_PLACE: left_out}.get(found)

    def take_back(self, number: int) -> Kept:
        """Leave a series without its place, if it has one; what it had is returned."""
        row = self.layout.clinic.series[number]
        where = slice(row["visit_from"], row["visit_to"])
        plan = self._plans.pop(number, None)
        kept = Kept(number, self.room.places[where].copy(), self.room.standing[number].copy(), plan)
        if plan is not None:
            self._occupy(self._claims(number, plan), -1)
        give_up(self.layout.clinic, self.room, number)
        return kept

    def put_back(self, kept: Kept) -> None:
        """Give a series the place it had; nobody else may have taken it."""
        row, number = self.layout.clinic.series[kept.number], kept.number
        self.room.places[row["visit_from"] : row["visit_to"]] = kept.places
        self.room.standing[number] = kept.standing
        if kept.plan is not None:
            self._plans[number] = kept.plan
            self._occupy(self._claims(number, kept.plan), 1)
        elif kept.standing["way"] >= 0:
            settle_in(self.layout.clinic, self.room, number)

    def given_back(self, number: int) -> int:
        """What the place of a series costs that was placed to see just that, now given back: 0, the
        least there is, where it was not told in time."""
        least = 0 if number in self.unsure else int(self.costs[number])
        self.take_back(number)
        return least

    def kept(self) -> list[Kept]:
        """Every place as it is now, to go back to."""
        places, standing = self.room.places.copy(), self.room.standing.copy()
        rows = self.layout.clinic.series
        return [
            Kept(n, places[row["visit_from"] : row["visit_to"]], standing[n], self._plans.get(n))
            for n, row in enumerate(rows)
        ]

    def lead_days(self) -> IntArray:
        """The day of each series' leading visit, or the first it may have."""
        series, places = self.layout.clinic.series, self.room.places
        days = series["ready"].copy()
        leads = series["visit_from"] + series["lead"]
        has = np.flatnonzero(self.room.standing["way"] >= 0)
        days[has] = self.layout.axis.day_of[places["start"][leads[has]]]
        return np.asarray(days, dtype=np.int64)

    def plans(self) -> dict[int, SeriesPlan]:
        """The plan of every series that has a place, by number."""
        compiled = np.flatnonzero(self.room.standing["way"] >= 0).tolist()
        found = {n: self.layout.plan(self.room, n) for n in compiled} | self._plans
        return dict(sorted(found.items()))

    def stay(self, number: int, limit: int) -> bool:
        """As `place` for a limit that allows of no change: whoever holds places and may keep them
        needs no search."""
        if number not in self.layout.complete:
            return self.place(number, limit)
        asked = self._among_the_others()
        held = plan_held(asked.demands[number].series)
        if held is None:
            return self._place_completely(number, limit)
        self.unsure.discard(number)
        series, calendar = asked.demands[number].series, asked.calendar
        cost = cost_of(held, series, calendar, asked.weights)
        stands = not booking.breaches(series, held, calendar, now=series.not_before)
        return stands and cost <= limit and self._taken(number, replace(held, cost=cost))

    def _place_completely(self, number: int, limit: int) -> bool:
        found = self._best_completely(self._among_the_others(), number)
        return any(plan.cost <= limit and self._taken(number, plan) for plan in found)

    def _among_the_others(self) -> ClinicDemand:
        """What is asked, on a calendar that holds what everybody with a place takes."""
        demand = self.layout.demand
        taken = [
            claim
            for other, plan in self.plans().items()
            for claim in claims_of(demand.demands[other], plan)
        ]
        around = replace(demand.calendar, claims=(*demand.calendar.claims, *taken))
        return replace(demand, calendar=around, weights=self.layout.weights)

    def _taken(self, number: int, plan: SeriesPlan) -> bool:
        self._plans[number] = plan
        self.room.standing[number]["cost"] = plan.cost
        self._occupy(self._claims(number, plan), 1)
        return True

    def _best_completely(self, asked: ClinicDemand, number: int) -> list[SeriesPlan]:
        self.unsure.discard(number)
        try:
            return self.completely.best_plans(asked, number, 1)
        except Late:
            self.unsure.add(number)
            return []

    def _claims(self, number: int, plan: SeriesPlan) -> Sequence[Claim]:
        return list(claims_of(self.layout.demand.demands[number], plan))

    def _occupy(self, taken: Iterable[Claim], sign: int) -> None:
        """Take claims of the complete search from the room, or give them back."""
        layout, room, axis = self.layout, self.room, self.layout.axis
        for claim in taken:
            number = layout.catalogue.bookable[claim.bookable_id]
            begin = int(axis.minutes_to(claim.starts_at) // axis.atom_minutes)
            end = -int(-axis.minutes_to(claim.ends_at) // axis.atom_minutes)
            room.left[number, begin:end] -= sign * claim.units
            room.stale[layout.users(number), axis.day_of[begin]] = 1


def plan_held(series: SeriesToPlace) -> SeriesPlan | None:
    """What a series holds as a plan; None where a visit to place has no held place."""
    codes = [visit.code for visit in to_place(series)]
    if not series.held.keys() >= set(codes):
        return None
    placements = tuple(series.held[code] for code in codes)
    return SeriesPlan(placements=placements, choices=series.held_choices)


def claims_of(demand: Demand, found: SeriesPlan) -> Iterator[Claim]:
    """Everything that a plan of this series takes."""
    visits = {visit.code: visit for visit in demand.series.visits}
    for each in found.placements:
        chosen = {**found.choices, **each.choices}
        for taken in claims.taken(visits[each.visit], each.starts_at, chosen):
            yield taken.claim
