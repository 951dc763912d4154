"""How the clinic stands at this moment, for whoever looks after it: today, what waits for somebody,
whether messages go out, what ends soon, and how full the chairs are. Counted; no patient named."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from server.domain import protocol_safety
from server.domain.capacity import capacity_steps
from server.persistence import bookables, care_figures, clinic_figures, clinics, protocols
from server.persistence.clinics import SiteRow
from server.persistence.transactions import transaction
from server.services.access import Caller, require
from server.services.record import clock
from shared.vocabulary import AppointmentStatus, BookableKind, VersionStatus

DAYS_AHEAD = 14
SOON = timedelta(days=60)
"""A licence that ends within it is told of."""
LATE = timedelta(minutes=10)
"""A message that should have gone so long ago is stuck."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteDay:
    """One site today: visits by what became of them."""

    title: str
    site_id: str
    visits: int
    done: int
    here: int
    missed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ChairDay:
    """The chairs of a site on one day, in minutes that there are and that are taken."""

    on: date
    open_minutes: int
    taken_minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """What somebody treats by, and its last day."""

    who: str
    what: str
    last_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsigned:
    """An edition with fields that a prescriber has yet to sign."""

    version_id: str
    protocol: str
    number: int
    fields: int


@dataclass(frozen=True, kw_only=True)
class Health:
    """All of it."""

    sites: tuple[SiteDay, ...]
    chairs: tuple[tuple[str, tuple[ChairDay, ...]], ...]
    """By site."""
    alerts: int
    alerts_since: datetime | None
    follow_ups: int
    overdue: int
    without_times: int
    waiting: int
    freed: int
    failed: int
    stuck: int
    clock_late: bool
    ending: tuple[Ending, ...]
    unsigned: tuple[Unsigned, ...]


def health(by: Caller, *, now: datetime) -> Health:
    """How it stands."""
    require(by, "health.read")
    with transaction():
        clinic_id, sites = by.clinic_id, clinics.sites(by.clinic_id)
        alerts, since = clinic_figures.untaken_alerts(clinic_id)
        waiting, freed = clinic_figures.waiting(clinic_id, now)
        failed, stuck = clinic_figures.messages(
            clinic_id, since=now - timedelta(days=7), late=now - LATE
        )
        return Health(
            sites=tuple(_today(site, now) for site in sites),
            chairs=tuple((site.title, tuple(_chairs(site, now))) for site in sites),
            alerts=alerts,
            alerts_since=since,
            follow_ups=clinic_figures.open_follow_ups(clinic_id),
            overdue=clinic_figures.overdue_check_ins(clinic_id, now),
            without_times=clinic_figures.series_without_times(clinic_id),
            waiting=waiting,
            freed=freed,
            failed=failed,
            stuck=stuck,
            clock_late=clock.is_late(),
            ending=tuple(_ending(clinic_id, now.date())),
            unsigned=tuple(_unsigned(clinic_id)),
        )


def _today(site: SiteRow, now: datetime) -> SiteDay:
    zone = ZoneInfo(site.time_zone)
    start, end = _span(now.astimezone(zone).date(), 1, zone)
    found = clinic_figures.visits_by_status(site.id, start=start, end=end)
    gone = found.get(AppointmentStatus.CANCELLED, 0)
    return SiteDay(
        title=site.title,
        site_id=site.id,
        visits=sum(found.values()) - gone,
        done=found.get(AppointmentStatus.FULFILLED, 0),
        here=found.get(AppointmentStatus.ARRIVED, 0),
        missed=found.get(AppointmentStatus.NO_SHOW, 0),
    )


def _span(first: date, days: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last = first + timedelta(days=days)
    return datetime.combine(first, time(), zone), datetime.combine(last, time(), zone)


def _chairs(site: SiteRow, now: datetime) -> Iterable[ChairDay]:
    zone = ZoneInfo(site.time_zone)
    today = now.astimezone(zone).date()
    start, end = _span(today, DAYS_AHEAD, zone)
    there, used = _open_chairs(site, start, end, zone), Counter[date]()
    for each in care_figures.taken(site.id, start=start, end=end):
        if each.kind == BookableKind.CHAIR:
            _add(used, (each.starts_at, each.ends_at), each.units, zone)
    for day in (today + timedelta(days=n) for n in range(DAYS_AHEAD)):
        yield ChairDay(on=day, open_minutes=there[day], taken_minutes=used[day])


def _open_chairs(site: SiteRow, start: datetime, end: datetime, zone: ZoneInfo) -> Counter[date]:
    """Minutes of chairs that there are, by day."""
    found, closed = Counter[date](), clinics.holidays(site.id)
    for row in bookables.at_site(site.clinic_id, site.id):
        if row.kind == BookableKind.CHAIR:
            steps = capacity_steps(row.to_domain(closed, None), start, end, zone)
            for (at, capacity), (until, _) in pairwise([*steps, (end, 0)]):
                _add(found, (at, until), capacity, zone)
    return found


def _add(to: Counter[date], stretch: tuple[datetime, datetime], many: int, zone: ZoneInfo) -> None:
    """So many times the minutes of a stretch, each under its local date."""
    at, end = stretch
    while many and at < end:
        day = at.astimezone(zone).date()
        until = min(end, datetime.combine(day + timedelta(days=1), time(), zone))
        to[day] += many * round((until.timestamp() - at.timestamp()) / 60)
        at = until


def _ending(clinic_id: str, today: date) -> Iterable[Ending]:
    for who, what, last_on in clinic_figures.licences_until(clinic_id, today + SOON):
        yield Ending(who=who, what=what, last_on=last_on)


def _unsigned(clinic_id: str) -> Iterable[Unsigned]:
    """The newest edition of each protocol that is not retired, where something is to be signed."""
    found, _ = protocols.protocols(clinic_id, page=1, page_size=200)
    for row in found:
        editions = protocols.versions(row.id)
        newest = max(editions, key=lambda each: each.number, default=None)
        if newest is None or newest.status == VersionStatus.RETIRED or newest.activated_at:
            continue
        if fields := len(protocol_safety.open_safety_fields(newest.document)):
            yield Unsigned(
                version_id=newest.id, protocol=row.title, number=newest.number, fields=fields
            )
