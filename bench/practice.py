"""A clinic that lives day by day: series that began, and what becomes of a visit that is missed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from server.domain import claims
from server.domain.booking import breaches
from server.domain.calendars import Claim, ClinicCalendar
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocols import VisitDefinition
from server.domain.series import resumed, without
from server.planner.demand import ClinicDemand, Demand
from server.planner.files.questions import calendar_of, series_of
from server.planner.files.scenario import Scenario, ScenarioPatient
from server.planner.place import best_plans
from shared.vocabulary import VisitKind

CANCELLED, MISSED = 0.05, 0.10
"""Out of all visits: called off that morning, so that the time is free again; called off or not
come to, where the time is lost."""
Place = Callable[[ClinicDemand], Mapping[str, SeriesPlan]]


@dataclass
class Course:
    """One series under way: what took place, and what is booked."""

    id: str
    series: SeriesToPlace
    choices: dict[str, str]
    booked: dict[str, Placement]
    done: dict[str, Placement] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)

    def visit(self, code: str) -> VisitDefinition:
        """A visit by its code."""
        return next(each for each in self.series.visits if each.code == code)

    def claims(self, codes: Mapping[str, Placement]) -> list[Claim]:
        """What some of its visits take."""
        return [
            taken.claim
            for code, at in codes.items()
            for taken in claims.taken(
                self.visit(code), at.starts_at, {**self.choices, **at.choices}
            )
        ]


@dataclass
class Tally:
    """What happened."""

    missed: int = 0
    in_window: int = 0
    lifted: int = 0
    left_out: int = 0
    ended: int = 0
    moved: set[str] = field(default_factory=set)
    visits_moved: int = 0


class Practice:
    """Booked series stay where they are; only what a missed visit takes along is moved."""

    def __init__(self, scenario: Scenario, place: Place, seed: int) -> None:
        self._scenario, self._place, self._seed = scenario, place, seed
        self.courses: dict[str, Course] = {}
        self.delays: dict[str, int] = {}
        self.tally = Tally()
        self._wasted: list[Claim] = []

    def admit(self, waiting: list[ScenarioPatient], today: date) -> None:
        """Plan those who wait around all that is booked; who finds a place is booked."""
        demands = tuple(
            Demand(id=each.id, series=self._asked(each, today), priority=each.priority)
            for each in waiting
        )
        calendar = self._calendar(without="")
        asked = ClinicDemand(calendar=calendar, demands=demands, weights=self._scenario.weights)
        for who, found in self._place(asked).items():
            series = next(each.series for each in demands if each.id == who)
            self._prove(series, found, self._calendar(without=""))
            booked = {each.visit: each for each in found.placements}
            self.courses[who] = Course(who, series, dict(found.choices), booked)
            begins = booked[series.start_visit].starts_at.astimezone(self._scenario.zone).date()
            self.delays[who] = (begins - series.ready_on).days

    def live(self, today: date) -> None:
        """Every visit of the day takes place or is missed; what is missed is planned anew."""
        for course in list(self.courses.values()):
            for code, at in list(course.booked.items()):
                due = at.starts_at.astimezone(self._scenario.zone).date() == today
                if due and course.booked.get(code) == at:
                    self._pass(course, code, today)

    def _pass(self, course: Course, code: str, today: date) -> None:
        at, tries = course.booked.pop(code), course.tries.get(code, 0)
        luck = Random(f"{self._seed} {course.id} {code} {tries}").random()
        if luck >= MISSED:
            course.done[code] = at
            return
        course.tries[code] = tries + 1
        self.tally.missed += 1
        if luck >= CANCELLED:
            self._wasted += course.claims({code: at})
        self._plan_anew(course, code, today)

    def _plan_anew(self, course: Course, code: str, today: date) -> None:
        """Within the windows; else without a latest time; else without the visit."""
        asked = self._rest(course, code, today)
        visits = asked.visits
        lifted = tuple(resumed(each) if each.code == code else each for each in visits)
        if self._found(course, asked):
            self.tally.in_window += 1
        elif self._found(course, replace(asked, visits=lifted)):
            self.tally.lifted += 1
        elif course.visit(code).kind is not VisitKind.INFUSION and self._found(
            course, replace(asked, visits=without(code, visits))
        ):
            self.tally.left_out += 1
        else:
            self.tally.ended += 1
            course.booked.clear()

    def _rest(self, course: Course, code: str, today: date) -> SeriesToPlace:
        """What is still to come of a series, from tomorrow on."""
        missed_start = code == course.series.start_visit
        patient = course.series.patient
        return replace(
            course.series,
            patient=replace(patient, away=patient.away | {today}),
            not_before=self._morning(today + timedelta(days=1)),
            start_by=None if missed_start else course.series.start_by,
            fixed=dict(course.done),
            held=dict(course.booked),
            held_choices=course.choices,
        )

    def _found(self, course: Course, asked: SeriesToPlace) -> bool:
        calendar = self._calendar(without=course.id)
        weights = replace(self._scenario.weights, delay_day=0)
        for plan in best_plans(asked, calendar, weights=weights, count=1):
            self._prove(asked, plan, calendar)
            booked = {each.visit: each for each in plan.placements}
            moved = [each for each, at in course.booked.items() if booked.get(each) != at]
            self.tally.visits_moved += len(moved)
            self.tally.moved |= {course.id} if moved else set()
            course.series, course.booked = replace(asked, fixed={}, held={}), booked
            course.choices |= plan.choices
            return True
        return False

    def _prove(self, series: SeriesToPlace, plan: SeriesPlan, calendar: ClinicCalendar) -> None:
        """Every plan is proved by the rules of booking, whoever made it."""
        assert not breaches(series, plan, calendar, now=series.not_before)

    def _asked(self, patient: ScenarioPatient, today: date) -> SeriesToPlace:
        return replace(series_of(self._scenario, patient), not_before=self._morning(today))

    def _morning(self, day: date) -> datetime:
        return datetime.combine(day, time(7), self._scenario.zone)

    def _calendar(self, *, without: str) -> ClinicCalendar:
        """With all that is booked, but for one series' visits that are still to come."""
        taken = list(self._wasted)
        for each in self.courses.values():
            taken += each.claims(each.done)
            if each.id != without:
                taken += each.claims(each.booked)
        return replace(calendar_of(self._scenario), claims=tuple(taken))
