"""Today at one site: one line a visit, and a mark that tells whether anything is different."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain.stages import before, following
from server.persistence import day, waiting
from server.persistence.clinics import SiteRow
from server.persistence.day import DayVisit
from server.persistence.transactions import transaction
from server.services import reach
from server.services.access import ACTIONS, Caller, require
from server.services.days import weeks
from server.services.record import audit
from shared.vocabulary import AppointmentStatus

__all__ = ["Board", "DayVisit", "before", "board", "following", "is_late", "is_long", "mark"]

LATE_AFTER = timedelta(minutes=5)
LONG_AFTER = timedelta(minutes=15)
COMES = (AppointmentStatus.PENDING, AppointmentStatus.BOOKED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Freed:
    """A time that came free, whether the waiting list was asked, and how many of it."""

    id: str
    offered: bool
    asked: int


@dataclass(frozen=True, kw_only=True)
class Board:
    """The visits of a site's day, and which of them this person may change."""

    site: SiteRow
    on: date
    visits: tuple[DayVisit, ...]
    titles: Mapping[tuple[str, str], str]
    """What a visit is called, by protocol version and visit code."""
    claimed: Mapping[str, list[str]]
    """Whom and what each appointment takes, by its id."""
    parts: Mapping[tuple[str, str], tuple[datetime, datetime]]
    """From when to when each part of an infusion under way is planned, by id and part."""
    freed: Mapping[str, Freed]
    """Times still to be had that a cancelled appointment gave up, by its id."""
    changeable: frozenset[str]
    """Ids of the appointments whose status this person may change."""

    @property
    def zone(self) -> ZoneInfo:
        """The site's clock."""
        return ZoneInfo(self.site.time_zone)


def board(by: Caller, site_id: str | None, *, now: datetime) -> Board:
    """Today's visits at a site (the clinic's first if none); that somebody looked is on record."""
    require(by, "week.read")
    with transaction():
        site, on, start, end = _today(by, site_id, now)
        visits = day.visits(by.clinic_id, site.id, start=start, end=end)
        titles = weeks.visit_titles(by.clinic_id, {each.protocol_version_id for each in visits})
        audit.looked(by, "week.read", {each.patient_id for each in visits}, now=now)
        return Board(
            site=site,
            on=on,
            visits=tuple(visits),
            titles=titles,
            parts=day.parts([v.appointment_id for v in visits if v.status == "arrived"]),
            freed=_freed(visits, now),
            claimed=day.claimed([each.appointment_id for each in visits]),
            changeable=_changeable(by, visits),
        )


def _freed(visits: list[DayVisit], now: datetime) -> dict[str, Freed]:
    gone = [v.appointment_id for v in visits if v.status == "cancelled" and v.starts_at > now]
    return {
        row.appointment_id: Freed(id=row.id, offered=row.offered, asked=len(row.offers))
        for row in (waiting.freed_by(gone) if gone else ())
    }


def mark(by: Caller, site_id: str | None, *, now: datetime) -> str:
    """The same as long as the board would be. One query, no names, nothing written: browsers ask
    for it every other second."""
    require(by, "week.read")
    site, on, start, end = _today(by, site_id, now)
    rows = day.marks(by.clinic_id, site.id, start=start, end=end)
    passed = [(is_late(*row[4:8], now=now), is_long(row[4], row[6], now=now)) for row in rows]  # type: ignore[arg-type]
    said = repr((by.user_id, by.role, site.id, site.version, on, rows, passed))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def is_late(
    status: str,
    starts_at: datetime,
    _ends_at: datetime,
    patient_from: datetime | None,
    *,
    now: datetime,
) -> bool:
    """Whether the patient should have been here some minutes ago."""
    return status in COMES and now >= (patient_from or starts_at) + LATE_AFTER


def is_long(status: str, ends_at: datetime, *, now: datetime) -> bool:
    """Whether a visit that began should be over, and nobody has said that it is."""
    return status == AppointmentStatus.ARRIVED and now >= ends_at + LONG_AFTER


def _today(
    by: Caller, site_id: str | None, now: datetime
) -> tuple[SiteRow, date, datetime, datetime]:
    site = weeks.site_or_first(by, site_id)
    zone = ZoneInfo(site.time_zone)
    on = now.astimezone(zone).date()
    return site, on, weeks.midnight(on, zone), weeks.midnight(on + timedelta(days=1), zone)


def _changeable(by: Caller, visits: list[DayVisit]) -> frozenset[str]:
    if by.role not in ACTIONS["appointments.progress"]:
        return frozenset()
    only = reach.only_patients(by, "appointments.progress")
    return frozenset(v.appointment_id for v in visits if only is None or v.patient_id in only)
