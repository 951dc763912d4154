"""The clinic's calendar as planner and booking see it: bookables, hours, and what is claimed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain.calendars import Bookable, Claim, ClinicCalendar
from server.domain.protocols import Part, VisitDefinition
from server.persistence import appointments, bookables, clinics, people, waiting
from server.persistence.clinics import SiteRow
from server.services.refusals import Conflict


def known(site: SiteRow, of: Collection[str] | None = None) -> dict[str, Bookable]:
    """Everything bookable at a site by id, or those of it that are asked for, with its hours and
    until when it may be used."""
    found = bookables.at_site(site.clinic_id, site.id, of)
    closed = clinics.holidays(site.id)
    until = people.usable_until(site.clinic_id)
    return {row.id: row.to_domain(closed, until.get(row.practitioner_id or "")) for row in found}


def of_site(
    site: SiteRow,
    *,
    start: datetime,
    end: datetime,
    of: Collection[str] | None = None,
    without: Iterable[str] = (),
    besides: Iterable[Claim] = (),
    there: Mapping[str, Bookable] | None = None,
    until: Mapping[str, datetime] | None = None,
) -> ClinicCalendar:
    """Everything bookable at a site with the live claims between two instants.

    The claims of the appointments `without` are left out; `besides` are added, and so is what is
    kept for those a freed time was offered to. `of` asks for the claims of these bookables only.
    `there` is what `known` has found already; of those in `until` claims are asked for until then
    only.
    """
    there = known(site) if there is None else there
    asked = [each for each in there if of is None or each in of]
    claims, without = list[Claim](), list(without)
    for last, ids in _by_end(asked, end, until or {}).items():
        claims += appointments.live_claims(ids, start=start, end=last, without=without)
    claims += waiting.held(site.id, set(asked), start=start, end=end)
    return holding(site, there, (*claims, *besides))


def _by_end(
    asked: Iterable[str], end: datetime, until: Mapping[str, datetime]
) -> Mapping[datetime, list[str]]:
    found: dict[datetime, list[str]] = defaultdict(list)
    for each in asked:
        found[min(end, until.get(each, end))].append(each)
    return found


def holding(
    site: SiteRow, there: Mapping[str, Bookable], claims: Iterable[Claim]
) -> ClinicCalendar:
    """A site's calendar that holds these claims."""
    return ClinicCalendar(
        zone=ZoneInfo(site.time_zone),
        grid_minutes=site.grid_minutes,
        bookables=there,
        claims=tuple(claims),
    )


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local date, for reading claims generously."""
    return datetime(day.year, day.month, day.day, tzinfo=zone) - timedelta(hours=2)


def bound(visits: Iterable[VisitDefinition], site: SiteRow) -> tuple[VisitDefinition, ...]:
    """The visits with each claimed code ("chairs") replaced by this site's bookable.

    Raises Conflict naming the codes the site does not have.
    """
    visits = tuple(visits)
    ids = bookables.ids_by_code(site.clinic_id, site.id)
    codes = {
        claim.bookable for visit in visits for part in visit.parts for claim in part.claims
    } - {None}
    if missing := sorted(str(code) for code in codes if code not in ids):
        raise Conflict(f"This site has nothing called {', '.join(missing)}.")
    return tuple(
        replace(visit, parts=tuple(_bound_part(part, ids) for part in visit.parts))
        for visit in visits
    )


def _bound_part(part: Part, ids: dict[str, str]) -> Part:
    claims = tuple(
        replace(claim, bookable=ids[claim.bookable]) if claim.bookable else claim
        for claim in part.claims
    )
    return replace(part, claims=claims)
