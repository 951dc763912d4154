"""Booked appointments that no longer fit once opening hours changed; the clinic repairs them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from server.domain.calendars import Bookable, Claim
from server.domain.capacity import capacity_steps, peak
from server.persistence import bookables, claims, clinics, people
from server.persistence.bookables import BookableRow
from server.persistence.claims import Standing
from server.persistence.clinics import SiteRow
from server.persistence.database import db

ROUND_THE_WORLD = timedelta(hours=26)
"""A local date lies within this much of its midnight in UTC, wherever the site."""


def appointments(rows: Iterable[BookableRow], *, now: datetime) -> list[str]:
    """Ids of appointments not yet over that hold more of these than is there, soonest first."""
    return _over(list(rows), since=now, until=None)


def on_dates(rows: Iterable[BookableRow], first: date, last: date, *, now: datetime) -> list[str]:
    """As `appointments`, looking only at some local dates."""
    zone = ZoneInfo("UTC")
    begins = datetime(first.year, first.month, first.day, tzinfo=zone) - ROUND_THE_WORLD
    ends = datetime(last.year, last.month, last.day, tzinfo=zone) + 2 * ROUND_THE_WORLD
    return _over(list(rows), since=max(now, begins), until=ends)


def at_site(site: SiteRow, on: date, *, now: datetime) -> list[str]:
    """Those at one site on a date that became a holiday there."""
    return on_dates(bookables.at_site(site.clinic_id, site.id), on, on, now=now)


def _over(rows: list[BookableRow], *, since: datetime, until: datetime | None) -> list[str]:
    db.session.flush()
    held: dict[str, list[Standing]] = defaultdict(list)
    for each in claims.standing([row.id for row in rows], since=since, until=until):
        held[each.claim.bookable_id].append(each)
    sites = _clocks({each.site_id for of_one in held.values() for each in of_one})
    return _in_order(each for row in rows for each in _over_claimed(row, held[row.id], sites))


def _in_order(found: Iterable[Standing]) -> list[str]:
    """Each appointment once, soonest first."""
    soonest = sorted(found, key=lambda each: (each.claim.starts_at, each.appointment_id))
    return list(dict.fromkeys(each.appointment_id for each in soonest))


Clock = tuple[ZoneInfo, list[date]]
"""A site's zone and the dates on which it is closed."""


def _clocks(site_ids: Collection[str]) -> dict[str, Clock]:
    rows = (db.session.get(SiteRow, site_id) for site_id in site_ids)
    return {row.id: (ZoneInfo(row.time_zone), clinics.holidays(row.id)) for row in rows if row}


def _over_claimed(
    row: BookableRow, held: list[Standing], sites: dict[str, Clock]
) -> list[Standing]:
    if not held:
        return []
    until = people.usable_until(row.clinic_id).get(row.practitioner_id or "")
    known = {site: row.to_domain(closed, until) for site, (_, closed) in sites.items()}
    days = _by_day(each.claim for each in held)
    return [
        each
        for each in held
        if _too_much(known[each.site_id], each.claim, sites[each.site_id][0], days)
    ]


def _by_day(held: Iterable[Claim]) -> dict[date, list[Claim]]:
    days: dict[date, list[Claim]] = defaultdict(list)
    for claim in held:
        for day in {claim.starts_at.date(), claim.ends_at.date()}:
            days[day].append(claim)
    return days


def _nearby(claim: Claim, days: dict[date, list[Claim]]) -> list[Claim]:
    """Each claim on the days it touches, once; two appointments may hold equal claims."""
    touched = days[claim.starts_at.date()] + days[claim.ends_at.date()]
    return list({id(each): each for each in touched}.values())


def _too_much(
    bookable: Bookable, claim: Claim, zone: ZoneInfo, days: dict[date, list[Claim]]
) -> bool:
    """Whether somewhere in the claim more is taken than is open, or nothing is open at all."""
    nearby = _nearby(claim, days)
    steps = capacity_steps(bookable, claim.starts_at, claim.ends_at, zone)
    edges = [at for at, _ in steps] + [claim.ends_at]
    return any(
        capacity < max(1, peak(nearby, start, end))
        for (_, capacity), (start, end) in zip(steps, pairwise(edges), strict=True)
    )
