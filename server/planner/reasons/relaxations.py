"""Rules that could give way, one at a time, each with how much it would take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesToPlace
from server.domain.protocols import VisitDefinition, Window
from server.planner.calendar import PATIENT
from server.planner.series.problem import to_place
from shared.vocabulary import WindowUnit

LATER_DAYS = (1, 2, 3, 5, 7, 14)
"""How far a window or a last day is opened, the least first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Relaxation:
    """One rule that gives way. `change` says it to a person, `facts` to a program."""

    code: str
    change: str
    series: SeriesToPlace
    calendar: ClinicCalendar
    unlimited: frozenset[str] = frozenset()
    visit: str | None = None
    bookable: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def relaxations(
    series: SeriesToPlace, calendar: ClinicCalendar
) -> Iterator[tuple[Relaxation, ...]]:
    """Rules that could give way, the smallest changes first: a later start, somebody else, a wider
    window, more of a bookable, the patient at other times. Each comes as a ladder from little to
    much: where its last step does not help, none does."""
    yield from _later_start(series, calendar)
    yield from _others(series, calendar)
    yield from _windows(series, calendar)
    yield from _bookables(series, calendar)
    yield (
        Relaxation(
            code="patient-unavailable",
            change="The patient comes at other times.",
            series=series,
            calendar=calendar,
            unlimited=frozenset({PATIENT}),
            facts={"kind": "patient-times"},
        ),
    )


def _later_start(
    series: SeriesToPlace, calendar: ClinicCalendar
) -> Iterator[tuple[Relaxation, ...]]:
    if series.start_by is not None:
        yield tuple(_started_by(series, calendar, days) for days in LATER_DAYS)


def _started_by(series: SeriesToPlace, calendar: ClinicCalendar, days: int) -> Relaxation:
    start_by = (series.start_by or series.ready_on) + timedelta(days=days)
    last_day = series.last_day + timedelta(days=days)
    return Relaxation(
        code="start-by",
        change=f"The series begins up to {_days(days)} later.",
        series=replace(series, start_by=start_by, last_day=last_day),
        calendar=calendar,
        visit=series.start_visit,
        facts={"kind": "start-by", "start_by": start_by.isoformat()},
    )


def _others(series: SeriesToPlace, calendar: ClinicCalendar) -> Iterator[tuple[Relaxation, ...]]:
    for choice in series.choices:
        named = series.candidates.get(choice.name, ())
        able = [each.id for each in calendar.bookables.values() if each.kind is choice.kind]
        for other in (each for each in able if each not in named):
            title = calendar.bookables[other].title
            candidates = dict(series.candidates) | {choice.name: (other,)}
            yield (
                Relaxation(
                    code="no-choice",
                    change=f"{title or other} as {choice.name}.",
                    series=replace(series, candidates=candidates, held_choices={}),
                    calendar=calendar,
                    bookable=other,
                    facts={"kind": "choice", "choice": choice.name, "bookable": other},
                ),
            )


def _windows(series: SeriesToPlace, calendar: ClinicCalendar) -> Iterator[tuple[Relaxation, ...]]:
    for visit in to_place(series):
        for number, window in enumerate(visit.windows):
            if window.closes is not None:
                yield tuple(
                    _opened(series, calendar, visit, (number, window, days)) for days in LATER_DAYS
                )


def _opened(
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    visit: VisitDefinition,
    how: tuple[int, Window, int],
) -> Relaxation:
    number, window, days = how
    more = days * (24 if window.unit is WindowUnit.HOURS else 1)
    closes = (window.closes or 0) + more
    wider = tuple(
        replace(each, closes=closes) if n == number else each
        for n, each in enumerate(visit.windows)
    )
    visits = tuple(
        replace(each, windows=wider) if each is visit else each for each in series.visits
    )
    changed = replace(series, visits=visits, last_day=series.last_day + timedelta(days=days))
    name, anchor = visit.code.replace("-", " "), window.anchor.replace("-", " ")
    return Relaxation(
        code="window",
        change=f"A clinician lets {name} begin up to {_days(days)} later after {anchor}.",
        series=changed,
        calendar=calendar,
        visit=visit.code,
        facts={"kind": "window", "visit": visit.code, "anchor": window.anchor, "closes": closes},
    )


def _bookables(series: SeriesToPlace, calendar: ClinicCalendar) -> Iterator[tuple[Relaxation, ...]]:
    for who in _claimed(series):
        if who in calendar.bookables:
            bookable = calendar.bookables[who]
            title = bookable.title or bookable.kind.value
            yield (
                Relaxation(
                    code="no-capacity",
                    change=f"{title}: free without limit in the clinic's own hours.",
                    series=series,
                    calendar=calendar,
                    unlimited=frozenset({who}),
                    bookable=who,
                    facts={"kind": "capacity", "bookable": who},
                ),
            )


def _claimed(series: SeriesToPlace) -> list[str]:
    """Every bookable that the visits could claim, in the order in which they are met."""
    found: dict[str, None] = {}
    for visit in to_place(series):
        for part in visit.parts:
            for claim in part.claims:
                named = (claim.bookable,) if claim.bookable else ()
                found |= dict.fromkeys(named or series.candidates.get(str(claim.choice), ()))
    return list(found)


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
