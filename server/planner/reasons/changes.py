"""Changes that could make a plan possible, in a form programs can send, and what they do.

A change is a plain mapping with a `kind`; `changed` applies it to a series and its calendar.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar, cast

from server.domain.calendars import (
    AvailabilityException,
    Bookable,
    ClinicCalendar,
    WeeklyHours,
)
from server.domain.placement import SeriesToPlace
from server.domain.protocols import VisitDefinition, Window
from server.planner.clinic_hours import PLENTY, clinic_hours

Change = Mapping[str, object]
Question = tuple[SeriesToPlace, ClinicCalendar]
Hours = TypeVar("Hours", WeeklyHours, AvailabilityException)


def changed(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """The series and the calendar as they are after a change. Raises KeyError for a kind, visit
    or bookable that there is not."""
    apply = _KINDS[str(change["kind"])]
    return apply(series, calendar, change)


def all_changed(
    series: SeriesToPlace, calendar: ClinicCalendar, changes: Iterable[Change]
) -> Question:
    """Several changes, one after the other."""
    for change in changes:
        series, calendar = changed(series, calendar, change)
    return series, calendar


def _free(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """A bookable without limit whenever the clinic has anything open."""
    found = clinic_hours(calendar, calendar.bookables[str(change["bookable"])])
    return series, _with(calendar, found)


def _in_own_hours(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """A bookable without limit in its own hours."""
    one = calendar.bookables[str(change["bookable"])]
    weekly = tuple(_plenty(row) for row in one.weekly)
    exceptions = tuple(_plenty(each) for each in one.exceptions)
    return series, _with(calendar, replace(one, weekly=weekly, exceptions=exceptions))


def _renewed(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """A practitioner whose credentials do not run out."""
    one = calendar.bookables[str(change["bookable"])]
    return series, _with(calendar, replace(one, usable_until=None))


def _window(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """One window wider, by its own unit; None opens a side for good."""
    number = cast(int, change["window"])

    def wider(visit: VisitDefinition) -> VisitDefinition:
        windows = list(visit.windows)
        windows[number] = _wider(windows[number], change)
        return replace(visit, windows=tuple(windows))

    return _each_visit(series, str(change["visit"]), wider), calendar


def _wider(window: Window, change: Change) -> Window:
    earlier, later = (
        cast(float | None, change[side]) for side in ("opens_earlier", "closes_later")
    )
    opens, closes = window.opens, window.closes
    opens = None if opens is None or earlier is None else opens - earlier
    closes = None if closes is None or later is None else closes + later
    return replace(window, opens=opens, closes=closes)


def _same_day(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """A visit that may share its day with any other."""

    def shared(visit: VisitDefinition) -> VisitDefinition:
        return replace(visit, never_same_day_as=())

    return _each_visit(series, str(change["visit"]), shared), calendar


def _patient_hours(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """A patient who can come in more hours of some weekdays, or always."""
    weekly = series.patient.weekly
    if change["days"] is None or weekly is None:
        more = None
    else:
        days = tuple(cast(list[int], change["days"]))
        opens, closes = cast(int, change["opens"]), cast(int, change["closes"])
        more = (*weekly, WeeklyHours(days=days, opens=opens, closes=closes))
    return replace(series, patient=replace(series.patient, weekly=more)), calendar


def _not_away(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """A patient who stays on some days meant to be away."""
    there = {date.fromisoformat(on) for on in cast(list[str], change["on"])}
    patient = replace(series.patient, away=series.patient.away - there)
    return replace(series, patient=patient), calendar


def _not_busy(series: SeriesToPlace, calendar: ClinicCalendar, _: Change) -> Question:
    """A patient without other appointments."""
    return replace(series, patient=replace(series.patient, busy=())), calendar


def _candidates(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """More people open to this patient."""
    name, more = str(change["choice"]), tuple(cast(list[str], change["add"]))
    had = series.candidates.get(name, ())
    candidates = dict(series.candidates) | {name: tuple(dict.fromkeys((*had, *more)))}
    return replace(series, candidates=candidates), calendar


def _not_kept(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    """Another person may step in at some visits."""
    choices = tuple(
        replace(each, kept=each.kept and each.name != change["choice"]) for each in series.choices
    )
    return replace(series, choices=choices), calendar


def _start_by(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    on = None if change["on"] is None else date.fromisoformat(str(change["on"]))
    return replace(series, start_by=on), calendar


def _last_day(series: SeriesToPlace, calendar: ClinicCalendar, change: Change) -> Question:
    return replace(series, last_day=date.fromisoformat(str(change["on"]))), calendar


def _each_visit(
    series: SeriesToPlace, code: str, change: Callable[[VisitDefinition], VisitDefinition]
) -> SeriesToPlace:
    visits = tuple(change(each) if each.code == code else each for each in series.visits)
    return replace(series, visits=visits)


def _with(calendar: ClinicCalendar, bookable: Bookable) -> ClinicCalendar:
    return replace(calendar, bookables=dict(calendar.bookables) | {bookable.id: bookable})


def _plenty(hours: Hours) -> Hours:
    return replace(hours, capacity=PLENTY if hours.capacity > 0 else 0)


_KINDS: Mapping[str, Callable[[SeriesToPlace, ClinicCalendar, Change], Question]] = {
    "bookable-free": _free,
    "bookable-without-limit": _in_own_hours,
    "credentials-renewed": _renewed,
    "window": _window,
    "same-day": _same_day,
    "patient-hours": _patient_hours,
    "patient-not-away": _not_away,
    "patient-not-busy": _not_busy,
    "candidates": _candidates,
    "not-kept": _not_kept,
    "start-by": _start_by,
    "last-day": _last_day,
}
