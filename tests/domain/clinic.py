"""A small invented clinic for the domain's tests: one week of plain hours, short protocols."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from server.domain.booking import breaches
from server.domain.breaches import Breach
from server.domain.calendars import Bookable, Claim, ClinicCalendar, WeeklyHours
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocols import Choice, Part, PartClaim, VisitDefinition, Window
from shared.vocabulary import BookableKind, Edge, VisitKind, WindowUnit

NEW_YORK = ZoneInfo("America/New_York")
WEEKDAYS = (0, 1, 2, 3, 4)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def at(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """`at("2027-05-10 09:00")` on the clinic's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


NOW = at("2027-05-03 07:00")  # a Monday


def hours(opens: int = 8, closes: int = 18, capacity: int = 1, days: Sequence[int] = WEEKDAYS):
    """A weekly row in whole local hours."""
    return WeeklyHours(days=tuple(days), opens=opens * 60, closes=closes * 60, capacity=capacity)


def bookable(code: str, kind: BookableKind, *weekly: WeeklyHours, **more) -> Bookable:
    """A bookable, open on weekdays 8 to 18 unless told otherwise."""
    return Bookable(id=code, kind=kind, weekly=weekly or (hours(),), **more)


BOOKABLES = (
    bookable("chairs", BookableKind.CHAIR, hours(capacity=2)),
    bookable("nurses", BookableKind.NURSE, hours(capacity=3)),
    bookable("on-site", BookableKind.PRESCRIBER),
    bookable("th-1", BookableKind.THERAPIST),
    bookable("th-2", BookableKind.THERAPIST),
    bookable("dr-a", BookableKind.PRESCRIBER),
    bookable("dr-b", BookableKind.PRESCRIBER),
)


def calendar(*claims: Claim, zone: ZoneInfo = NEW_YORK, **changed: Bookable) -> ClinicCalendar:
    """The clinic's calendar; `th_1=...` puts another bookable in the place of "th-1"."""
    bookables = {each.id: each for each in BOOKABLES}
    bookables |= {name.replace("_", "-"): each for name, each in changed.items()}
    return ClinicCalendar(zone=zone, grid_minutes=15, bookables=bookables, claims=claims)


def claim(code: str, starts: str, ends: str, units: int = 1) -> Claim:
    """Somebody else's claim, on New York's clock."""
    return Claim(bookable_id=code, starts_at=at(starts), ends_at=at(ends), units=units)


def takes(code: str, units: int = 1) -> PartClaim:
    return PartClaim(bookable=code, units=units)


def chosen(name: str) -> PartClaim:
    return PartClaim(choice=name)


def days(anchor: str, opens: float | None, closes: float | None, **more) -> Window:
    """A window in clinic-local days after the start of another visit."""
    return Window(anchor=anchor, unit=WindowUnit.DAYS, opens=opens, closes=closes, **more)


def hours_after_end(anchor: str, opens: float | None, closes: float | None, **more) -> Window:
    """A window in elapsed hours after the end of another visit."""
    return Window(
        anchor=anchor, edge=Edge.END, unit=WindowUnit.HOURS, opens=opens, closes=closes, **more
    )


def visit(code: str, *claims: PartClaim, minutes: int | None = 60, **more) -> VisitDefinition:
    """A visit of one part with the patient."""
    more.setdefault("kind", VisitKind.THERAPY)
    more.setdefault("parts", (Part(name="session", minutes=minutes, claims=claims),))
    family, _, ordinal = code.rpartition("-")
    if not ordinal.isdigit():
        family, ordinal = code, "1"
    return VisitDefinition(code=code, family=family, ordinal=int(ordinal), **more)


INFUSION_PARTS = (
    Part(name="preparation", minutes=30, claims=(takes("chairs"), takes("nurses"))),
    Part(
        name="infusion",
        minutes=45,
        claims=(takes("chairs"), takes("nurses", 2), takes("on-site", 0)),
    ),
    Part(name="observation", minutes=60, claims=(takes("chairs"), takes("nurses"))),
    Part(name="turnover", minutes=15, claims=(takes("chairs"),), with_patient=False),
)


