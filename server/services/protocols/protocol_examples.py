"""A protocol as an example patient would live it: on the clinic's real working days and holidays,
with nobody else booked. For whoever writes it; nothing is kept."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain import horizon, protocol_document
from server.domain import series as rules
from server.domain.calendars import ClinicCalendar
from server.domain.faults import Fault, ProtocolFaults
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocol_lint import lint
from server.domain.protocols import Protocol, VisitDefinition
from server.library import loader
from server.persistence import bookables, clinics
from server.persistence.clinics import SiteRow
from server.planner import quick
from server.services.access import Caller, require
from server.services.planning import calendars
from server.services.protocols.protocol_documents import Document

OPEN_MINUTES = 60
"""What a length that is still open is taken for."""
SLACK_DAYS = 28
LONGEST_DAYS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class ExampleVisit:
    """One visit of the example patient; the window is as it is once all others stand."""

    code: str
    title: str
    kind: str
    starts_at: datetime
    opens_on: date | None
    closes_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """What is wrong with a document, and its visits; none where `why` says that there are none."""

    faults: tuple[Fault, ...]
    visits: tuple[ExampleVisit, ...] = ()
    why: str = ""
    site: str = ""


def example(by: Caller, document: Document | str, *, now: datetime) -> Example:
    """A document checked and lived through once, at the clinic's first site."""
    require(by, "protocols.read")
    try:
        read = loader.parse(document) if isinstance(document, str) else document
        protocol = protocol_document.read(read)
    except ProtocolFaults as refused:
        return Example(faults=tuple(refused.faults), why="It cannot be read yet.")
    sites = clinics.sites(by.clinic_id)
    faults = tuple(lint(read))
    if not sites:
        return Example(faults=faults, why="The clinic has no site yet.")
    return _lived(protocol, sites[0], faults, now)


def _lived(protocol: Protocol, site: SiteRow, faults: tuple[Fault, ...], now: datetime) -> Example:
    visits = tuple(_visits(protocol, site))
    zone = ZoneInfo(site.time_zone)
    series = _series(protocol, visits, site, now.astimezone(zone).date())
    if (series.last_day - series.ready_on).days > LONGEST_DAYS:
        return Example(faults=faults, why="It is too long to be shown as a whole.", site=site.title)
    calendar = _empty(site, series, zone)
    plans = quick.best_plans(_of_few(series, calendar), calendar, count=1)
    if not plans:
        why = "No patient can live through it: its rules leave no time, or nothing is open then."
        return Example(faults=faults, why=why, site=site.title)
    return Example(faults=faults, visits=tuple(_shown(visits, plans[0], zone)), site=site.title)


def _visits(protocol: Protocol, site: SiteRow) -> Iterable[VisitDefinition]:
    """What takes place without a decision; codes the site has not are left out of the claims."""
    ids = bookables.ids_by_code(site.clinic_id, site.id)
    kept = {each.code for each in protocol.visits if not each.awaits_decision}
    for visit in protocol.visits:
        if visit.code in kept:
            parts = tuple(
                replace(
                    part,
                    minutes=OPEN_MINUTES if part.minutes is None else part.minutes,
                    claims=tuple(
                        replace(claim, bookable=ids[claim.bookable]) if claim.bookable else claim
                        for claim in part.claims
                        if not claim.bookable or claim.bookable in ids
                    ),
                )
                for part in visit.parts
            )
            windows = tuple(each for each in visit.windows if each.anchor in kept)
            yield replace(visit, parts=parts, windows=windows)


def _series(
    protocol: Protocol, visits: tuple[VisitDefinition, ...], site: SiteRow, today: date
) -> SeriesToPlace:
    monday = today + timedelta(days=7 - today.weekday())
    here = {each.name: bookables.practising(site.id, each.kind) for each in protocol.choices}
    return SeriesToPlace(
        visits=visits,
        start_visit=protocol.start_visit,
        choices=protocol.choices,
        candidates={name: tuple(ids) for name, ids in here.items()},
        ready_on=monday,
        last_day=monday + timedelta(days=SLACK_DAYS + horizon.days_after(visits)),
        start_by=monday + timedelta(days=SLACK_DAYS),
        not_before=calendars.local_midnight(monday, ZoneInfo(site.time_zone)),
    )


def _empty(site: SiteRow, series: SeriesToPlace, zone: ZoneInfo) -> ClinicCalendar:
    calendar = calendars.of_site(
        site,
        start=calendars.local_midnight(series.ready_on, zone),
        end=calendars.local_midnight(series.last_day + timedelta(days=2), zone),
        of=(),
    )
    return replace(calendar, claims=())


def _of_few(series: SeriesToPlace, calendar: ClinicCalendar) -> SeriesToPlace:
    """Of those who work the same hours as many as there are choices to make: where nobody is booked
    nothing else tells them apart."""

    def few(ids: Iterable[str]) -> tuple[str, ...]:
        alike: dict[object, list[str]] = defaultdict(list)
        for each in ids:
            one = calendar.bookables[each]
            alike[one.weekly, one.exceptions, one.usable_until].append(each)
        return tuple(each for ids in alike.values() for each in ids[: len(series.choices)])

    return replace(series, candidates={name: few(ids) for name, ids in series.candidates.items()})


def _shown(
    visits: Sequence[VisitDefinition], plan: SeriesPlan, zone: ZoneInfo
) -> Iterable[ExampleVisit]:
    placed = {each.visit: each for each in plan.placements}
    for visit in sorted((v for v in visits if v.code in placed), key=lambda v: _at(placed[v.code])):
        others = {code: each for code, each in placed.items() if code != visit.code}
        span = rules.due_windows(visits, others, zone)[visit.code].span
        yield ExampleVisit(
            code=visit.code,
            title=visit.title or visit.code,
            kind=visit.kind,
            starts_at=placed[visit.code].starts_at.astimezone(zone),
            opens_on=span.opens_on or _day(span.opens_at, zone),
            closes_on=span.closes_on or _day(span.closes_at, zone),
        )


def _at(placement: Placement) -> datetime:
    return placement.starts_at.astimezone(UTC)


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return at.astimezone(zone).date() if at else None
