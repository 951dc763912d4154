"""A week of one site, by bookable: who claims what, when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from server.domain.calendars import Bookable
from server.domain.capacity import capacity_steps
from server.persistence import bookables, clinics, protocols
from server.persistence import week as rows
from server.persistence.bookables import BookableRow
from server.persistence.clinics import SiteRow
from server.persistence.transactions import transaction
from server.persistence.week import ClaimedStretch
from server.services import reach
from server.services.access import Caller, require
from server.services.planning import pictures
from server.services.record import audit
from server.services.refusals import NotFound

__all__ = ["Cell", "ClaimedStretch", "Line", "Week", "week"]

DAYS_SHOWN = 7


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One bookable on one local day: its claims in order, and how many it is open for when."""

    on: date
    claims: tuple[ClaimedStretch, ...]
    steps: tuple[tuple[datetime, int], ...]
    """(instant, units from then on), the first at midnight; the last holds to the day's end."""

    @property
    def capacity(self) -> int:
        """The most it is open for."""
        return max(units for _, units in self.steps)


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
    closed: Mapping[date, str]
    """The site's holidays by date, each with its name."""
    titles: Mapping[tuple[str, str], str]
    """What a visit is called, by protocol version and visit code."""
    movable: frozenset[str]
    """Ids of the appointments that this person may move."""
    reachable: frozenset[str]
    """Ids of the appointments whose patient's page this person may open."""

    @cached_property
    def zone(self) -> ZoneInfo:
        """The site's clock."""
        return ZoneInfo(self.site.time_zone)


def week(by: Caller, site_id: str | None, day: date | None, *, now: datetime) -> Week:
    """The week around a day (today if none) at a site (the clinic's first if none)."""
    require(by, "week.read")
    with transaction():
        site = site_or_first(by, site_id)
        zone = ZoneInfo(site.time_zone)
        day = day or now.astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        days = tuple(monday + timedelta(days=n) for n in range(DAYS_SHOWN))
        start, end = midnight(days[0], zone), midnight(days[-1] + timedelta(days=1), zone)
        closed = {row.on: row.title for row in clinics.closed_days(site.id)}
        found = bookables.at_site(by.clinic_id, site.id)
        ids = [each.id for each in found]
        claims = rows.claimed_between(site.id, ids, start=start, end=end)
        lines = _lines(found, days, claims, zone, closed)
        called = visit_titles(by.clinic_id, {each.protocol_version_id for each in claims})
        mine = _within_reach(by, claims)
        audit.looked(by, "week.read", {each.patient_id for each in claims}, now=now)
        return Week(
            site=site,
            days=days,
            lines=lines,
            closed=closed,
            titles=called,
            movable=frozenset(each.appointment_id for each in mine if _may_move(each, now)),
            reachable=frozenset(each.appointment_id for each in mine),
        )


def _within_reach(by: Caller, claims: Iterable[ClaimedStretch]) -> list[ClaimedStretch]:
    only = reach.only_patients(by, "appointments.move")
    return [each for each in claims if only is None or each.patient_id in only]


def _may_move(claim: ClaimedStretch, now: datetime) -> bool:
    return claim.visit_starts_at > now and claim.status in pictures.MOVABLE


def site_or_first(by: Caller, site_id: str | None) -> SiteRow:
    """A site of the clinic; its first if none is named."""
    found = clinics.site(by.clinic_id, site_id) if site_id else clinics.first_site(by.clinic_id)
    if found is None:
        raise NotFound
    return found


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time(), zone)


def visit_titles(clinic_id: str, version_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """What visits are called, by protocol version and visit code."""
    return {
        (version.id, visit.code): visit.title
        for version in protocols.versions_of(clinic_id, version_ids)
        for visit in pictures.read_protocol(version).visits
    }


def _lines(
    rows: Iterable[BookableRow],
    days: Iterable[date],
    claims: Iterable[ClaimedStretch],
    zone: ZoneInfo,
    closed: Iterable[date],
) -> tuple[Line, ...]:
    """One line a bookable; one that was retired only where something is still claimed of it."""
    by_place: dict[tuple[str, date], list[ClaimedStretch]] = defaultdict(list)
    for claim in claims:
        by_place[claim.bookable_id, claim.starts_at.astimezone(zone).date()].append(claim)
    claimed = {bookable_id for bookable_id, _ in by_place}
    return tuple(
        Line(bookable=row, cells=tuple(_cells(row.to_domain(closed), days, by_place, zone)))
        for row in rows
        if not row.retired or row.id in claimed
    )


def _cells(
    bookable: Bookable,
    days: Iterable[date],
    by_place: Mapping[tuple[str, date], list[ClaimedStretch]],
    zone: ZoneInfo,
) -> Iterator[Cell]:
    for day in days:
        start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
        steps = tuple(capacity_steps(bookable, start, end, zone))
        yield Cell(on=day, claims=tuple(by_place.get((bookable.id, day), ())), steps=steps)