def infusion(code: str, *windows: Window, **more) -> VisitDefinition:
    """Preparation 30, infusion 45, observation 60 minutes; then 15 of turnover."""
    return visit(code, kind=VisitKind.INFUSION, parts=INFUSION_PARTS, windows=windows, **more)


EVALUATION = visit("evaluation", chosen("prescriber"), kind=VisitKind.SCREENING, minutes=30)
VISITS = (
    EVALUATION,
    infusion("infusion-1", days("evaluation", 1, 14)),
    visit(
        "integration-1",
        chosen("therapist"),
        kind=VisitKind.INTEGRATION,
        windows=(hours_after_end("infusion-1", 24, 72),),
    ),
    infusion("infusion-2", days("infusion-1", 2, 5)),
)
SIX = (
    infusion("infusion-1"),
    visit(
        "integration-1",
        kind=VisitKind.INTEGRATION,
        windows=(hours_after_end("infusion-1", 24, 72),),
    ),
    infusion("infusion-2", days("infusion-1", 2, 5), hours_after_end("integration-1", 0, None)),
    visit(
        "integration-2",
        kind=VisitKind.INTEGRATION,
        windows=(hours_after_end("infusion-2", 24, 72),),
    ),
    infusion("infusion-3", days("infusion-2", 2, 5), hours_after_end("integration-2", 0, None)),
    visit("check-in-1", kind=VisitKind.ASSESSMENT, windows=(days("infusion-1", 1, 1),)),
)
CHOICES = (
    Choice(name="therapist", kind=BookableKind.THERAPIST),
    Choice(name="prescriber", kind=BookableKind.PRESCRIBER, kept=False),
)
SERIES = SeriesToPlace(
    visits=VISITS,
    start_visit="infusion-1",
    choices=CHOICES,
    candidates={"therapist": ("th-1", "th-2"), "prescriber": ("dr-a", "dr-b")},
    ready_on=date(2027, 5, 3),
    last_day=date(2027, 7, 30),
    not_before=NOW,
)
TIMES = {
    "evaluation": "2027-05-04 09:00",
    "infusion-1": "2027-05-10 09:00",  # with the patient until 11:15, turnover until 11:30
    "integration-1": "2027-05-11 11:15",
    "infusion-2": "2027-05-13 09:00",
}
VISIT_CHOICES = {"evaluation": {"prescriber": "dr-a"}}


def placed(code: str, when: str, **choices: str) -> Placement:
    return Placement(visit=code, starts_at=at(when), choices=choices or VISIT_CHOICES.get(code, {}))


def plan(changed: Mapping[str, str | None] = {}, **more) -> SeriesPlan:
    """The plan that stands, with some visits at another time, or nowhere (None)."""
    times = TIMES | dict(changed)
    placements = tuple(placed(code, when) for code, when in times.items() if when is not None)
    return SeriesPlan(**{"placements": placements, "choices": {"therapist": "th-1"}} | more)


def proved(
    a_plan: SeriesPlan | None = None, a_calendar: ClinicCalendar | None = None, **series
) -> list[Breach]:
    """The breaches of a plan; `series` fields may be changed by name."""
    return breaches(replace(SERIES, **series), a_plan or plan(), a_calendar or calendar(), now=NOW)


def codes(found: Sequence[Breach]) -> list[tuple[str | None, str]]:
    """What broke, without the facts."""
    return [(each.visit, str(each.code)) for each in found]


def broken(found: Sequence[Breach], visit: str | None, code: str, **facts: object) -> None:
    """Exactly this breach, with at least these facts."""
    assert codes(found) == [(visit, code)]
    assert {name: found[0].facts.get(name) for name in facts} == facts
