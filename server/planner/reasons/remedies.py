"""What might be changed so that a series can be placed: every single thing, smallest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesToPlace
from server.domain.protocols import Choice, VisitDefinition, Window
from server.planner.reasons.obstacles import ObstacleCode
from server.planner.reasons.words import (
    bookable_name,
    day_name,
    visit_name,
    weekday_name,
    window_name,
)
from server.planner.series.needs import claimed_choices
from server.planner.series.spacing import said
from shared.vocabulary import WindowUnit

Change = Mapping[str, object]
WIDER_DAYS = (1, 2, 3, 5, 7)
WIDER_HOURS = (1, 2, 4, 8, 12, 24, 48, 96)
LATER_DAYS = (7, 14, 28, 56, 112)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A change of a certain size (about: days of trouble for somebody), in words; `code` is the
    rule that it lets give way."""

    code: ObstacleCode
    change: Change
    text: str
    size: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Remedy:
    """Something that may give way. `steps` grow; if the last does not help, none does. `visit` is
    the one concerned, None where it is the one that fails."""

    steps: tuple[Step, ...]
    visit: str | None = None
    bookable: str | None = None


def remedies(
    series: SeriesToPlace, calendar: ClinicCalendar, core: Sequence[VisitDefinition]
) -> Iterator[Remedy]:
    """Everything that could give way and touches the visits that cannot be placed together."""
    yield from _windows(series, core)
    yield from _apart(core)
    yield from _dates(series, core)
    yield from _patient(series)
    yield from _choices(series, calendar, core)
    yield from _bookables(series, calendar, core)


def _windows(series: SeriesToPlace, core: Sequence[VisitDefinition]) -> Iterator[Remedy]:
    """Windows between visits of the core, or between them and fixed ones."""
    mine = {visit.code for visit in core}
    for visit in series.visits:
        for number, window in enumerate(visit.windows):
            ends = {visit.code, window.anchor}
            known = ends <= mine | set(series.fixed)
            if known and ends & mine and window.anchor != visit.code:
                yield from _window(visit, number, window)


def _window(visit: VisitDefinition, number: int, window: Window) -> Iterator[Remedy]:
    """Closing it later, opening it earlier."""
    sizes = WIDER_HOURS if window.unit is WindowUnit.HOURS else WIDER_DAYS
    if said(window.closes):
        steps = tuple(_wider(visit, number, closes_later=by) for by in sizes)
        yield Remedy(steps=steps, visit=visit.code)
    if said(window.opens):
        steps = tuple(_wider(visit, number, opens_earlier=by) for by in sizes)
        yield Remedy(steps=steps, visit=visit.code)


def _wider(
    visit: VisitDefinition, number: int, *, opens_earlier: int = 0, closes_later: int = 0
) -> Step:
    window, by = visit.windows[number], opens_earlier + closes_later
    change = {
        "kind": "window",
        "visit": visit.code,
        "window": number,
        "anchor": window.anchor,
        "opens_earlier": opens_earlier,
        "closes_later": closes_later,
    }
    much = f"{by} {window.unit.value.removesuffix('s')}{'s' * (by > 1)}"
    wider = f"closed {much} later" if closes_later else f"opened {much} earlier"
    text = f"if the window of {visit_name(visit.code)} ({window_name(window)}) {wider}"
    size = by / 24 if window.unit is WindowUnit.HOURS else float(by)
    return Step(code=ObstacleCode.WINDOW, change=change, text=text, size=size)


def _apart(core: Sequence[VisitDefinition]) -> Iterator[Remedy]:
    for visit in core:
        if visit.never_same_day_as:
            text = f"if {visit_name(visit.code)} might share its day with other visits"
            change = {"kind": "same-day", "visit": visit.code}
            step = Step(code=ObstacleCode.SAME_DAY, change=change, text=text, size=2.0)
            yield Remedy(steps=(step,), visit=visit.code)


def _dates(series: SeriesToPlace, core: Sequence[VisitDefinition]) -> Iterator[Remedy]:
    if series.start_by is not None and any(v.code == series.start_visit for v in core):
        room = max(1, (series.last_day - series.start_by).days)
        steps = tuple(_start_by(series, n) for n in range(1, room + 1))
        yield Remedy(steps=steps, visit=series.start_visit)
    yield Remedy(steps=tuple(_last_day(series, n) for n in LATER_DAYS))


def _start_by(series: SeriesToPlace, days: int) -> Step:
    assert series.start_by is not None
    on, before = series.start_by + timedelta(days=days), day_name(series.start_by)
    text = f"if the series might start by {day_name(on)} instead of {before}"
    change = {"kind": "start-by", "on": on.isoformat()}
    return Step(code=ObstacleCode.START_BY, change=change, text=text, size=days / 2)


def _last_day(series: SeriesToPlace, days: int) -> Step:
    on = series.last_day + timedelta(days=days)
    text = f"if visits might be planned until {day_name(on)}"
    change = {"kind": "last-day", "on": on.isoformat()}
    return Step(code=ObstacleCode.LAST_DAY, change=change, text=text, size=days / 2)


