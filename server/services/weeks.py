"""A week of one site, by bookable: who claims what, when."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.domain.calendars import Bookable
from server.domain.capacity import capacity_steps
from server.persistence import appointments, bookables, clinics
from server.persistence.appointments import ClaimedStretch
from server.persistence.bookables import BookableRow
from server.persistence.clinics import SiteRow
from server.persistence.transactions import transaction
from server.services import audit
from server.services.access import Caller, require
from server.services.refusals import NotFound

DAYS_SHOWN = 7


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One bookable on one local day: its claims in order, and the most it is open for."""

    on: date
    claims: tuple[ClaimedStretch, ...]
    capacity: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One bookable through the week."""

    bookable: BookableRow
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Week:
    """Seven local days of a site from a Monday."""

    site: SiteRow
    days: tuple[date, ...]
    lines: tuple[Line, ...]
    closed: frozenset[date]

    @property
    def zone(self) -> ZoneInfo:
        """The site's clock."""
        return ZoneInfo(self.site.time_zone)


def week(by: Caller, site_id: str | None, day: date | None, *, now: datetime) -> Week:
    """The week around a day (today if none) at a site (the clinic's first if none)."""
    require(by, "week.read")
    with transaction():
        site = _site(by, site_id)
        zone = ZoneInfo(site.time_zone)
        day = day or now.astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        days = tuple(monday + timedelta(days=n) for n in range(DAYS_SHOWN))
        start, end = _midnight(days[0], zone), _midnight(days[-1] + timedelta(days=1), zone)
        claims = appointments.claimed_between(by.clinic_id, site.id, start=start, end=end)
        closed = frozenset(clinics.holidays(site.id))
        rows = bookables.at_site(by.clinic_id, site.id)
        lines = tuple(_line(row, days, claims, zone, closed) for row in rows if not row.retired)
        audit.looked(by, "week.read", {each.patient_id for each in claims}, now=now)
        return Week(site=site, days=days, lines=lines, closed=closed)


def _site(by: Caller, site_id: str | None) -> SiteRow:
    found = clinics.site(by.clinic_id, site_id) if site_id else clinics.first_site(by.clinic_id)
    if found is None:
        raise NotFound
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _line(
    row: BookableRow,
    days: Iterable[date],
    claims: Iterable[ClaimedStretch],
    zone: ZoneInfo,
    closed: frozenset[date],
) -> Line:
    by_day: dict[date, list[ClaimedStretch]] = defaultdict(list)
    for claim in claims:
        if claim.bookable_id == row.id:
            by_day[claim.starts_at.astimezone(zone).date()].append(claim)
    bookable = row.to_domain(closed)
    cells = tuple(
        Cell(on=day, claims=tuple(by_day[day]), capacity=_most(bookable, day, zone)) for day in days
    )
    return Line(bookable=row, cells=cells)


def _most(bookable: Bookable, day: date, zone: ZoneInfo) -> int:
    start, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    return max((step[-1] for step in capacity_steps(bookable, start, end, zone)), default=0)
