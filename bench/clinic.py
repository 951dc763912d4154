"""A made-up clinic of believable size, and patients who are to be placed in it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from server.domain.calendars import (
    AvailabilityException,
    Bookable,
    ClinicCalendar,
    PatientTimes,
    WeeklyHours,
)
from server.domain.claims import taken
from server.domain.placement import SeriesPlan, SeriesToPlace
from server.domain.protocols import Choice, Part, PartClaim, VisitDefinition, Window
from server.planner.place import best_plans
from shared.vocabulary import BookableKind, DayPart, Edge, VisitKind, WindowUnit

ZONE = ZoneInfo("America/New_York")
FIRST = date(2027, 1, 4)
WEEKDAYS = (0, 1, 2, 3, 4)
THERAPISTS = tuple(f"therapist-{n}" for n in range(1, 9))


def _hours(opens: int, closes: int, capacity: int, days: tuple[int, ...] = WEEKDAYS) -> WeeklyHours:
    return WeeklyHours(days=days, opens=opens * 60, closes=closes * 60, capacity=capacity)


def bookables(random: Random) -> dict[str, Bookable]:
    """6 chairs, nurses, prescribers and 8 therapists, each of whom has a day off and a holiday."""
    closed = (AvailabilityException(on=FIRST + timedelta(days=14)),)
    found = [
        Bookable(id="chairs", kind=BookableKind.CHAIR, weekly=(_hours(8, 18, 6),)),
        Bookable(id="nurses", kind=BookableKind.NURSE, weekly=(_hours(8, 18, 8),)),
        Bookable(id="on-site", kind=BookableKind.PRESCRIBER, weekly=(_hours(8, 17, 1),)),
        Bookable(id="doctor-a", kind=BookableKind.PRESCRIBER, weekly=(_hours(8, 16, 1),)),
        Bookable(id="doctor-b", kind=BookableKind.PRESCRIBER, weekly=(_hours(10, 18, 1),)),
    ]
    for therapist in THERAPISTS:
        days = tuple(sorted(random.sample(WEEKDAYS, 4)))
        opens = random.choice((8, 9, 10))
        off = FIRST + timedelta(days=random.randrange(90))
        found.append(
            Bookable(
                id=therapist,
                kind=BookableKind.THERAPIST,
                weekly=(_hours(opens, opens + 8, 1, days),),
                exceptions=(AvailabilityException(on=off),),
            )
        )
    return {each.id: replace(each, exceptions=each.exceptions + closed) for each in found}


def _takes(bookable: str, units: int = 1) -> PartClaim:
    return PartClaim(bookable=bookable, units=units)


def _after(anchor: str, unit: WindowUnit, opens: float, closes: float | None) -> Window:
    return Window(anchor=anchor, edge=Edge.END, unit=unit, opens=opens, closes=closes)


def _days(anchor: str, opens: int, target: int | None, closes: int) -> Window:
    return Window(anchor=anchor, unit=WindowUnit.DAYS, opens=opens, target=target, closes=closes)


def _talk(
    code: str, kind: VisitKind, minutes: int, choice: str, *windows: Window
) -> VisitDefinition:
    part = Part(name="session", minutes=minutes, claims=(PartClaim(choice=choice),))
    return _visit(code, kind, (part,), *windows)


def _visit(
    code: str, kind: VisitKind, parts: tuple[Part, ...], *windows: Window
) -> VisitDefinition:
    return VisitDefinition(
        code=code, family=code.rpartition("-")[0] or code, kind=kind, parts=parts, windows=windows
    )


def _infusion_parts() -> tuple[Part, ...]:
    chair, nurse, two_nurses = _takes("chairs"), _takes("nurses"), _takes("nurses", 2)
    return (
        Part(name="preparation", minutes=30, claims=(chair, nurse)),
        Part(name="infusion", minutes=45, claims=(chair, two_nurses, _takes("on-site", 0))),
        Part(name="observation", minutes=60, claims=(chair, nurse)),
        Part(name="turnover", minutes=15, claims=(chair,), with_patient=False),
    )


def six_infusions() -> tuple[VisitDefinition, ...]:
    """16 visits: evaluation, preparation, 6 infusions 2 to 5 days apart, each followed after 24 to
    72 hours and before the next by integration, and two follow-ups."""
    hours, days = WindowUnit.HOURS, WindowUnit.DAYS
    visits = [
        _talk("evaluation", VisitKind.SCREENING, 60, "prescriber"),
        _talk(
            "preparation", VisitKind.PREPARATION, 60, "therapist", _days("evaluation", 1, None, 14)
        ),
    ]
    for n in range(1, 7):
        windows = [_after("preparation", days, 1, 7)]
        if n > 1:
            windows = [
                _days(f"infusion-{n - 1}", 2, 2, 5),
                _after(f"integration-{n - 1}", hours, 0, None),
            ]
        visits.append(_visit(f"infusion-{n}", VisitKind.INFUSION, _infusion_parts(), *windows))
        window = _after(f"infusion-{n}", hours, 24, 72)
        visits.append(_talk(f"integration-{n}", VisitKind.INTEGRATION, 60, "therapist", window))
    for code, day in (("week", 7), ("month", 30)):
        window = _days("infusion-6", day - 3, day, day + 3)
        visits.append(_talk(f"follow-up-{code}", VisitKind.FOLLOW_UP, 45, "therapist", window))
    return tuple(visits)


@dataclass
class Clinic:
    """The clinic with all that is booked so far."""

    calendar: ClinicCalendar
    random: Random

    def referral(self, ready_on: date) -> SeriesToPlace:
        """A new patient, to be placed within 90 days."""
        therapists = self.random.sample(THERAPISTS, len(THERAPISTS))
        return SeriesToPlace(
            visits=six_infusions(),
            start_visit="infusion-1",
            choices=(
                Choice(name="therapist", kind=BookableKind.THERAPIST),
                Choice(name="prescriber", kind=BookableKind.PRESCRIBER, kept=False),
            ),
            candidates={"therapist": tuple(therapists), "prescriber": ("doctor-a", "doctor-b")},
            patient=self._patient(),
            ready_on=ready_on,
            last_day=ready_on + timedelta(days=89),
            not_before=datetime.combine(ready_on, time(), UTC),
        )

    def _patient(self) -> PatientTimes:
        random = self.random
        weekly = None
        if random.random() < 0.6:
            days = tuple(sorted(random.sample(WEEKDAYS, random.choice((4, 5, 5)))))
            opens = random.choice((8, 8, 9, 10, 12))
            weekly = (_hours(opens, 18, 1, days),)
        prefers = random.choice((None, DayPart.MORNING, DayPart.AFTERNOON))
        return PatientTimes(weekly=weekly, prefers=prefers)

    def book(self, series: SeriesToPlace, plan: SeriesPlan) -> None:
        """Claim everything a plan takes."""
        claims = list(self.calendar.claims)
        for visit, placed in zip(series.visits, plan.placements, strict=True):
            chosen = {**plan.choices, **placed.choices}
            claims += [each.claim for each in taken(visit, placed.starts_at, chosen)]
        self.calendar = replace(self.calendar, claims=tuple(claims))


def clinic(patients: int = 200, seed: int = 1) -> tuple[Clinic, int]:
    """A clinic in which that many patients are at every point of their series, each placed well;
    and how many more found no place."""
    random = Random(seed)
    calendar = ClinicCalendar(zone=ZONE, grid_minutes=15, bookables=bookables(random))
    made, missed = Clinic(calendar=calendar, random=random), 0
    for n in range(patients):
        series = made.referral(FIRST + timedelta(days=-80 + 150 * n // patients))
        plans = best_plans(series, made.calendar, count=1)
        missed += not plans
        for plan in plans:
            made.book(series, plan)
    opens_at = datetime.combine(FIRST, time(), ZONE)
    upcoming = tuple(each for each in made.calendar.claims if each.ends_at > opens_at)
    made.calendar = replace(made.calendar, claims=upcoming)
    return made, missed
