"""How the clinic keeps its protocols: visits inside their windows, missed ones, and waiting.

Reports name no patient. What is still going on is counted beside what is finished: an average of
finished waits alone looks best where people wait longest.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from server.domain import windows
from server.domain.protocols import VisitDefinition
from server.persistence import clinics, protocols, reporting
from server.persistence.reporting import Ended
from server.persistence.transactions import transaction
from server.services import pictures
from server.services.access import Caller, require
from server.services.refusals import Invalid
from shared.vocabulary import AppointmentStatus, VisitKind

A = AppointmentStatus
LONGEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Of one kind of visit: how many took place, and how many of them inside their window."""

    kind: VisitKind
    fulfilled: int
    windowed: int
    """Those that have a window whose anchor took place too."""
    inside: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """Of the visits due in one week (from its Monday): how many came, did not, or cancelled."""

    week: date
    fulfilled: int
    no_shows: int
    cancelled: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Days from the beginning of a series to its first infusion."""

    finished: int
    median_days: float | None
    longest_days: int | None
    still_waiting: int
    waiting_median_days: float | None
    waiting_longest_days: int | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """All of it for a span of local dates, both inclusive."""

    first: date
    last: date
    kept: tuple[Kept, ...]
    missed: tuple[Missed, ...]
    waiting: Waiting


def report(by: Caller, first: date, last: date, *, now: datetime) -> Report:
    """The clinic's figures for a span of dates. Invalid for one that is empty or over a year."""
    require(by, "reports.read")
    if not timedelta() <= last - first < LONGEST:
        raise Invalid.field("last", "from the first day on, for a year at most")
    with transaction():
        zone = ZoneInfo(next((s.time_zone for s in clinics.sites(by.clinic_id)), "UTC"))
        start = datetime.combine(first, time(), zone)
        end = datetime.combine(last + timedelta(days=1), time(), zone)
        ended = reporting.ended(by.clinic_id, start=start, end=end)
        done = reporting.fulfilled(by.clinic_id, {each.series_id for each in ended})
        defined = _definitions(by.clinic_id, {each.protocol_version_id for each in ended})
        waits = reporting.waits(by.clinic_id)
        return Report(
            first=first,
            last=last,
            kept=tuple(_kept(ended, done, defined)),
            missed=tuple(_missed(ended)),
            waiting=_waiting(waits, now),
        )


Definitions = Mapping[tuple[str, str], VisitDefinition]
Times = Mapping[tuple[str, str], datetime]
"""When each visit took place, by series and visit code."""


def _definitions(clinic_id: str, version_ids: Iterable[str]) -> Definitions:
    versions = (protocols.version_of(clinic_id, each) for each in version_ids)
    return {
        (version.id, visit.code): visit
        for version in versions
        if version
        for visit in pictures.read_protocol(version).visits
    }


def _kept(ended: list[Ended], times: Times, defined: Definitions) -> Iterable[Kept]:
    found: dict[str, list[bool | None]] = defaultdict(list)
    for each in ended:
        if each.status == A.FULFILLED:
            found[each.kind].append(_inside(each, times, defined))
    for kind in VisitKind:
        if answers := found.get(kind):
            yield Kept(
                kind=kind,
                fulfilled=len(answers),
                windowed=sum(answer is not None for answer in answers),
                inside=sum(answer is True for answer in answers),
            )


def _inside(each: Ended, times: Times, defined: Definitions) -> bool | None:
    """Whether it began inside all windows whose anchors took place; None where there are none."""
    version, zone = each.protocol_version_id, ZoneInfo(each.time_zone)
    answers = []
    visit = defined.get((version, each.visit_code))
    for window in visit.windows if visit else ():
        anchor = times.get((each.series_id, window.anchor))
        if anchor:
            of = defined[version, window.anchor]
            edge = windows.edge_at(of, anchor, window.edge)
            answers.append(windows.admits(window, each.starts_at, edge, zone))
    return all(answers) if answers else None


def _missed(ended: list[Ended]) -> Iterable[Missed]:
    days = Counter(
        (each.starts_at.astimezone(ZoneInfo(each.time_zone)).date(), each.status) for each in ended
    )
    weeks: dict[date, Counter[str]] = defaultdict(Counter)
    for (on, status), count in days.items():
        weeks[on - timedelta(days=on.weekday())][status] += count
    for week, counts in sorted(weeks.items()):
        yield Missed(
            week=week,
            fulfilled=counts[A.FULFILLED],
            no_shows=counts[A.NO_SHOW],
            cancelled=counts[A.CANCELLED],
        )


def _waiting(waits: list[tuple[datetime, datetime | None, str]], now: datetime) -> Waiting:
    finished = [(at - made_at).days for made_at, at, _ in waits if at]
    still = [
        (now - made_at).days
        for made_at, at, status in waits
        if at is None and status in reporting.WAITS
    ]
    return Waiting(
        finished=len(finished),
        median_days=median(finished) if finished else None,
        longest_days=max(finished, default=None),
        still_waiting=len(still),
        waiting_median_days=median(still) if still else None,
        waiting_longest_days=max(still, default=None),
    )
