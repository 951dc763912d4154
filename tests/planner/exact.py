"""What the best plan of one patient costs, by CP-SAT and the checker's own reading of hours and
rules: nothing here asks the engine. For clinics in which nobody is booked.

Time is cut into slots of five minutes; whatever does not fall on them is not told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import groupby, pairwise, product
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from server.domain.protocols import VisitDefinition, Window
from server.planner.check.hours import can_come, capacity_at
from server.planner.files.scenario import Scenario, ScenarioPatient
from shared.vocabulary import DayPart, Edge, WindowUnit

SLOT = 5
NOON = 13 * 60
Ints = NDArray[np.int64]


class Times:
    """The slots of a scenario: their local days and minutes, and what there is in each."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, zone = scenario, scenario.zone
        first = datetime.combine(scenario.first_day, time(), zone).astimezone(UTC)
        after = scenario.last_day + timedelta(days=1)
        last = datetime.combine(after, time(), zone).astimezone(UTC)
        self.at = [first + timedelta(minutes=SLOT) * n for n in range((last - first) // FIVE + 1)]
        local = [each.astimezone(zone) for each in self.at]
        self.day = np.array([each.date().toordinal() for each in local])
        self.minute = np.array([each.hour * 60 + each.minute for each in local])
        self._capacity: dict[str, Ints] = {}

    def capacity(self, bookable: str) -> Ints:
        """Units configured in each slot."""
        if bookable not in self._capacity:
            one, zone = self.scenario.bookables[bookable], self.scenario.zone
            found = [capacity_at(one, each, zone) for each in self.at]
            self._capacity[bookable] = np.array(found)
        return self._capacity[bookable]


FIVE = timedelta(minutes=SLOT)


@dataclass(frozen=True)
class Stretch:
    """A part of a visit in slots from its start."""

    begin: int
    end: int
    present: bool
    takes: tuple[tuple[str, int], ...]


def stretches(visit: VisitDefinition, chosen: Mapping[str, str]) -> list[Stretch]:
    """The parts of a visit, with whom they take."""
    found, at = [], 0
    for part in visit.parts:
        until = at + (part.minutes or 0) // SLOT
        takes = tuple(
            (each.bookable or chosen[each.choice or ""], each.units) for each in part.claims
        )
        found.append(Stretch(at, until, part.with_patient, takes))
        at = until
    return found


@dataclass
class Alone:
    """One patient, on the clinic's calendar, with the kept choices made in one way."""

    times: Times
    patient: ScenarioPatient
    kept: Mapping[str, str]

    @cached_property
    def coming(self) -> NDArray[np.bool_]:
        """The slots in which the patient can be there."""
        zone = self.times.scenario.zone
        return np.array([can_come(self.patient.times, each, zone) for each in self.times.at])

    def ways(self, visit: VisitDefinition) -> Iterator[dict[str, str]]:
        """Every way to make the choices of one visit, those kept included."""
        claimed = {claim.choice for part in visit.parts for claim in part.claims if claim.choice}
        own = sorted(claimed - set(self.kept))
        for who in product(*(self.patient.candidates[name] for name in own)):
            yield {**self.kept, **dict(zip(own, who, strict=True))}

    def starts(self, visit: VisitDefinition, chosen: Mapping[str, str]) -> Ints:
        """The slots at which a visit may start, were it the only one."""
        times, parts = self.times, stretches(visit, chosen)
        length, count = parts[-1].end, len(self.times.at)
        free = self._welcome(visit)
        free[count - length :] = False
        found = np.flatnonzero(free)
        found = found[times.day[found + length - 1] == times.day[found]]
        for part in parts:
            for slot in range(part.begin, part.end):
                found = found[self._holds(part, found + slot)]
        return found

    def _welcome(self, visit: VisitDefinition) -> NDArray[np.bool_]:
        times, asked, patient = self.times, self.times.scenario, self.patient
        free: NDArray[np.bool_] = times.minute % asked.grid_minutes == 0
        free &= times.day >= patient.ready_on.toordinal()
        free &= times.day <= asked.last_day.toordinal()
        free &= np.array([each >= asked.now for each in times.at])
        if visit.code == patient.protocol.start_visit and patient.start_by is not None:
            free &= times.day <= patient.start_by.toordinal()
        return free

    def _holds(self, part: Stretch, slots: Ints) -> NDArray[np.bool_]:
        """Is there enough of everything in these slots, and the patient where needed?"""
        holds = self.coming[slots] if part.present else np.ones(len(slots), dtype=bool)
        for bookable in {name for name, _ in part.takes}:
            units = sum(each for name, each in part.takes if name == bookable)
            holds = holds & (self.times.capacity(bookable)[slots] >= max(1, units))
        return holds


@dataclass
class Variables:
    """A visit in the model; `days` of its start, and of the edges that windows are counted from."""

    start: Any
    parts: list[tuple[Any, list[Stretch]]]
    """For each way of its choices: is it this one, and what it takes."""
    days: dict[Edge | None, Any]
    against: Any
    left: int
    """Slots from its start until the patient is needed no more."""


class Model:
    """One way to keep the choices, as a model. `possible` is False where a visit has no start."""

    def __init__(self, alone: Alone) -> None:
        self._alone, self._model = alone, cp_model.CpModel()
        self._visits: dict[str, Variables] = {}
        self.possible = all(map(self._add, alone.patient.protocol.visits))

    def least(self, weights: Any) -> int | None:
        """The least cost of delay and preference; None where there is no plan."""
        if not self.possible:
            return None
        self._windows()
        self._model.add_no_overlap(list(self._stays()))
        self._capacities()
        lead = self._visits[self._alone.patient.protocol.start_visit]
        delay = lead.days[None] - self._alone.patient.ready_on.toordinal()
        against = sum(each.against for each in self._visits.values())
        self._model.minimize(weights.delay_day * delay + weights.against_preference * against)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(self._model)
        assert status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}
        return round(solver.objective_value) if status == cp_model.OPTIMAL else None

    def _add(self, visit: VisitDefinition) -> bool:
        alone, model, parts = self._alone, self._model, []
        found = [(alone.starts(visit, way), stretches(visit, way)) for way in alone.ways(visit)]
        found = [each for each in found if len(each[0])]
        if not found:
            return False
        every = np.unique(np.concatenate([starts for starts, _ in found]))
        start = model.new_int_var_from_domain(_domain(every), visit.code)
        for starts, of in found:
            chosen = model.new_bool_var(visit.code)
            inside = model.add_linear_expression_in_domain(start, _domain(starts))
            inside.only_enforce_if(chosen)
            parts.append((chosen, of))
        model.add_exactly_one(chosen for chosen, _ in parts)
        present = [each.end for each in parts[0][1] if each.present]
        left = present[-1] if present else parts[0][1][-1].end
        days, against = self._days(visit, every, left, start)
        self._visits[visit.code] = Variables(start, parts, days, against, left)
        return True

    def _days(
        self, visit: VisitDefinition, every: Ints, left: int, start: Any
    ) -> tuple[dict[Edge | None, Any], Any]:
        """Runs of starts that are alike in their days and halves of the day; one is taken."""
        day, against = self._alone.times.day, self._against(visit, every)
        keys = zip(day[every], day[every + left], against, every, strict=True)
        runs = []
        for (on, ends_on, bad), of in groupby(keys, key=lambda key: key[:3]):
            slots = [int(each[3]) for each in of]
            here = self._model.new_bool_var("run")
            self._model.add(start >= slots[0]).only_enforce_if(here)
            self._model.add(start <= slots[-1]).only_enforce_if(here)
            runs.append((here, int(on), int(ends_on), int(bad)))
        self._model.add_exactly_one(here for here, *_ in runs)
        begins = sum(here * on for here, on, _, _ in runs)
        ends = sum(here * on for here, _, on, _ in runs)
        return {None: begins, Edge.START: begins, Edge.END: ends}, sum(
            here * bad for here, _, _, bad in runs
        )

    def _against(self, visit: VisitDefinition, every: Ints) -> NDArray[np.bool_]:
        prefers, parts = self._alone.patient.times.prefers, visit.parts
        if prefers is None or not any(part.with_patient for part in parts):
            return np.zeros(len(every), dtype=bool)
        ends = np.cumsum([part.minutes or 0 for part in parts])
        with_patient = [n for n, part in enumerate(parts) if part.with_patient]
        first, last = with_patient[0], with_patient[-1]
        middle = (ends[first] - (parts[first].minutes or 0) + ends[last]) / 2
        late: NDArray[np.bool_] = self._alone.times.minute[every] + middle >= NOON
        return late if prefers is DayPart.MORNING else ~late

    def _windows(self) -> None:
        for visit in self._alone.patient.protocol.visits:
            for window in visit.windows:
                self._window(self._visits[visit.code], self._visits[window.anchor], window)

    def _window(self, one: Variables, anchor: Variables, window: Window) -> None:
        if window.unit is WindowUnit.DAYS:
            apart, per = one.days[None] - anchor.days[window.edge], Fraction(1)
        else:
            edge = anchor.left if window.edge is Edge.END else 0
            apart, per = one.start - anchor.start - edge, Fraction(60, SLOT)
        if window.opens is not None:
            self._model.add(apart >= ceil(Fraction(window.opens) * per))
        if window.closes is not None:
            self._model.add(apart <= floor(Fraction(window.closes) * per))

    def _stays(self) -> Iterator[Any]:
        for one in self._visits.values():
            for part in one.parts[0][1]:
                if part.present:
                    yield self._interval(one.start + part.begin, part.end - part.begin)

    def _interval(self, start: Any, length: int) -> Any:
        return self._model.new_fixed_size_interval_var(start, length, "")

    def _capacities(self) -> None:
        taken: dict[str, list[tuple[Any, int]]] = {}
        for one in self._visits.values():
            for chosen, parts in one.parts:
                for part in parts:
                    for bookable, units in (each for each in part.takes if each[1]):
                        interval = self._model.new_optional_fixed_size_interval_var(
                            one.start + part.begin, part.end - part.begin, chosen, ""
                        )
                        taken.setdefault(bookable, []).append((interval, units))
        for bookable, intervals in taken.items():
            self._limit(self._alone.times.capacity(bookable), intervals)

    def _limit(self, capacity: Ints, intervals: list[tuple[Any, int]]) -> None:
        most = int(capacity.max())
        edges = [0, *(np.flatnonzero(np.diff(capacity)) + 1).tolist(), len(capacity)]
        for begin, end in pairwise(edges):
            if gone := most - int(capacity[begin]):
                intervals.append((self._interval(begin, end - begin), gone))
        self._model.add_cumulative(*zip(*intervals, strict=True), most)


def _domain(starts: Ints) -> Any:
    return cp_model.Domain.from_values(starts.tolist())


def least_cost(scenario: Scenario, patient: ScenarioPatient) -> int | None:
    """What the best plan costs at least, and at most; None exactly where there is none."""
    assert not scenario.booked, "told for clinics without bookings only"
    visits, weights, times = patient.protocol.visits, scenario.weights, Times(scenario)
    claimed = {claim.choice for visit in visits for part in visit.parts for claim in part.claims}
    names = [each.name for each in patient.protocol.choices if each.kept and each.name in claimed]
    found: list[int] = []
    for who in product(*(patient.candidates[name] for name in names)):
        kept = dict(zip(names, who, strict=True))
        others = sum(patient.candidates[name][0] != one for name, one in kept.items())
        cost = Model(Alone(times, patient, kept)).least(weights)
        if cost is not None:
            found.append(cost + others * weights.not_first_choice)
    return min(found, default=None)
