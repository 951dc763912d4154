"""What-if changes of a scenario, as written on a command line: "chairs.capacity=7".

| written | means |
|---|---|
| `chairs.capacity=7` | every weekly row of that bookable holds 7 |
| `th-1.away=2027-02-01..2027-02-05` | none of it on these days, both inclusive; one day suffices |
| `closed=fri` | every bookable closed on that weekday |
| `closed=2027-02-15` | every bookable closed on that day |
| `like=th-1` | one more of the same hours, eligible wherever that one is, as the last choice |
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta

from server.domain.calendars import AvailabilityException, Bookable
from server.planner.files.entries import FileFaults
from server.planner.files.scenario import Scenario

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST = 1000


def changed(scenario: Scenario, changes: Iterable[str]) -> Scenario:
    """The scenario after all changes, in order. Raises FileFaults naming what means nothing."""
    faults = []
    for each in changes:
        try:
            scenario = _changed(scenario, each)
        except ValueError as fault:
            faults.append(f"--change {each}: {fault}")
    if faults:
        raise FileFaults(faults)
    return scenario


def _changed(scenario: Scenario, change: str) -> Scenario:
    what, equals, value = change.partition("=")
    if not equals:
        raise ValueError('must be written like "chairs.capacity=7"')
    whole: dict[str, Callable[[Scenario, str], Scenario]] = {"closed": _closed, "like": _one_more}
    if what in whole:
        return whole[what](scenario, value)
    name, dot, part = what.rpartition(".")
    parts = {"capacity": _capacity, "away": _away}
    if not dot or part not in parts:
        raise ValueError("must change a capacity, or say who is away, what is closed, or like whom")
    if name not in scenario.bookables:
        raise ValueError(f"{name} is no bookable of the scenario")
    return _with(scenario, parts[part](scenario.bookables[name], value))


def _with(scenario: Scenario, bookable: Bookable) -> Scenario:
    return replace(scenario, bookables={**scenario.bookables, bookable.id: bookable})


def _capacity(bookable: Bookable, value: str) -> Bookable:
    if not value.isdecimal() or int(value) > MOST:
        raise ValueError(f"must be a whole number from 0 to {MOST}")
    rows = tuple(replace(row, capacity=int(value)) for row in bookable.weekly)
    return replace(bookable, weekly=rows)


def _away(bookable: Bookable, value: str) -> Bookable:
    first, dots, last = value.partition("..")
    begin = date.fromisoformat(first)
    end = date.fromisoformat(last) if dots else begin
    if not 0 <= (end - begin).days <= MOST:
        raise ValueError("must be a day, or two with the later one last")
    days = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return _off(bookable, days)


def _off(bookable: Bookable, days: Iterable[date]) -> Bookable:
    closed = tuple(AvailabilityException(on=on) for on in days)
    return replace(bookable, exceptions=(*bookable.exceptions, *closed))


def _closed(scenario: Scenario, value: str) -> Scenario:
    if value in WEEKDAYS:
        span = (scenario.last_day - scenario.first_day).days + 1
        days = [scenario.first_day + timedelta(days=n) for n in range(span)]
        days = [on for on in days if on.weekday() == WEEKDAYS.index(value)]
    else:
        days = [date.fromisoformat(value)]
    found = {name: _off(one, days) for name, one in scenario.bookables.items()}
    return replace(scenario, bookables=found)


def _one_more(scenario: Scenario, name: str) -> Scenario:
    if name not in scenario.bookables:
        raise ValueError(f"{name} is no bookable of the scenario")
    number = 2
    while (new := f"{re.sub(r'-copy-[0-9]+$', '', name)}-copy-{number}") in scenario.bookables:
        number += 1
    patients = tuple(
        replace(
            patient,
            candidates={
                choice: (*who, new) if name in who else who
                for choice, who in patient.candidates.items()
            },
        )
        for patient in scenario.patients
    )
    more = _with(scenario, replace(scenario.bookables[name], id=new))
    return replace(more, patients=patients)
