"""What an edition would do to the series that run on others: what would move, what cannot be
placed. Nothing changes until exactly that is applied (`migrations.py`)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesPlan, Weights
from server.persistence import impacts, protocols, series
from server.persistence.clinics import SiteRow
from server.persistence.database import db
from server.persistence.impacts import ImpactRow
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.planner.demand import ClinicDemand, ClinicPlan, Demand
from server.services.access import Caller, require
from server.services.freshness import found
from server.services.planning import calendars, pictures, questions
from server.services.protocols import carried_over, impact_words
from server.services.protocols.carried_over import Carried, StaysBehind
from server.services.protocols.impact_words import Body
from server.services.protocols.protocol_documents import readable
from server.services.record import audit
from server.services.refusals import Conflict
from shared.vocabulary import VersionStatus

OFFERED_FOR = timedelta(hours=1)
SECONDS = 2.0
"""How long fewer changes are looked for at each site."""
MOST = 300
"""So many series are looked at in one go, those that began first; the others are counted."""
WEIGHTS = Weights()


@dataclass
class Looked:
    """What was found so far."""

    shown: list[Body] = field(default_factory=list)
    stay: list[Body] = field(default_factory=list)
    left: int = 0
    """Series that were too many to look at."""


def preview(
    by: Caller,
    version_id: str,
    *,
    only: Collection[str] | None = None,
    now: datetime,
    seconds: float = SECONDS,
) -> ImpactRow:
    """What would change if the running series of other editions, or `only` these of them, went on
    by this one. A draft may be asked about too; nothing changes and nobody is told."""
    require(by, "protocols.migrate")
    version = found(protocols.version_of(by.clinic_id, version_id))
    if version.status == VersionStatus.RETIRED:
        raise Conflict("A retired edition takes no series over.")
    with readable():
        pictures.read_protocol(version)
    running = [
        (each, number)
        for each, number in impacts.running_on_others(version)
        if only is None or each in only
    ]
    looked = Looked(left=max(0, len(running) - MOST))
    asked = list(_asked(version, running[:MOST], looked, now))
    asked.sort(key=lambda each: each[0].picture.site.id)
    for _, together in groupby(asked, key=lambda each: each[0].picture.site.id):
        _look_at_site(list(together), looked, now, seconds)
    return _kept(by, version, looked, now)


def _asked(
    version: ProtocolVersionRow,
    running: Iterable[tuple[str, int]],
    looked: Looked,
    now: datetime,
) -> Iterator[tuple[Carried, int]]:
    for series_id, number in running:
        try:
            before = pictures.of_series(version.clinic_id, series_id)
            yield carried_over.carried(before, version, now=now), number
        except (StaysBehind, Conflict) as why:
            _stays(version.clinic_id, series_id, number, str(why), looked)


def _stays(clinic_id: str, series_id: str, number: int, why: str, looked: Looked) -> None:
    row = found(series.series(clinic_id, series_id))
    told = impact_words.text(why)
    looked.stay.append(impact_words.unresolved(series_id, row.patient_id, number, told))


def _look_at_site(
    asked: list[tuple[Carried, int]], looked: Looked, now: datetime, seconds: float
) -> None:
    """All of one site at once, held where they are as far as the edition allows."""
    demands = tuple(_demand(each, now) for each, _ in asked if each.free)
    demand = ClinicDemand(calendar=_calendar(asked, demands, now), demands=demands, weights=WEIGHTS)
    plan = _repaired(demand, seconds)
    reasons = _reasons(demand, plan)
    for each, number in asked:
        row = each.picture.row
        if each.free and row.id not in plan.placed:
            why = reasons.get(row.id) or impact_words.text("No times were found for its visits.")
            looked.stay.append(impact_words.unresolved(row.id, row.patient_id, number, why))
        else:
            placed = plan.placed.get(row.id) or SeriesPlan(placements=(), choices={}, cost=0)
            looked.shown.append(impact_words.series(each, number, placed))


def _demand(each: Carried, now: datetime) -> Demand:
    return Demand(
        id=each.picture.row.id,
        series=questions.to_place(each.picture, now=now, free=each.free, pinned={}),
    )


def _calendar(
    asked: list[tuple[Carried, int]], demands: tuple[Demand, ...], now: datetime
) -> ClinicCalendar:
    site: SiteRow = asked[0][0].picture.site
    zone, today = pictures.zone_of(site), now.astimezone(pictures.zone_of(site)).date()
    first: date = min((each.series.ready_on for each in demands), default=today)
    last: date = max((each.series.last_day for each in demands), default=today)
    return calendars.of_site(
        site,
        start=calendars.local_midnight(first, zone),
        end=calendars.local_midnight(last + timedelta(days=2), zone),
        without=[each for carried, _ in asked for each in _loose(carried)],
    )


def _loose(carried: Carried) -> Iterable[str]:
    live = carried.picture.live
    yield from (row.id for code, row in live.items() if code in carried.free)
    yield from (row.id for row in carried.gone.values())


def _repaired(demand: ClinicDemand, seconds: float) -> ClinicPlan:
    from server.planner.repair import repair  # compiled; no other request should wait for it

    return repair(demand, seconds=seconds)


def _reasons(demand: ClinicDemand, plan: ClinicPlan) -> dict[str, list[Body]]:
    from server.planner.reasons.unplaced import reasons

    return reasons(demand, plan, seconds=SECONDS)


def _kept(by: Caller, version: ProtocolVersionRow, looked: Looked, now: datetime) -> ImpactRow:
    body: Body = {
        "edition_version": version.version,
        "summary": impact_words.summary(looked.shown, looked.stay, looked.left),
        "counts": impact_words.counts(looked.shown, looked.stay),
        "series": looked.shown,
        "unresolved": looked.stay,
    }
    row = ImpactRow(
        id=new_id(),
        clinic_id=by.clinic_id,
        version_id=version.id,
        body=body,
        made_at=now,
        expires_at=now + OFFERED_FOR,
    )
    seen = [str(each["patient_id"]) for each in (*looked.shown, *looked.stay)]
    with transaction():
        db.session.add(row)
        audit.looked(by, "protocols.migrate", seen, now=now)
    return row
