"""How the clinic keeps its protocols: visits inside their windows, missed ones, and waiting.

Reports name no patient. What is still going on is counted beside what is finished: an average of
finished waits alone looks best where people wait longest.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from server.domain import windows
from server.domain.protocols import VisitDefinition
from server.persistence import protocols, reporting
from server.persistence.reporting import Alike, Counted, Ended, Waited
from server.persistence.transactions import transaction
from server.services.access import Caller, require
from server.services.planning import pictures
from server.services.record.report_days import reported
from shared.vocabulary import AppointmentStatus, VisitKind, WindowUnit

A = AppointmentStatus
AN_HOUR = 3_600_000_000
"""In the microseconds that the database counts."""


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


def kept(by: Caller, first: date, last: date) -> tuple[Kept, ...]:
    """How visits of a span of dates lay in their windows; refusals as `report_days.reported`."""
    with reported(by, first, last) as days:
        defined = _definitions(by.clinic_id, reporting.versions_in_use(by.clinic_id))
        counted = list(_counted(defined))
        alike = reporting.alike(by.clinic_id, counted, start=days.start, end=days.end)
        return tuple(_kept(alike, defined))


def missed(by: Caller, first: date, last: date) -> tuple[Missed, ...]:
    """How visits of a span of dates ended, week by week; refusals as `report_days.reported`."""
    with reported(by, first, last) as days:
        return tuple(_missed(reporting.ended(by.clinic_id, start=days.start, end=days.end)))


def waiting(by: Caller, *, now: datetime) -> Waiting:
    """How long all series there ever were have waited, or wait."""
    require(by, "reports.read")
    with transaction():
        return _waiting(reporting.waits(by.clinic_id, now=now))


Definitions = Mapping[tuple[str, str], VisitDefinition]


def _definitions(clinic_id: str, version_ids: Iterable[str]) -> Definitions:
    return {
        (version.id, visit.code): visit
        for version in protocols.versions_of(clinic_id, version_ids)
        for visit in pictures.read_protocol(version).visits
    }


def _counted(defined: Definitions) -> Iterator[Counted]:
    """Every window of every edition whose anchor that edition knows."""
    for (version_id, code), visit in defined.items():
        for place, window in enumerate(visit.windows):
            if anchor := defined.get((version_id, window.anchor)):
                yield Counted(
                    version_id=version_id,
                    visit_code=code,
                    place=place,
                    anchor=window.anchor,
                    minutes=windows.edge_minutes(anchor, window.edge),
                    in_days=window.unit is WindowUnit.DAYS,
                )


def _kept(alike: Iterable[Alike], defined: Definitions) -> Iterable[Kept]:
    found: dict[str, Counter[bool | None]] = defaultdict(Counter)
    for each in alike:
        found[each.kind][_inside(each, defined)] += each.many
    for kind in VisitKind:
        if answers := found.get(kind):
            yield Kept(
                kind=kind,
                fulfilled=answers.total(),
                windowed=answers[True] + answers[False],
                inside=answers[True],
            )


def _inside(each: Alike, defined: Definitions) -> bool | None:
    """Whether they began inside all windows whose anchors took place; None where there are none."""
    visit = defined.get((each.version_id, each.visit_code))
    answers = [
        windows.holds(window, away if window.unit is WindowUnit.DAYS else away / AN_HOUR)
        for window, away in zip(visit.windows if visit else (), each.away, strict=False)
        if away is not None
    ]
    return all(answers) if answers else None


def _missed(ended: Iterable[Ended]) -> Iterable[Missed]:
    weeks: dict[date, Counter[str]] = defaultdict(Counter)
    for each in ended:
        weeks[each.on - timedelta(days=each.on.weekday())][each.status] += each.many
    for week, counts in sorted(weeks.items()):
        yield Missed(
            week=week,
            fulfilled=counts[A.FULFILLED],
            no_shows=counts[A.NO_SHOW],
            cancelled=counts[A.CANCELLED],
        )


def _waiting(waits: Iterable[Waited]) -> Waiting:
    finished, still = Counter[int](), Counter[int]()
    for each in waits:
        (finished if each.finished else still)[each.days] += each.many
    return Waiting(
        finished=finished.total(),
        median_days=_middle(finished),
        longest_days=max(finished, default=None),
        still_waiting=still.total(),
        waiting_median_days=_middle(still),
        waiting_longest_days=max(still, default=None),
    )


def _middle(days: Counter[int]) -> float | None:
    return median(days.elements()) if days else None
