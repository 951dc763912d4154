"""Chairs, rooms, pools and practitioners: what appointments can claim, and how many there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from server.domain.opening_hours import weekly_faults
from server.persistence import bookables as rows
from server.persistence import claims, clinics
from server.persistence.bookables import BookableRow
from server.persistence.database import db
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.access import Caller, require
from server.services.clinic import affected
from server.services.clinic.clinics import opening_hours
from server.services.freshness import found, touch, unchanged
from server.services.record import audit
from server.services.refusals import Conflict, Invalid
from shared.vocabulary import BookableKind

MOST = 1000


@dataclass(kw_only=True)
class ChangedBookable:
    """A bookable after a change, and the booked appointments that no longer fit."""

    bookable: BookableRow
    affected: list[str] = field(default_factory=list)


def bookables(
    by: Caller,
    *,
    site_id: str | None = None,
    kind: BookableKind | None = None,
    page: int = 1,
    page_size: int = 100,
) -> tuple[list[BookableRow], int]:
    """A page of what can be claimed, by code, and how much there is."""
    require(by, "bookables.read")
    return rows.of_clinic(by.clinic_id, site_id=site_id, kind=kind, page=page, page_size=page_size)


def bookable(by: Caller, bookable_id: str) -> BookableRow:
    """One bookable with its hours."""
    require(by, "bookables.read")
    return found(rows.bookable(by.clinic_id, bookable_id))


def create(
    by: Caller,
    *,
    kind: BookableKind,
    code: str,
    title: str,
    site_id: str | None,
    capacity: int,
    now: datetime,
) -> BookableRow:
    """Add a chair, a room or a pool. It is closed until its weekly hours are given."""
    require(by, "bookables.change")
    with transaction(opening_hours(by)) as session:
        row = made(by, kind=kind, code=code, title=title, site_id=site_id, capacity=capacity)
        session.add(row)
        audit.changed(by, "bookables.change", now=now, subject_id=row.id, facts={"made": code})
    return row


def made(
    by: Caller, *, kind: BookableKind, code: str, title: str, site_id: str | None, capacity: int
) -> BookableRow:
    """A new bookable, for a transaction that holds the opening hours and may do this."""
    if site_id is not None and clinics.site(by.clinic_id, site_id) is None:
        raise Invalid.field("site_id", "there is no such site")
    if rows.coded(by.clinic_id, site_id, code):
        raise Conflict(f"There is something called {code} here already.")
    _require_ceiling(capacity, MOST)
    return BookableRow(
        id=new_id(),
        clinic_id=by.clinic_id,
        site_id=site_id,
        kind=kind,
        code=code,
        title=title,
        capacity=capacity,
    )


def change(
    by: Caller,
    bookable_id: str,
    *,
    title: str,
    capacity: int,
    expected_version: int,
    now: datetime,
) -> ChangedBookable:
    """Rename it, or set the most it can ever hold."""
    require(by, "bookables.change")
    with changing(by, bookable_id, expected_version, now) as done:
        done.bookable.title = title
        if capacity != done.bookable.capacity:
            _set_ceiling(done.bookable, capacity)
    return done


def retire(
    by: Caller, bookable_id: str, *, expected_version: int, now: datetime
) -> ChangedBookable:
    """Nothing more is booked on it; what is booked still must be repaired."""
    require(by, "bookables.change")
    with changing(by, bookable_id, expected_version, now) as done:
        done.bookable.retired = True
        done.affected = affected.appointments([done.bookable], now=now)
    return done


@contextmanager
def changing(
    by: Caller, bookable_id: str, expected_version: int, now: datetime
) -> Iterator[ChangedBookable]:
    """The transaction of one change: alone with the opening hours, counted, on record."""
    with transaction(opening_hours(by)) as session, session.no_autoflush:  # one change, one version
        row = unchanged(rows.bookable(by.clinic_id, bookable_id), expected_version)
        touch(row)
        done = ChangedBookable(bookable=row)
        yield done
        facts: dict[str, object] = {"affected": len(done.affected)}
        audit.changed(by, "bookables.change", now=now, subject_id=row.id, facts=facts)


def _set_ceiling(row: BookableRow, capacity: int) -> None:
    _require_ceiling(capacity, 1 if row.practitioner_id else MOST)
    if (taken := claims.most_at_once(row.id)) > capacity:
        raise Conflict(f"{taken} were claimed at once; lower the weekly hours instead.")
    if weekly_faults([each.to_domain() for each in row.weekly], most=capacity):
        raise Conflict("Its weekly hours hold more than that; lower them first.")
    if any(each.capacity > capacity for each in row.exceptions):
        raise Conflict("On some dates it holds more than that; remove those exceptions first.")
    row.capacity = capacity
    db.session.flush()
    claims.set_exclusive(row.id, exclusive=capacity == 1)


def _require_ceiling(capacity: int, most: int) -> None:
    if not 1 <= capacity <= most:
        raise Invalid.field("capacity", "one person is one" if most == 1 else f"from 1 to {most}")
