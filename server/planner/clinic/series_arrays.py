"""The series of a demand, row by row, as compiled code reads them."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from server.domain.booking_spacing import keeps_apart
from server.domain.calendars import PatientTimes
from server.domain.placement import SeriesToPlace, Weights
from server.domain.protocols import VisitDefinition
from server.planner.axis import TimeAxis
from server.planner.calendar import CalendarGrid, Shelf
from server.planner.clinic.arrays import (
    SERIES,
    SLOT,
    STAY,
    VISIT,
    WAY,
    FlagArray,
    IntArray,
    column,
    spans,
    table,
)
from server.planner.clinic.shapes import Shape, shape_of
from server.planner.clinic.staffing import Catalogue
from server.planner.demand import ClinicDemand, Demand
from server.planner.series.fixed import between_fixed, wishes_from_fixed
from server.planner.series.implied import implied_days
from server.planner.series.needs import checked_lengths, patient_stays
from server.planner.series.problem import Problem, to_place
from shared.vocabulary import DayPart

FIRST_LOOK_DAYS = 3
"""How many days for the leading visit are looked at first; then twice as many, and so on."""
MOST_WAYS = 64
"""A series with more ways to make its kept choices is left to the complete search."""
ELSEWHERE = 1 << 30
PREFERS = {None: 0, DayPart.MORNING: 1, DayPart.AFTERNOON: 2}
Ways = list[dict[str, str]]


class SeriesRows:
    """Collects the rows of all series."""

    def __init__(
        self,
        demand: ClinicDemand,
        axis: TimeAxis,
        catalogue: Catalogue,
        weights: Weights,
        shelf: Shelf,
        *,
        bare: bool = False,
    ) -> None:
        self._shelf, self._bare = shelf, bare
        self._demand, self._axis, self._catalogue = demand, axis, catalogue
        self._weights = weights
        self.shapes: list[Shape] = []
        self.patterns: list[PatientTimes] = []
        self.masks: list[FlagArray] = []
        self.extras: list[IntArray] = []
        self.visits: list[tuple[VisitDefinition, ...]] = []
        self.ways: list[Ways] = []
        self.complete: set[int] = set()
        self._shape_numbers: dict[tuple[object, ...], int] = {}
        self._pattern_numbers: dict[PatientTimes, int] = {}
        self._series: list[tuple[int, ...]] = []
        self._visits: list[tuple[int, ...]] = []
        self._stays: list[list[tuple[int, int]]] = []
        self._way_costs: list[int] = []
        self._slots: list[tuple[list[int], int]] = []
        for number, each in enumerate(demand.demands):
            self._add(number, each)

    def tables(self) -> dict[str, Any]:
        """All rows, for the clinic's arrays."""
        visits, ways = spans(map(len, self.visits)), spans(map(len, self.ways))
        stays, slots = spans(map(len, self._stays)), spans(len(each) for each, _ in self._slots)
        return {
            "series": table(
                SERIES, [(*row, *visits[n], *ways[n]) for n, row in enumerate(self._series)]
            ),
            "visits": table(VISIT, [(*row, *stays[n]) for n, row in enumerate(self._visits)]),
            "stays": table(STAY, [stay for each in self._stays for stay in each]),
            "ways": table(WAY, zip(self._way_costs, self._first_slots(), strict=True)),
            "slots": table(SLOT, [(*slots[n], held) for n, (_, held) in enumerate(self._slots)]),
            "slot_staffings": column(n for each, _ in self._slots for n in each),
        }

    def _first_slots(self) -> list[int]:
        lengths = [len(v) for v, ways in zip(self.visits, self.ways, strict=True) for _ in ways]
        return [begin for begin, _ in spans(lengths)]

    def _add(self, number: int, demand: Demand) -> None:
        series = demand.series
        visits = to_place(series)
        checked_lengths(visits)
        codes = [each.code for each in visits]
        lead = codes.index(series.start_visit) if series.start_visit in codes else 0
        shape = self._shape(visits, lead) if visits and not self._bare else None
        ways = self._ways(series, visits)
        if self._bare:
            shape = -1
        if shape is None or len(ways) > MOST_WAYS:
            self.complete.add(number)
            visits, ways, shape = (), [], 0
        self.visits.append(visits)
        self._series.append(self._row(demand, lead, shape, series.start_visit in codes))
        for visit in visits:
            self._add_visit(series, visit)
        self._add_ways(series, visits, ways)

    def _shape(self, visits: tuple[VisitDefinition, ...], lead: int) -> int | None:
        key = tuple(map(id, visits)), lead
        if key not in self._shape_numbers:
            asked = self._axis.atom_minutes, lead, self._weights.off_target_day
            # The visits are kept with their shape, so that no other visit gets their ids.
            _, found = self._shelf.once(
                ("shape", key, *asked), lambda: (visits, shape_of(visits, *asked))
            )
            self._shape_numbers[key] = -1 if found is None else len(self.shapes)
            self.shapes += [] if found is None else [found]
        number = self._shape_numbers[key]
        return None if number < 0 else number

    def _row(self, demand: Demand, lead: int, shape: int, delayed: bool) -> tuple[int, ...]:
        series, axis = demand.series, self._axis
        ready, last = axis.day_index(series.ready_on), axis.day_index(series.last_day)
        start_by = last
        if delayed and series.start_by is not None:
            start_by = min(last, axis.day_index(series.start_by))
        quick = delayed and not series.held
        return (
            shape,
            lead,
            lead if delayed else -1,
            ready,
            last,
            start_by,
            max(0, axis.first_from(series.not_before)),
            self._pattern(series.patient),
            PREFERS[series.patient.prefers],
            self._weights.unplaced * demand.priority,
            FIRST_LOOK_DAYS if quick else max(1, last - ready + 1),
        )

    def _pattern(self, times: PatientTimes) -> int:
        alike = replace(times, prefers=None)
        if alike not in self._pattern_numbers:
            self._pattern_numbers[alike] = len(self.patterns)
            self.patterns.append(alike)
        return self._pattern_numbers[alike]

    def _add_visit(self, series: SeriesToPlace, visit: VisitDefinition) -> None:
        key = "attended", id(visit), self._axis.atom_minutes
        _, middle, stays = self._shelf.once(key, lambda: (visit, *self._attended(visit)))
        bound = self._bound(series, visit) if _hangs_on_fixed(series, visit) else (-1, -1)
        self._visits.append((*middle, *bound, *self._held_at(series, visit)))
        self._stays.append(stays)

    def _attended(self, visit: VisitDefinition) -> tuple[tuple[int, int], list[tuple[int, int]]]:
        """The middle of the patient's parts (-1 where there are none) with what is left over, and
        the stretches in which the patient is there."""
        atom = self._axis.atom_minutes
        middle, rest = divmod(sum(visit.patient_minutes), 2 * atom)
        alone = not any(part.with_patient for part in visit.parts)
        stays = [(each.begin, each.end) for each in patient_stays(visit, atom)]
        return (-1 if alone else middle, rest), stays

    def _held_at(self, series: SeriesToPlace, visit: VisitDefinition) -> tuple[int, int]:
        """The atom and the day at which a visit is held, -1 for none."""
        held = series.held.get(visit.code)
        if held is None:
            return -1, -1
        at = self._axis.atom_at(held.starts_at)
        day = self._axis.day_index(held.starts_at.astimezone(self._axis.zone).date())
        return -1 if at is None else at, day if day >= 0 else ELSEWHERE

    def _bound(self, series: SeriesToPlace, visit: VisitDefinition) -> tuple[int, int]:
        """Starts that the visits which stay where they are allow, and what these make them cost."""
        asked = Problem(
            series=series,
            weights=self._weights,
            grid=CalendarGrid(self._demand.calendar, self._axis, series.patient),
            visits=(visit,),
            relations=(),
            implied=implied_days(1, (), self._axis.atom_minutes),
            lead=0,
            fixed=tuple(each for each in series.visits if each.code in series.fixed),
        )
        atoms = np.arange(self._axis.atoms)
        self.masks.append(between_fixed(asked, visit, atoms).astype(np.uint8))
        wishes = wishes_from_fixed(asked, visit, atoms)
        if not wishes.any():
            return len(self.masks) - 1, -1
        self.extras.append(wishes)
        return len(self.masks) - 1, len(self.extras) - 1

    def _ways(self, series: SeriesToPlace, visits: tuple[VisitDefinition, ...]) -> Ways:
        """All ways to make the kept choices that the visits claim, cheapest first."""
        claimed = {name for visit in visits for name in self._catalogue.claimed(visit)}
        names = sorted(claimed & {each.name for each in series.choices if each.kept})
        found = [
            dict(zip(names, way, strict=True))
            for way in product(*(series.candidates.get(name, ()) for name in names))
        ]
        return sorted(found, key=lambda way: self._cost(series, way))

    def _cost(self, series: SeriesToPlace, way: Mapping[str, str]) -> int:
        weights = self._weights
        not_first = sum(who != series.candidates[name][0] for name, who in way.items())
        changed = sum(series.held_choices.get(name, who) != who for name, who in way.items())
        return weights.not_first_choice * not_first + weights.kept_choice_changed * changed

    def _add_ways(
        self, series: SeriesToPlace, visits: tuple[VisitDefinition, ...], ways: Ways
    ) -> None:
        self.ways.append(ways)
        for way in ways:
            self._way_costs.append(self._cost(series, way))
            for visit in visits:
                staffings = self._catalogue.staffings(visit, way, series.candidates)
                self._slots.append((staffings, self._held(series, visit, way)))

    def _held(self, series: SeriesToPlace, visit: VisitDefinition, way: Mapping[str, str]) -> int:
        """The staffing that the visit has now, unless this way changes it."""
        held = series.held.get(visit.code)
        if held is None:
            return -1
        claimed = self._catalogue.claimed(visit)
        changed = any(
            series.held_choices.get(name, who) != who
            for name, who in way.items()
            if name in claimed
        )
        if changed:
            return -1
        own = {
            name: who for name, who in held.choices.items() if name in claimed and name not in way
        }
        number = self._catalogue.number(visit, way, own)
        return -1 if number is None else number


def _hangs_on_fixed(series: SeriesToPlace, visit: VisitDefinition) -> bool:
    """Is the visit bound to one that stays where it is?"""
    if not series.fixed:
        return False
    fixed = [each for each in series.visits if each.code in series.fixed]
    anchors = {window.anchor for window in visit.windows}
    return any(
        each.code in anchors
        or visit.code in {window.anchor for window in each.windows}
        or keeps_apart(visit, each)
        for each in fixed
    )
