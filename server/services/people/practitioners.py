"""Those who treat: their role, what allows them to, and how appointments claim them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from server.persistence import bookables as bookable_rows
from server.persistence import people
from server.persistence.people import CredentialRow, PractitionerRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.access import Caller, require
from server.services.clinic import affected, bookables
from server.services.clinic.clinics import opening_hours
from server.services.freshness import found, touch, unchanged
from server.services.record import audit
from server.services.refusals import Conflict, Invalid
from shared.vocabulary import BookableKind, Role

CLAIMED_AS = {
    Role.THERAPIST: BookableKind.THERAPIST,
    Role.PRESCRIBER: BookableKind.PRESCRIBER,
    Role.NURSE: None,
}
"""A therapist or prescriber is claimed by name, a nurse from the pool of nurses on duty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential:
    """A licence or certificate, and the last date it allows."""

    title: str
    expires_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPractitioner:
    """Somebody to add. Without a site they work at every one; without a code one is made up."""

    title: str
    role: Role
    site_id: str | None = None
    code: str | None = None
    credentials: tuple[Credential, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedPractitioner:
    """A practitioner after a change, and the booked appointments that no longer fit."""

    practitioner: PractitionerRow
    affected: list[str] = field(default_factory=list)


def practitioners(
    by: Caller, *, page: int = 1, page_size: int = 100
) -> tuple[list[PractitionerRow], int]:
    """A page of those who treat, by name, and how many there are."""
    require(by, "practitioners.read")
    return people.practitioners(by.clinic_id, page=page, page_size=page_size)


def practitioner(by: Caller, practitioner_id: str) -> PractitionerRow:
    """One of them."""
    require(by, "practitioners.read")
    return found(people.practitioner(by.clinic_id, practitioner_id))


def create(by: Caller, new: NewPractitioner, *, now: datetime) -> PractitionerRow:
    """Add somebody who treats; a therapist or prescriber can then be claimed by a code."""
    require(by, "practitioners.change")
    with transaction(opening_hours(by)) as session:
        row = made(by, new)
        session.add(row)
        facts: dict[str, object] = {"role": new.role}
        audit.changed(by, "practitioners.change", now=now, subject_id=row.id, facts=facts)
    return row


def made(by: Caller, new: NewPractitioner) -> PractitionerRow:
    """A new practitioner, for a transaction that holds the opening hours and may do this."""
    if new.role not in CLAIMED_AS:
        raise Invalid.field("role", f"one of {', '.join(CLAIMED_AS)}")
    row = PractitionerRow(
        id=new_id(), clinic_id=by.clinic_id, title=new.title, role=new.role, bookable=None
    )
    row.credentials = _credential_rows(new.credentials)
    if kind := CLAIMED_AS[new.role]:
        row.bookable = bookables.made(
            by,
            kind=kind,
            code=new.code or _free_code(by.clinic_id, new.title),
            title=new.title,
            site_id=new.site_id,
            capacity=1,
        )
    return row


def change(
    by: Caller,
    practitioner_id: str,
    *,
    title: str,
    credentials: Iterable[Credential],
    expected_version: int,
    now: datetime,
) -> ChangedPractitioner:
    """Rename somebody or renew what allows them to treat. Past its date nobody is claimed."""
    require(by, "practitioners.change")
    with transaction(opening_hours(by)) as session:
        row = unchanged(people.practitioner(by.clinic_id, practitioner_id), expected_version)
        row.credentials.clear()
        session.flush()  # the old go first: a title may stand only once
        row.title, row.credentials = title, _credential_rows(credentials)
        touch(row)
        done = ChangedPractitioner(practitioner=row, affected=_follow(row, now))
        audit.changed(by, "practitioners.change", now=now, subject_id=row.id)
    return done


def _follow(row: PractitionerRow, now: datetime) -> list[str]:
    """Their bookable bears the same name; what was booked past an expiry must be repaired."""
    if row.bookable is None:
        return []
    if row.bookable.title != row.title:
        row.bookable.title = row.title
    return affected.appointments([row.bookable], now=now)


def _credential_rows(credentials: Iterable[Credential]) -> list[CredentialRow]:
    given = list(credentials)
    if len({each.title for each in given}) < len(given):
        raise Invalid.field("credentials", "name each credential once")
    return [CredentialRow(title=each.title, expires_on=each.expires_on) for each in given]


def _free_code(clinic_id: str, title: str) -> str:
    """The name as a code; the second of that name gets a number."""
    stem = re.sub("[^a-z0-9]+", "-", people.name_key(title)).strip("-")[:60] or "practitioner"
    for number in range(1, 1000):
        code = stem if number == 1 else f"{stem}-{number}"
        if not bookable_rows.coded(clinic_id, None, code):
            return code
    raise Conflict("Give a code: too many have this name.")