def _patient(series: SeriesToPlace) -> Iterator[Remedy]:
    """Another weekday, always, not away, no other appointments."""
    patient = series.patient
    if patient.weekly is not None:
        steps = [_hours(None, "at any time", 4.0)]
        steps += [_hours(day, f"at any time on {weekday_name(day)}s", 1.0) for day in range(7)]
        yield from (Remedy(steps=(step,)) for step in steps)
    on = sorted(patient.away)
    for days in [[day] for day in on] + ([on] if len(on) > 1 else []):
        yield Remedy(steps=(_there(days),))
    if patient.busy:
        text, change = "if the patient had no other appointments", {"kind": "patient-not-busy"}
        code = ObstacleCode.PATIENT_DOUBLE_BOOKED
        yield Remedy(steps=(Step(code=code, change=change, text=text, size=3.0),))


def _hours(day: int | None, when: str, size: float) -> Step:
    days = None if day is None else [day]
    change = {"kind": "patient-hours", "days": days, "opens": 0, "closes": 1440}
    text = f"if the patient could come {when}"
    return Step(code=ObstacleCode.PATIENT_UNAVAILABLE, change=change, text=text, size=size)


def _there(days: list[date]) -> Step:
    change = {"kind": "patient-not-away", "on": [each.isoformat() for each in days]}
    text = f"if the patient were not away on {', '.join(map(day_name, days))}"
    size = 1.5 * len(days)
    return Step(code=ObstacleCode.PATIENT_UNAVAILABLE, change=change, text=text, size=size)


def _choices(
    series: SeriesToPlace, calendar: ClinicCalendar, core: Sequence[VisitDefinition]
) -> Iterator[Remedy]:
    """Somebody else of the kind; or not the same person throughout."""
    claimed = {name for visit in core for name in claimed_choices(visit)}
    for choice in (each for each in series.choices if each.name in claimed):
        had = series.candidates.get(choice.name, ())
        alike = [each.id for each in calendar.bookables.values() if each.kind is choice.kind]
        others = sorted(set(alike) - set(had))
        for add in [[one] for one in others] + ([others] if len(others) > 1 else []):
            yield Remedy(steps=(_open_to(calendar, choice, add),))
        if choice.kept and len(had) > 1:
            text = f"if the {choice.name} need not be the same for the whole series"
            change = {"kind": "not-kept", "choice": choice.name}
            code = ObstacleCode.KEPT_CHOICE
            yield Remedy(steps=(Step(code=code, change=change, text=text, size=3.0),))


def _open_to(calendar: ClinicCalendar, choice: Choice, add: list[str]) -> Step:
    who = " or ".join(bookable_name(calendar, each) for each in add)
    change = {"kind": "candidates", "choice": choice.name, "add": add}
    text, size = f"if {who} might be the {choice.name}", 2.0 + 0.1 * len(add)
    return Step(code=ObstacleCode.NO_CHOICE, change=change, text=text, size=size)


def _bookables(
    series: SeriesToPlace, calendar: ClinicCalendar, core: Sequence[VisitDefinition]
) -> Iterator[Remedy]:
    """Credentials renewed; no limit in a bookable's own hours; none in the clinic's."""
    for bookable, visit in _claimed(series, core).items():
        if bookable in calendar.bookables:
            steps = tuple(_bookable_steps(calendar, bookable))
            yield Remedy(steps=steps, visit=visit, bookable=bookable)


def _bookable_steps(calendar: ClinicCalendar, bookable: str) -> Iterator[Step]:
    name = bookable_name(calendar, bookable)
    if calendar.bookables[bookable].usable_until is not None:
        text = f"if the credentials of {name} were renewed"
        yield _on("credentials-renewed", bookable, ObstacleCode.CREDENTIALS, text, 2.5)
    text = f"if there were no limit to {name} within the hours they have"
    yield _on("bookable-without-limit", bookable, ObstacleCode.NO_CAPACITY, text, 5.0)
    text = f"if {name} were free whenever the clinic is open"
    yield _on("bookable-free", bookable, ObstacleCode.OUTSIDE_HOURS, text, 6.0)


def _on(kind: str, bookable: str, code: ObstacleCode, text: str, size: float) -> Step:
    return Step(code=code, change={"kind": kind, "bookable": bookable}, text=text, size=size)


def _claimed(series: SeriesToPlace, core: Sequence[VisitDefinition]) -> dict[str, str]:
    """What the visits claim or could choose, with the last of them that does."""
    found: dict[str, str] = {}
    for visit in core:
        for claim in (claim for part in visit.parts for claim in part.claims):
            several = series.candidates.get(claim.choice, ()) if claim.choice else ()
            for bookable in several if claim.choice else (str(claim.bookable),):
                found[bookable] = visit.code
    return found
