"""A clinic's sites, each with its own clock, and the days on which they are closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.persistence import claims
from server.persistence import clinics as rows
from server.persistence.clinics import HolidayRow, SiteRow
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.services.access import Caller, require
from server.services.clinic import affected
from server.services.freshness import found, touch, unchanged
from server.services.record import audit
from server.services.refusals import Conflict, Invalid
from shared import instants

GRIDS = (5, 10, 15, 20, 30)
"""Minutes between the times at which a visit may begin."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedSite:
    """A site after its holidays changed, and the booked appointments that no longer fit."""

    site: SiteRow
    holiday: HolidayRow | None = None
    affected: list[str]


def opening_hours(by: Caller) -> Locks:
    """Held alone by whoever rewrites the hours that bookings of the clinic rely on."""
    return Locks(calendar=by.clinic_id, changes_calendar=True)


def sites(by: Caller) -> list[SiteRow]:
    """Every site, by title."""
    require(by, "clinic.read")
    return rows.sites(by.clinic_id)


def site(by: Caller, site_id: str) -> SiteRow:
    """One site."""
    require(by, "clinic.read")
    return found(rows.site(by.clinic_id, site_id))


def create_site(
    by: Caller, *, title: str, time_zone: str, grid_minutes: int, now: datetime
) -> SiteRow:
    """Open a site; its zone decides what its hours and days mean."""
    require(by, "clinic.change")
    with transaction(opening_hours(by)) as session:
        row = SiteRow(id=new_id(), clinic_id=by.clinic_id)
        _set(row, title, _zone(time_zone), _grid(grid_minutes))
        session.add(row)
        audit.changed(by, "clinic.change", now=now, subject_id=row.id, facts={"site": "made"})
    return row


def change_site(
    by: Caller,
    site_id: str,
    *,
    title: str,
    time_zone: str,
    grid_minutes: int,
    expected_version: int,
    now: datetime,
) -> SiteRow:
    """Rename a site or set its clock. Conflict where booked visits rely on the clock it has."""
    require(by, "clinic.change")
    with transaction(opening_hours(by)):
        row = unchanged(rows.site(by.clinic_id, site_id), expected_version)
        _require_steady_clock(row, _zone(time_zone), _grid(grid_minutes), now)
        _set(row, title, time_zone, grid_minutes)
        audit.changed(by, "clinic.change", now=now, subject_id=row.id, facts={"site": "changed"})
    return row


def holidays(by: Caller, site_id: str) -> list[HolidayRow]:
    """The days a site is closed, in order."""
    require(by, "clinic.read")
    return rows.closed_days(found(rows.site(by.clinic_id, site_id)).id)


def add_holiday(
    by: Caller, site_id: str, *, on: date, title: str, expected_version: int, now: datetime
) -> ChangedSite:
    """Close a site on a date. Says which booked appointments must be repaired."""
    require(by, "clinic.change")
    with transaction(opening_hours(by)) as session:
        site = unchanged(rows.site(by.clinic_id, site_id), expected_version)
        if on in rows.holidays(site.id):
            raise Conflict(f"{on.isoformat()} is a holiday here already.")
        row = HolidayRow(id=new_id(), clinic_id=by.clinic_id, site_id=site.id, on=on, title=title)
        session.add(row)
        touch(site)
        audit.changed(by, "clinic.change", now=now, subject_id=site.id, facts={"closed": str(on)})
        return ChangedSite(site=site, holiday=row, affected=affected.at_site(site, on, now=now))


def remove_holiday(
    by: Caller, site_id: str, holiday_id: str, *, expected_version: int, now: datetime
) -> ChangedSite:
    """Open a site again on a date."""
    require(by, "clinic.change")
    with transaction(opening_hours(by)) as session:
        site = unchanged(rows.site(by.clinic_id, site_id), expected_version)
        row = found(rows.holiday(site.id, holiday_id))
        session.delete(row)
        touch(site)
        facts: dict[str, object] = {"opened": str(row.on)}
        audit.changed(by, "clinic.change", now=now, subject_id=site.id, facts=facts)
        return ChangedSite(site=site, affected=[])


def _set(row: SiteRow, title: str, time_zone: str, grid_minutes: int) -> None:
    others = (each for each in rows.sites(row.clinic_id) if each.id != row.id)
    if any(each.title == title for each in others):
        raise Conflict("Another site of this clinic has that name.")
    row.title, row.time_zone, row.grid_minutes = title, time_zone, grid_minutes


def _zone(name: str) -> str:
    try:
        return instants.zone(name).key
    except ValueError as error:
        raise Invalid.field("time_zone", str(error)) from None


def _grid(minutes: int) -> int:
    if minutes not in GRIDS:
        raise Invalid.field("grid_minutes", f"one of {', '.join(map(str, GRIDS))}")
    return minutes


def _require_steady_clock(row: SiteRow, time_zone: str, grid_minutes: int, now: datetime) -> None:
    """A booked wall time must not become another one, nor fall off the grid."""
    booked = claims.beginnings(row.id, since=now - timedelta(days=1))
    if booked and time_zone != row.time_zone:
        raise Conflict(f"{len(booked)} booked visits go by the clock this site has.")
    if astray := sum(1 for _ in _off_grid(booked, ZoneInfo(time_zone), grid_minutes)):
        raise Conflict(f"{astray} booked visits would no longer begin on the grid.")


def _off_grid(booked: Iterable[datetime], zone: ZoneInfo, minutes: int) -> Iterable[datetime]:
    for at in booked:
        clock = at.astimezone(UTC).astimezone(zone)
        if (clock.hour * 60 + clock.minute) % minutes:
            yield at
