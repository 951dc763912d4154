"""The whole demand as one model: every series present or not, every visit with start and staffing,
windows as distances, bookables as cumulative capacities.

A series that is left out keeps its windows as well: that costs nothing, and what always holds is
easier to reason with. Only series that have a place if nobody else has one are in the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from server.domain.placement import Placement, SeriesPlan
from server.planner.axis import IntArray
from server.planner.clinic.layout import Layout
from server.planner.clinic.ledger import Ledger
from server.planner.clinic.starts import IMPOSSIBLE
from server.planner.cp_sat.moments import Clockwork, Cp, Moment
from server.planner.cp_sat.options import NoModel, NoPlace, SeriesOptions, options_of
from server.planner.series.needs import patient_stays
from server.planner.series.relations import FAR, Relation

DEAREST = 1 << 40


@dataclass(frozen=True, eq=False)
class SeriesVariables:
    """The variables of one series."""

    of: SeriesOptions
    present: Cp
    ways: list[Cp]
    moments: list[Moment]
    delay: Cp
    price: Cp
    """What the series costs, placed or left out."""


class ClinicModel:
    """A model of a demand, its hints, and plans read back. Raises NoModel or NoPlace.

    With `everybody` each series is placed at whatever price, and the engine is not asked which of
    them can be: there is no solution where one of them cannot. `least` is what each costs at least.
    """

    def __init__(
        self, layout: Layout, least: Mapping[int, int] | None = None, *, everybody: bool = False
    ) -> None:
        from ortools.sat.python import cp_model

        self.layout, self.model = layout, cp_model.CpModel()
        self._clock = Clockwork(self.model, layout.axis)
        self._everybody = everybody
        self._alone = {} if everybody else _alone(layout)
        self._taken: dict[int, list[tuple[Cp, int]]] = {}
        """For each bookable its intervals and their units."""
        self._series = [
            self._added(each, least or {})
            for each in options_of(layout)
            if everybody or each.number in self._alone
        ]
        known = {each.of.number for each in self._series}
        prices = layout.clinic.series["left_out"]
        self._impossible = sum(int(p) for n, p in enumerate(prices) if n not in known)
        self._limit_bookables()
        self.model.minimize(sum(each.price for each in self._series) + self._impossible)

    def hint(self, plans: Mapping[int, SeriesPlan]) -> None:
        """Begin from these plans, by number. Who is left out keeps the windows as if alone."""
        for each in self._series:
            number = each.of.number
            self.model.add_hint(each.present, number in plans)
            self._hint(each, plans.get(number, self._alone[number]), number in plans)

    def plans(self, value: Any) -> dict[int, SeriesPlan]:
        """The plan of every series that is present, by what a solver says each variable is."""
        return {s.of.number: self._plan(s, value) for s in self._series if value(s.present)}

    def _added(self, of: SeriesOptions, least: Mapping[int, int]) -> SeriesVariables:
        model, name = self.model, f"series {of.number}"
        if self._everybody and not all(len(each.starts) for each in of.visits):
            raise NoPlace
        present = model.new_bool_var(name)
        ways = [model.new_bool_var(f"{name} way {n}") for n in range(len(of.way_costs))]
        model.add(sum(ways) == present)
        moments = [
            self._clock.moment(f"{name} visit {n}", each, present)
            for n, each in enumerate(of.visits)
        ]
        delay = self._delay(of, moments, present)
        cost = self._cost(of, ways, moments, delay) + of.left_out * (1 - present)
        dearest = DEAREST if self._everybody else of.left_out
        cheapest = min(least.get(of.number, 0), dearest)
        price = model.new_int_var(cheapest, dearest, f"{name} price")
        if self._everybody:
            model.add(present == 1)
        model.add(price == cost)
        found = SeriesVariables(of, present, ways, moments, delay, price)
        self._keep_choices(found)
        self._keep_windows(found)
        self._keep_apart(found)
        self._take(found)
        return found

    def _delay(self, of: SeriesOptions, moments: list[Moment], present: Cp) -> Cp:
        """Days from being ready to the leading visit, where they cost; anything where absent."""
        if not of.delayed or not self.layout.clinic.terms.delay_day:
            return None
        delay = self.model.new_int_var(0, self.layout.axis.days, f"series {of.number} delay")
        self.model.add(delay >= moments[of.lead].day - of.ready).only_enforce_if(present)
        return delay

    def _cost(self, of: SeriesOptions, ways: list[Cp], moments: list[Moment], delay: Cp) -> Cp:
        """What the series costs where it is present."""
        terms = self.layout.clinic.terms
        total = sum(way * cost for way, cost in zip(ways, of.way_costs, strict=True))
        total += sum(terms.against_preference * m.against for m in moments if m.against is not None)
        return total if delay is None else total + terms.delay_day * delay

    def _keep_choices(self, series: SeriesVariables) -> None:
        """A staffing goes with some of the ways only."""
        for moment, visit in zip(series.moments, series.of.visits, strict=True):
            for option in visit.options:
                if len(option.ways) < len(series.ways) and option.staffing in moment.chosen:
                    allowed = [series.ways[way] for way in option.ways]
                    self.model.add(sum(allowed) >= moment.chosen[option.staffing])

    def _keep_windows(self, series: SeriesVariables) -> None:
        for relation in series.of.relations:
            first, second = series.moments[relation.first], series.moments[relation.second]
            apart = second.start - first.start
            if relation.least > -FAR:
                self.model.add(apart >= relation.least)
            if relation.most < FAR:
                self.model.add(apart <= relation.most)
            if relation.apart:
                self.model.add(first.day != second.day)
            self._keep_days(series, relation)

    def _keep_days(self, series: SeriesVariables, relation: Relation) -> None:
        for bound in relation.day_bounds:
            anchor = relation.other(bound.visit)
            self._require_same_day(series.of.visits[anchor].starts, bound.offset)
            days = series.moments[bound.visit].day - series.moments[anchor].day
            if bound.least > -FAR:
                self.model.add(days >= bound.least)
            if bound.most < FAR:
                self.model.add(days <= bound.most)

    def _require_same_day(self, starts: IntArray, offset: int) -> None:
        axis = self.layout.axis
        if (axis.day_at(starts + offset) != axis.day_of[starts]).any():
            raise NoModel("a visit that ends at midnight")

    def _keep_apart(self, series: SeriesVariables) -> None:
        """A patient is in one place at a time."""
        atom = self.layout.axis.atom_minutes
        stays = [
            self._interval(moment.start + stay.begin, stay.end - stay.begin)
            for moment, each in zip(series.moments, series.of.visits, strict=True)
            for stay in patient_stays(each.visit, atom)
        ]
        self.model.add_no_overlap(stays)

    def _interval(self, start: Cp, length: int, where: Cp = None) -> Cp:
        """A stretch that counts where something is true, or always."""
        if where is None:
            return self.model.new_fixed_size_interval_var(start, length, "always")
        return self.model.new_optional_fixed_size_interval_var(start, length, where, "perhaps")

    def _take(self, series: SeriesVariables) -> None:
        """What the visits take of each bookable; what every staffing takes is taken once."""
        clinic = self.layout.clinic
        for moment in series.moments:
            takers: dict[tuple[int, int, int, int], list[Cp]] = {}
            for staffing, chosen in moment.chosen.items():
                row = clinic.staffings[staffing]
                for need in clinic.needs[int(row["need_from"]) : int(row["need_to"])]:
                    bookable, begin, end, units = (int(need[n]) for n in need.dtype.names)
                    if units:
                        takers.setdefault((bookable, begin, end, units), []).append(chosen)
            for (bookable, begin, end, units), by in takers.items():
                everyone = len(by) == len(moment.chosen)
                for one in [series.present] if everyone else by:
                    taken = self._interval(moment.start + begin, end - begin, one)
                    self._taken.setdefault(bookable, []).append((taken, units))

    def _limit_bookables(self) -> None:
        left = self.layout.shared_room.left
        for bookable, taken in self._taken.items():
            most = int(left[bookable].max())
            gone = [(s, e, most - v) for s, e, v in _runs(left[bookable]) if 0 < v < most]
            fillers = [
                (self.model.new_fixed_size_interval_var(s, e - s, "gone"), units)
                for s, e, units in gone
            ]
            intervals = [each for each, _ in (*taken, *fillers)]
            units = [each for _, each in (*taken, *fillers)]
            if most == 1 and set(units) == {1}:
                self.model.add_no_overlap(intervals)
            else:
                self.model.add_cumulative(intervals, units, most)

    def _hint(self, series: SeriesVariables, plan: SeriesPlan, present: bool) -> None:
        axis, ways = self.layout.axis, self.layout.rows.ways[series.of.number]
        for way, variable in zip(ways, series.ways, strict=True):
            self.model.add_hint(variable, present and dict(plan.choices) == way)
        self.model.add_hint(series.price, plan.cost if present else series.of.left_out)
        atoms = [axis.atom_at(each.starts_at) or 0 for each in plan.placements]
        if series.delay is not None:
            lead = int(axis.day_of[atoms[series.of.lead]])
            self.model.add_hint(series.delay, lead - series.of.ready if present else 0)
        parts = zip(series.moments, series.of.visits, plan.placements, atoms, strict=True)
        for moment, options, placed, atom in parts:
            self._clock.hint(moment, options, atom, present)
            for staffing, variable in moment.chosen.items():
                same = self.layout.catalogue.choices[staffing] == dict(placed.choices)
                goes = present and same and self._goes(series, plan, staffing)
                self.model.add_hint(variable, goes)

    def _goes(self, series: SeriesVariables, plan: SeriesPlan, staffing: int) -> bool:
        """May a staffing be with the plan's kept choices?"""
        way = self.layout.rows.ways[series.of.number].index(dict(plan.choices))
        every = (option for visit in series.of.visits for option in visit.options)
        return any(option.staffing == staffing and way in option.ways for option in every)

    def _plan(self, series: SeriesVariables, value: Any) -> SeriesPlan:
        layout = self.layout
        way = next(n for n, each in enumerate(series.ways) if value(each))
        placements = tuple(
            Placement(
                visit=each.visit.code,
                starts_at=layout.axis.instant(int(value(moment.start))),
                choices=layout.catalogue.choices[
                    next(number for number, one in moment.chosen.items() if value(one))
                ],
            )
            for moment, each in zip(series.moments, series.of.visits, strict=True)
        )
        return SeriesPlan(placements=placements, choices=layout.rows.ways[series.of.number][way])


def _alone(layout: Layout) -> dict[int, SeriesPlan]:
    """For every series that has a place if nobody else has one, its best."""
    ledger, found = Ledger(layout), dict[int, SeriesPlan]()
    for number in range(len(ledger.costs)):
        if ledger.place(number, IMPOSSIBLE - 1):
            found |= ledger.plans()
        ledger.take_back(number)
    return found


def _runs(values: "np.ndarray[Any, np.dtype[np.int32]]") -> list[tuple[int, int, int]]:
    """Stretches of one value: begin, end (exclusive), value."""
    found, at = [], 0
    for value, run in groupby(values.tolist()):
        end = at + sum(1 for _ in run)
        found.append((at, end, int(value)))
        at = end
    return found
