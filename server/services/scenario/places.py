"""A scenario's clinic: its site and everything that can be claimed there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from server.domain.calendars import Bookable, WeeklyHours
from server.persistence.bookables import AvailabilityExceptionRow, AvailabilityRow, BookableRow
from server.persistence.clinics import ClinicRow, SiteRow
from server.persistence.database import db
from server.persistence.people import PractitionerRow
from server.persistence.types import new_id
from server.planner.files.scenario import Scenario
from server.services.clinic.bookables import MOST
from server.services.clinic.clinics import GRIDS
from server.services.scenario.codes import codes
from shared.vocabulary import BookableKind, Role

TREATS = {BookableKind.THERAPIST: Role.THERAPIST, BookableKind.PRESCRIBER: Role.PRESCRIBER}


@dataclass(frozen=True, kw_only=True)
class Place:
    """The site, and its bookables by their id in the scenario."""

    site: SiteRow
    bookables: dict[str, BookableRow]

    def code_of(self) -> dict[str, str]:
        """What each bookable is called in protocols."""
        return {name: row.code for name, row in self.bookables.items()}


def faults(scenario: Scenario) -> Iterator[str]:
    """What a clinic of the database cannot be: a line each, by the path in the file."""
    if scenario.grid_minutes not in GRIDS:
        yield f"grid_minutes: a clinic's grid is one of {', '.join(map(str, GRIDS))}"
    for n, bookable in enumerate(scenario.bookables.values()):
        if ceiling(bookable) > MOST:
            yield f"bookables[{n}]: holds more than {MOST} at once"


def make(scenario: Scenario, *, now: datetime) -> Place:
    """Add the whole of it to the present transaction."""
    clinic = ClinicRow(id=new_id(), title=scenario.name, made_at=now)
    site = SiteRow(
        id=new_id(),
        clinic_id=clinic.id,
        title=scenario.name,
        time_zone=scenario.zone.key,
        grid_minutes=scenario.grid_minutes,
    )
    for row in (clinic, site):
        db.session.add(row)
        db.session.flush()
    called, chosen = codes(scenario.bookables), _chosen(scenario)
    made = {
        name: _bookable(site, each, called[name], named=name in chosen)
        for name, each in scenario.bookables.items()
    }
    db.session.flush()
    return Place(site=site, bookables=made)


def ceiling(bookable: Bookable) -> int:
    """The most it ever holds; one at least, as everything a clinic owns."""
    begins = [(day, row.opens) for row in bookable.weekly for day in row.days]
    at_once = (_open(bookable.weekly, day, minute) for day, minute in begins)
    return max(1, *at_once, *(each.capacity for each in bookable.exceptions), 1)


def _open(weekly: tuple[WeeklyHours, ...], day: int, minute: int) -> int:
    return sum(
        row.capacity for row in weekly if day in row.days and row.opens <= minute < row.closes
    )


def _chosen(scenario: Scenario) -> set[str]:
    """The bookables that some patient may choose."""
    return {
        who
        for patient in scenario.patients
        for named in patient.candidates.values()
        for who in named
    }


def _bookable(site: SiteRow, bookable: Bookable, called: str, *, named: bool) -> BookableRow:
    capacity = ceiling(bookable)
    row = BookableRow(
        id=new_id(),
        clinic_id=site.clinic_id,
        site_id=site.id,
        kind=bookable.kind,
        code=called,
        title=bookable.id,
        capacity=capacity,
    )
    if named and capacity == 1 and bookable.kind in TREATS:
        row.practitioner_id = _practitioner(site, bookable)
    row.weekly, row.exceptions = list(_weekly(bookable)), list(_exceptions(bookable))
    db.session.add(row)
    return row


def _practitioner(site: SiteRow, bookable: Bookable) -> str:
    row = PractitionerRow(
        id=new_id(), clinic_id=site.clinic_id, title=bookable.id, role=TREATS[bookable.kind]
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _weekly(bookable: Bookable) -> Iterator[AvailabilityRow]:
    for place, row in enumerate(bookable.weekly):
        if row.capacity and row.days:
            yield AvailabilityRow(
                place=place,
                days=sorted(set(row.days)),
                opens=row.opens,
                closes=row.closes,
                capacity=row.capacity,
            )


def _exceptions(bookable: Bookable) -> Iterator[AvailabilityExceptionRow]:
    for place, each in enumerate(bookable.exceptions):
        yield AvailabilityExceptionRow(
            place=place,
            on=each.on,
            opens=each.opens,
            closes=each.closes,
            capacity=each.capacity,
            reason="",
        )
