"""Reads a tandem.scenario/1 file: every fault named by its path, unknown keys refused."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from server.domain.calendars import AvailabilityException, Bookable, PatientTimes, WeeklyHours
from server.domain.placement import Weights
from server.planner.files.entries import (
    Entry,
    FileFaults,
    as_clock,
    as_date,
    as_instant,
    as_text,
    kind_of,
    word_of,
)
from server.planner.files.reading_booked import booked_of
from server.planner.files.reading_protocols import protocol_of
from server.planner.files.scenario import FORMAT, Scenario, ScenarioPatient, ScenarioProtocol
from shared.vocabulary import BookableKind, DayPart


class Named(Protocol):
    """What a list of a scenario holds."""

    @property
    def id(self) -> str:
        """The name by which the rest of the file means it."""


T = TypeVar("T", bound=Named)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = timedelta(days=3700)
NEVER = date(2000, 1, 1)


def read_scenario(content: object) -> Scenario:
    """The scenario that parsed JSON holds. Raises FileFaults naming every fault."""
    faults: list[str] = []
    top = Entry(content, "", faults)
    if faults:
        raise FileFaults(faults)
    found = _scenario(top)
    top.finish()
    if faults:
        raise FileFaults(faults)
    return found


def _scenario(top: Entry) -> Scenario:
    if top.text("format") not in ("", FORMAT):
        top.fault("format", f"must be {FORMAT}")
    grid = top.whole("grid_minutes", 1, 60)
    if 60 % grid:
        top.fault("grid_minutes", "must divide 60")
        grid = 1
    first, last = _days(top)
    zone = top.read("time_zone", _zone, ZoneInfo("UTC"))
    bookables = _unique(top, "bookables", _bookable)
    protocols = _unique(top, "protocols", lambda each: protocol_of(each, grid, bookables))
    patients = _unique(top, "patients", lambda each: _patient(each, protocols, bookables))
    return Scenario(
        name=top.text("name"),
        zone=zone,
        grid_minutes=grid,
        first_day=first,
        last_day=last,
        now=top.read("now", as_instant, as_instant("2000-01-01T00:00:00+00:00")),
        weights=_weights(top.inside("weights")),
        bookables=bookables,
        protocols=protocols,
        patients=tuple(patients.values()),
        booked=booked_of(top, patients, bookables),
    )


def _days(top: Entry) -> tuple[date, date]:
    first, last = top.read("first_day", as_date, NEVER), top.read("last_day", as_date, NEVER)
    if NEVER not in (first, last):
        if last < first:
            top.fault("last_day", "is before first_day")
        elif last - first > LONGEST:
            top.fault("last_day", f"is more than {LONGEST.days} days after first_day")
    return first, last


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(as_text(value))
    except (KeyError, OSError, ValueError) as error:
        raise ValueError("is not a time zone like America/New_York") from error


def _weights(entry: Entry) -> Weights:
    names = ("unplaced", "delay_day", "not_first_choice", "against_preference")
    found = {name: entry.whole(name, 0, 10**6) for name in names}
    entry.finish()
    return Weights(**found, off_target_day=0)


def _unique(top: Entry, key: str, read: Callable[[Entry], T]) -> dict[str, T]:
    """The objects of a list by their id, which must be different."""
    found: dict[str, T] = {}
    for each in top.objects(key):
        one = read(each)
        if one.id in found and one.id:
            each.fault("id", "is there twice")
        found[one.id] = one
        each.finish()
    return found


def _bookable(entry: Entry) -> Bookable:
    return Bookable(
        id=entry.text("id"),
        kind=entry.read("kind", kind_of(BookableKind, BookableKind.ROOM), BookableKind.ROOM),
        weekly=weekly_of(entry, capacities=True),
        exceptions=tuple(_exception(each) for each in entry.objects("exceptions", needed=False)),
    )


def weekly_of(entry: Entry, *, capacities: bool) -> tuple[WeeklyHours, ...]:
    """The weekly rows of a bookable or (without capacities) of a patient."""
    return tuple(_row(each, capacities) for each in entry.objects("weekly", needed=capacities))


def _row(entry: Entry, capacities: bool) -> WeeklyHours:
    days = entry.items("days", _weekday)
    opens, closes = entry.read("from", as_clock, 0), entry.read("to", as_clock, 1440)
    if closes <= opens:
        entry.fault("to", "must be after from")
    capacity = entry.whole("capacity", 0, 10000, default=1) if capacities else 1
    entry.finish()
    return WeeklyHours(days=tuple(days), opens=opens, closes=closes, capacity=capacity)


def _weekday(value: object) -> int:
    if value not in DAYS:
        raise ValueError(f"must be one of {', '.join(DAYS)}")
    return DAYS.index(str(value))


def _exception(entry: Entry) -> AvailabilityException:
    on, capacity = entry.read("day", as_date, NEVER), entry.whole("capacity", 0, 10000, default=1)
    opens = closes = None
    if entry.has("from") or entry.has("to"):
        opens, closes = entry.read("from", as_clock, 0), entry.read("to", as_clock, 1440)
        if closes <= opens:
            entry.fault("to", "must be after from")
    entry.finish()
    return AvailabilityException(on=on, opens=opens, closes=closes, capacity=capacity)


def _patient(
    entry: Entry, protocols: dict[str, ScenarioProtocol], bookables: Collection[str]
) -> ScenarioPatient:
    named = entry.text("protocol")
    if named and named not in protocols:
        entry.fault("protocol", "names no protocol of this file")
    protocol = protocols.get(named, ScenarioProtocol(visits=(), start_visit="", choices=()))
    weekly = weekly_of(entry, capacities=False) if entry.has("weekly") else None
    away = entry.items("away", as_date, needed=False)
    prefers = entry.read("prefers", word_of(DayPart), None, needed=False)
    return ScenarioPatient(
        id=entry.text("id"),
        protocol=protocol,
        ready_on=entry.read("ready_on", as_date, NEVER),
        start_by=entry.read("start_by", as_date, None, needed=False),
        priority=entry.whole("priority", 0, 10**6, default=1),
        candidates=_candidates(entry, protocol, bookables),
        times=PatientTimes(weekly=weekly, away=frozenset(away), prefers=prefers),
    )


def _candidates(
    entry: Entry, protocol: ScenarioProtocol, bookables: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Who may be chosen, for every choice of the protocol and no other."""
    choices = entry.inside("choices", needed=bool(protocol.choices))
    names = [each.name for each in protocol.choices]
    for name in set(choices.names()) - set(names):
        if protocol.visits:
            choices.fault(name, "is no choice of the protocol")
    found = {}
    for name in names:
        found[name] = tuple(choices.items(name, as_text))
        seen = set[str]()
        for n, who in enumerate(found[name]):
            if who not in bookables:
                choices.fault(f"{name}[{n}]", "names no bookable of this file")
            elif who in seen:
                choices.fault(f"{name}[{n}]", "is there twice")
            seen.add(who)
    return found
