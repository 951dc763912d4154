"""How full the hours are, whether every infusion has its psychotherapy, what reminders and
check-ins came to. Counted for a span of days; no patient is named."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from operator import attrgetter
from zoneinfo import ZoneInfo

from server.domain import series as rules
from server.domain.capacity import capacity_steps
from server.domain.protocols import Protocol
from server.persistence import bookables, care_figures, clinics, protocols, reporting
from server.persistence.clinics import SiteRow
from server.persistence.reporting import Tied
from server.services.access import Caller
from server.services.check_ins import questionnaires
from server.services.planning import pictures
from server.services.record.report_days import reported
from shared.vocabulary import CheckInStatus, MessageStatus, VisitKind

HOURS_SPAN = timedelta(days=28)
"""How many days, the last ones asked for, the hours are counted over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hour:
    """One hour of the day for one kind of bookable: minutes there were, and minutes taken."""

    kind: str
    hour: int
    open_minutes: int
    taken_minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairing:
    """Infusions of one protocol that took place, and those whose psychotherapy has no time."""

    protocol: str
    infusions: int
    unpaired: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one kind of message, or of one form that was asked."""

    of: str
    done: int
    confirmed: int
    """Of messages: known to have arrived. Of check-ins: none."""
    missed: int
    failed: int
    waiting: int


def hours(by: Caller, first: date, last: date) -> tuple[Hour, ...]:
    """How full the hours were, over the last four weeks of a span of dates; this and the others
    refuse as `report_days.reported`."""
    with reported(by, first, last) as days:
        since = max(first, last - HOURS_SPAN + timedelta(days=1))
        return tuple(_hours(days.sites, since, last))


def pairings(by: Caller, first: date, last: date) -> tuple[Pairing, ...]:
    """Infusions that took place, by protocol, and those that lack psychotherapy."""
    with reported(by, first, last) as days:
        return tuple(_pairings(by.clinic_id, days.start, days.end))


def reminders(by: Caller, first: date, last: date) -> tuple[Outcome, ...]:
    """What became of messages to patients, by their kind."""
    with reported(by, first, last) as days:
        return tuple(_reminders(by.clinic_id, days.start, days.end))


def check_ins(by: Caller, first: date, last: date) -> tuple[Outcome, ...]:
    """What became of check-ins, by their form."""
    with reported(by, first, last) as days:
        return tuple(_check_ins(by.clinic_id, days.start, days.end))


def _hours(sites: Iterable[SiteRow], first: date, last: date) -> Iterable[Hour]:
    there, used = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    by_zone = attrgetter("time_zone")
    for name, sites_there in groupby(sorted(sites, key=by_zone), by_zone):
        together, zone = list(sites_there), ZoneInfo(name)
        start = datetime.combine(first, time(), zone)
        end = datetime.combine(last + timedelta(days=1), time(), zone)
        for site in together:
            there.update(_open_minutes(site, start, end, zone))
        for each in care_figures.taken([site.id for site in together], start=start, end=end):
            for hour, minutes in _by_hour(each.starts_at, each.ends_at, zone):
                used[each.kind, hour] += minutes * each.units
    for kind, hour in sorted(there):
        if there[kind, hour]:
            yield Hour(
                kind=kind,
                hour=hour,
                open_minutes=there[kind, hour],
                taken_minutes=used[kind, hour],
            )


def _open_minutes(
    site: SiteRow, start: datetime, end: datetime, zone: ZoneInfo
) -> Counter[tuple[str, int]]:
    found = Counter[tuple[str, int]]()
    closed = clinics.holidays(site.id)
    alike = Counter(
        (row.kind, tuple(capacity_steps(row.to_domain(closed, None), start, end, zone)))
        for row in bookables.at_site(site.clinic_id, site.id)
    )
    for (kind, steps), many in alike.items():
        for hour, minutes in _open_by_hour(steps, end, zone):
            found[kind, hour] += minutes * many
    return found


@lru_cache(maxsize=512)
def _open_by_hour(
    steps: tuple[tuple[datetime, int], ...], end: datetime, zone: ZoneInfo
) -> tuple[tuple[int, int], ...]:
    """Minutes times units by hour of the day, for steps of capacity; hours change but seldom."""
    found = Counter[int]()
    for (at, capacity), (until, _) in pairwise([*steps, (end, 0)]):
        if capacity:
            for hour, minutes in _by_hour(at, until, zone):
                found[hour] += minutes * capacity
    return tuple(found.items())


def _by_hour(at: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The minutes of a stretch by hour of the day on the site's clock."""
    while at < end:
        there = at.astimezone(zone)
        until = min(end, at + timedelta(minutes=60 - there.minute))
        yield there.hour, round((until - at).total_seconds() / 60)
        at = until


def _pairings(clinic_id: str, start: datetime, end: datetime) -> Iterable[Pairing]:
    known = _protocols(clinic_id, reporting.versions_in_use(clinic_id))
    infusions, alone = Counter[str](), Counter[str]()
    for each in reporting.paired(clinic_id, list(_ties(known)), start=start, end=end):
        infusions[known[each.version_id].title] += each.infusions
        alone[known[each.version_id].title] += each.unpaired
    for title, count in sorted(infusions.items()):
        yield Pairing(protocol=title, infusions=count, unpaired=alone[title])


def _protocols(clinic_id: str, version_ids: Iterable[str]) -> dict[str, Protocol]:
    versions = protocols.versions_of(clinic_id, version_ids)
    return {each.id: pictures.read_protocol(each) for each in versions}


def _ties(known: Mapping[str, Protocol]) -> Iterator[Tied]:
    for version_id, protocol in known.items():
        for visit in protocol.visits:
            if visit.kind is VisitKind.INFUSION:
                for partner in rules.partners(visit.code, protocol.visits):
                    yield Tied(version_id, visit.code, partner)


def _reminders(clinic_id: str, start: datetime, end: datetime) -> Iterable[Outcome]:
    m = MessageStatus
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    arrived = Counter[str]()
    for each in care_figures.told(clinic_id, start=start, end=end):
        counts[each.kind][each.status] += each.many
        arrived[each.kind] += each.arrived
    for kind, by_status in sorted(counts.items()):
        yield Outcome(
            of=kind,
            done=by_status[m.SENT],
            confirmed=arrived[kind],
            missed=by_status[m.EXPIRED],
            failed=by_status[m.DEAD],
            waiting=by_status[m.WAITING],
        )


def _check_ins(clinic_id: str, start: datetime, end: datetime) -> Iterable[Outcome]:
    c = CheckInStatus
    forms = questionnaires.ever_of_clinic(clinic_id)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in care_figures.asked(clinic_id, start=start, end=end):
        counts[each.questionnaire][each.status] += each.many
    for code, by_status in sorted(counts.items()):
        yield Outcome(
            of=forms[code].title if code in forms else code,
            done=by_status[c.COMPLETED],
            confirmed=0,
            missed=by_status[c.FAILED],
            failed=0,
            waiting=by_status[c.REQUESTED],
        )
