"""What is said of a plan, and of a series that has none: each remedy named is then tried."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.domain.calendars import (
    AvailabilityException,
    Bookable,
    Claim,
    ClinicCalendar,
    PatientTimes,
    WeeklyHours,
)
from server.domain.placement import SeriesToPlace
from server.domain.protocols import Choice, Part, PartClaim, VisitDefinition, Window
from server.planner import explain, place, quick
from shared.vocabulary import BookableKind, DayPart, Edge, VisitKind, WindowUnit


@pytest.fixture(autouse=True, params=["complete", "compiled"])
def search(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything is asked of the complete search, and of compiled code."""
    monkeypatch.setattr(quick, "at_hand", lambda: request.param == "compiled")
    return str(request.param)


ZONE = ZoneInfo("America/New_York")
MONDAY = date(2027, 3, 1)
WORKDAYS = (0, 1, 2, 3, 4)


def hours(*days: int, opens: int = 9, closes: int = 17, capacity: int = 1) -> WeeklyHours:
    return WeeklyHours(days=days, opens=opens * 60, closes=closes * 60, capacity=capacity)


def bookable(name: str, kind: BookableKind, *weekly: WeeklyHours) -> Bookable:
    return Bookable(id=name, kind=kind, title=name.capitalize(), weekly=weekly)


def visit(code: str, claim: PartClaim, *windows: Window) -> VisitDefinition:
    part = Part(name="whole", minutes=60, claims=(claim,))
    kind = VisitKind.INFUSION if code == "infusion" else VisitKind.INTEGRATION
    return VisitDefinition(code=code, family=code, kind=kind, parts=(part,), windows=windows)


INFUSION = visit("infusion", PartClaim(bookable="chairs"))
SESSION = visit(
    "session",
    PartClaim(choice="therapist"),
    Window(anchor="infusion", edge=Edge.END, unit=WindowUnit.HOURS, opens=24, closes=72),
)


def clinic(*claims: Claim, theo: Bookable | None = None) -> ClinicCalendar:
    people = [
        bookable("chairs", BookableKind.CHAIR, hours(*WORKDAYS, capacity=2)),
        theo or bookable("theo", BookableKind.THERAPIST, hours(*WORKDAYS)),
        bookable("tess", BookableKind.THERAPIST, hours(*WORKDAYS)),
    ]
    return ClinicCalendar(
        zone=ZONE, grid_minutes=15, bookables={each.id: each for each in people}, claims=claims
    )


def series(**more: object) -> SeriesToPlace:
    plain = SeriesToPlace(
        visits=(INFUSION, SESSION),
        start_visit="infusion",
        choices=(Choice(name="therapist", kind=BookableKind.THERAPIST),),
        candidates={"therapist": ("theo",)},
        ready_on=MONDAY,
        last_day=MONDAY + timedelta(days=6),
        not_before=datetime(2027, 3, 1, tzinfo=ZONE),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def assert_every_remedy_helps(
    asked: SeriesToPlace, calendar: ClinicCalendar, found: list[explain.Obstacle]
) -> None:
    """Each change that is named is made, and then there is a plan."""
    named = [each.nearest for each in found if each.nearest]
    assert named
    for nearest in named:
        helped = explain.all_changed(asked, calendar, nearest.changes)
        assert place.best_plans(*helped, count=1), nearest.change


def closed_for_a_month(who: Bookable) -> Bookable:
    days = [MONDAY + timedelta(days=n) for n in range(30)]
    return replace(who, exceptions=tuple(AvailabilityException(on=day) for day in days))


def test_each_visit_of_a_plan_says_why_it_lies_there() -> None:
    patient = PatientTimes(prefers=DayPart.MORNING)
    asked = series(patient=patient)
    plan = place.best_plans(asked, clinic(), count=1)[0]

    said = {each.visit: each.sentence for each in explain.reasons(plan, asked, clinic())}

    assert "of 2" in said["infusion"]
    assert "of 24-72" in said["session"]
    assert "therapist" in said["session"]
    assert "morning" in said["session"]


def test_a_therapist_on_leave_is_named_and_a_colleague_offered() -> None:
    away = closed_for_a_month(bookable("theo", BookableKind.THERAPIST, hours(*WORKDAYS)))
    calendar = clinic(theo=away)

    found = explain.why_not(series(), calendar)

    assert found[0].visit == "session"
    assert "theo" in {each.bookable for each in found}
    assert_every_remedy_helps(series(), calendar, found)


def test_a_window_that_only_just_fails_is_named_with_how_far_it_must_open() -> None:
    fridays = bookable("theo", BookableKind.THERAPIST, hours(4))
    calendar = replace(clinic(theo=fridays), bookables=clinic(theo=fridays).bookables)
    chair = bookable("chairs", BookableKind.CHAIR, hours(0, capacity=2))
    calendar = replace(calendar, bookables={"chairs": chair, "theo": fridays})

    found = explain.why_not(series(), calendar)

    assert "window" in {each.code for each in found if each.visit == "session"}
    assert_every_remedy_helps(series(), calendar, found)


def test_a_patient_who_never_has_time_is_told_so() -> None:
    never = series(patient=PatientTimes(weekly=()))

    found = explain.why_not(never, clinic())

    assert "patient-unavailable" in {each.code for each in found}
    assert found[0].visit == "infusion"


def test_a_full_chair_pool_is_named_with_the_day_it_would_have_been() -> None:
    whole_week = [
        Claim(
            bookable_id="chairs",
            starts_at=datetime(2027, 3, 1 + n, 9, tzinfo=ZONE),
            ends_at=datetime(2027, 3, 1 + n, 17, tzinfo=ZONE),
            units=2,
        )
        for n in range(7)
    ]

    found = explain.why_not(series(), clinic(*whole_week))

    assert ("no-capacity", "chairs") in {(each.code, each.bookable) for each in found}
    assert_every_remedy_helps(series(), clinic(*whole_week), found)


def test_a_start_that_comes_too_early_is_answered_with_the_first_day_that_works() -> None:
    closed = clinic()
    chairs = closed.bookables["chairs"]
    week = [AvailabilityException(on=MONDAY + timedelta(days=n)) for n in range(3)]
    shut = replace(chairs, exceptions=tuple(week))
    calendar = replace(closed, bookables={**closed.bookables, "chairs": shut})

    asked = series(start_by=MONDAY + timedelta(days=1))
    found = explain.why_not(asked, calendar)

    start = next(each for each in found if each.code == "start-by")
    assert start.nearest is not None
    assert start.nearest.start_on == date(2027, 3, 4)
    assert_every_remedy_helps(asked, calendar, found)


@pytest.mark.parametrize("named", [(), ("nobody",)])
def test_a_choice_that_nobody_can_fill_is_said(named: tuple[str, ...]) -> None:
    found = explain.why_not(series(candidates={"therapist": named}), clinic())

    assert found[0].code == "no-choice"


def test_whoever_waits_no_longer_hears_so() -> None:
    (told,) = explain.why_not(series(last_day=MONDAY), clinic(), patience=explain.Patience(steps=0))

    assert "cut off" in told.text
    assert told.nearest is None
