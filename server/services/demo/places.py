"""Two sites in two time zones: chairs, rooms, nurses, prescribers, therapists and their hours."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from server.persistence.bookables import AvailabilityExceptionRow, AvailabilityRow, BookableRow
from server.persistence.clinics import ClinicRow, HolidayRow, SiteRow
from server.persistence.database import db
from server.persistence.people import CredentialRow, PractitionerRow
from server.persistence.types import new_id
from shared.vocabulary import BookableKind, Role

WEEKDAYS = [0, 1, 2, 3, 4]
Hours = tuple[list[int], str, str, int]
"""Weekdays, from, to, capacity."""
Pools = dict[str, tuple[BookableKind, str, list[Hours]]]
"""By code: the kind, what it is called, and when."""


@dataclass
class Site:
    """A site and what was made for it, by code."""

    row: SiteRow
    bookables: dict[str, BookableRow] = field(default_factory=dict)


@dataclass
class Clinic:
    """The demo clinic with its sites and practitioners by code."""

    row: ClinicRow
    harbour: Site
    mesa: Site
    practitioners: dict[str, PractitionerRow] = field(default_factory=dict)


HARBOUR_POOLS: Pools = {
    "chairs": (BookableKind.CHAIR, "Infusion chairs", [(WEEKDAYS, "08:00", "18:00", 4)]),
    # Each nurse counts two units: one to one while infusing, one to two while observing.
    "nurses": (
        BookableKind.NURSE,
        "Nurses (2 units each)",
        [(WEEKDAYS, "08:00", "18:00", 4), (WEEKDAYS, "09:00", "12:00", 2)],
    ),
    "prescriber-on-site": (
        BookableKind.PRESCRIBER,
        "Prescriber on site",
        [(WEEKDAYS, "08:00", "18:00", 1)],
    ),
    "therapy-rooms": (BookableKind.ROOM, "Therapy rooms", [(WEEKDAYS, "08:00", "19:00", 4)]),
}
MESA_POOLS: Pools = {
    "chairs": (BookableKind.CHAIR, "Infusion chairs", [(WEEKDAYS, "08:00", "17:00", 2)]),
    "nurses": (BookableKind.NURSE, "Nurses (2 units each)", [(WEEKDAYS, "08:00", "17:00", 4)]),
    "prescriber-on-site": (
        BookableKind.PRESCRIBER,
        "Prescriber on site",
        [(WEEKDAYS, "08:00", "17:00", 1)],
    ),
    "therapy-rooms": (BookableKind.ROOM, "Therapy rooms", [(WEEKDAYS, "08:00", "18:00", 3)]),
}
THERAPISTS: list[tuple[str, str, str, list[Hours]]] = [
    ("theo", "Theo Bookish, therapist", "harbour", [(WEEKDAYS, "09:00", "17:00", 1)]),
    ("tess", "Tess Inkwell, therapist", "harbour", [(WEEKDAYS, "08:00", "16:00", 1)]),
    ("tariq", "Tariq Margin, therapist", "harbour", [([0, 1, 3], "10:00", "19:00", 1)]),
    ("thea", "Thea Parchment, therapist", "harbour", [([1, 2, 3, 4], "09:00", "18:00", 1)]),
    ("tomas", "Tomás Quill, therapist", "harbour", [(WEEKDAYS, "12:00", "19:00", 1)]),
    ("tilda", "Tilda Folio, therapist", "mesa", [(WEEKDAYS, "09:00", "17:00", 1)]),
    ("tunde", "Tunde Stanza, therapist", "mesa", [([0, 1, 2, 4], "08:00", "17:00", 1)]),
    ("tova", "Tova Verse, therapist", "mesa", [([1, 2, 3, 4], "10:00", "18:00", 1)]),
]
PRESCRIBERS: list[tuple[str, str, str, list[Hours]]] = [
    ("drew", "Drew Margrave, prescriber", "harbour", [(WEEKDAYS, "08:00", "16:00", 1)]),
    ("dana", "Dana Colophon, prescriber", "mesa", [(WEEKDAYS, "08:00", "16:00", 1)]),
]

ENDING = {"tomas": 52}
"""Whose licence ends soon, in so many days."""


def make(*, now: datetime, today: date) -> Clinic:
    """Add the whole clinic to the present transaction."""
    row = ClinicRow(id=new_id(), title="Harbour and Mesa (demonstration)", made_at=now)
    clinic = Clinic(
        row=row,
        harbour=_site(row, "Harbour", "America/New_York", HARBOUR_POOLS),
        mesa=_site(row, "Mesa", "America/Denver", MESA_POOLS),
    )
    db.session.add_all([row, clinic.harbour.row, clinic.mesa.row])
    db.session.flush()
    for code, title, where, hours in THERAPISTS:
        _practitioner(clinic, (code, title, where), Role.THERAPIST, hours, today)
    for code, title, where, hours in PRESCRIBERS:
        _practitioner(clinic, (code, title, where), Role.PRESCRIBER, hours, today)
    for site in (clinic.harbour, clinic.mesa):
        db.session.add_all(site.bookables.values())
    _interruptions(clinic, today)
    return clinic


def _site(clinic: ClinicRow, title: str, zone: str, pools: Pools) -> Site:
    row = SiteRow(id=new_id(), clinic_id=clinic.id, title=title, time_zone=zone, grid_minutes=15)
    site = Site(row=row)
    for code, (kind, name, hours) in pools.items():
        site.bookables[code] = bookable(row, code, kind, name, hours)
    return site


def bookable(
    site: SiteRow, code: str, kind: BookableKind, title: str, hours: list[Hours]
) -> BookableRow:
    """A bookable with its weekly hours; its ceiling is the most its rows add up to."""
    return BookableRow(
        id=new_id(),
        clinic_id=site.clinic_id,
        site_id=site.id,
        kind=kind,
        code=code,
        title=title,
        capacity=sum(most for *_, most in hours) if len(hours) > 1 else hours[0][3],
        weekly=weekly(hours),
        exceptions=[],
    )


def weekly(hours: Iterable[Hours]) -> list[AvailabilityRow]:
    """Rows of availability in the order given."""
    return [
        AvailabilityRow(
            place=place, days=days, opens=_minutes(opens), closes=_minutes(closes), capacity=most
        )
        for place, (days, opens, closes, most) in enumerate(hours)
    ]


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _practitioner(
    clinic: Clinic, who: tuple[str, str, str], role: Role, hours: list[Hours], today: date
) -> None:
    code, title, where = who
    site = clinic.harbour if where == "harbour" else clinic.mesa
    row = PractitionerRow(id=new_id(), clinic_id=clinic.row.id, title=title, role=role)
    days = ENDING.get(code, 400)
    licence = CredentialRow(title="Licence (invented)", expires_on=today + timedelta(days=days))
    row.credentials = [licence]
    clinic.practitioners[code] = row
    db.session.add(row)
    db.session.flush()
    kind = BookableKind.THERAPIST if role is Role.THERAPIST else BookableKind.PRESCRIBER
    made = bookable(site.row, code, kind, title, hours)
    made.practitioner_id = row.id
    site.bookables[code] = made


def _interruptions(clinic: Clinic, today: date) -> None:
    """A closed day, a week of leave, a chair out of service: a plan has to go round them."""
    monday = today - timedelta(days=today.weekday()) + timedelta(days=14)
    for site in (clinic.harbour, clinic.mesa):
        db.session.add(
            HolidayRow(
                clinic_id=clinic.row.id,
                site_id=site.row.id,
                on=monday + timedelta(days=3),
                title="Founders' day (invented)",
            )
        )
    for offset in range(5):
        day = monday + timedelta(days=7 + offset)
        clinic.harbour.bookables["tariq"].exceptions.append(
            AvailabilityExceptionRow(place=offset, on=day, capacity=0, reason="leave")
        )
    clinic.mesa.bookables["chairs"].exceptions.append(
        AvailabilityExceptionRow(
            place=0, on=today + timedelta(days=21), capacity=1, reason="one chair in repair"
        )
    )
