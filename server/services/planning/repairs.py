"""After an illness, a closure or a no-show: what would have to change at a site, and changing it.

First the repair is shown: every visit that moves, with the fewest changes the planner finds. Then
exactly that is applied, all of it or nothing. What cannot be repaired stays as it is and is named.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import cast

from server.domain.breaches import Breach, BreachCode, Refused
from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesPlan, Weights
from server.persistence import clinics
from server.persistence import repairs as rows
from server.persistence.appointments import AppointmentRow
from server.persistence.clinics import SiteRow
from server.persistence.database import db
from server.persistence.last_word import guarded
from server.persistence.repairs import RepairRow
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.planner.demand import ClinicDemand, ClinicPlan, Demand
from server.services.access import Caller, require
from server.services.booking import bookings
from server.services.planning import calendars, pictures, plan_bodies, questions, repair_words
from server.services.planning.pictures import SeriesPicture
from server.services.record import audit
from server.services.refusals import Conflict, NotFound, Stale
from shared.vocabulary import SeriesStatus

OFFERED_FOR = timedelta(hours=1)
SECONDS = 2.0
"""How long fewer changes are looked for."""
WEIGHTS = Weights(off_target_day=0)
"""What changes cost (reference/planner.md section 3); wished distances play no part in a repair."""
Body = dict[str, object]


def preview(by: Caller, site_id: str, *, now: datetime, seconds: float = SECONDS) -> RepairRow:
    """The fewest changes after which every booking at a site holds again; nothing changes yet.

    A visit that cannot be saved is named with its reasons, and so is the series it belongs to.
    """
    require(by, "repairs.make")
    site = clinics.site(by.clinic_id, site_id)
    if site is None:
        raise NotFound
    asked = _pictures(by, site, now)
    demand = _demand(site, asked, now)
    found = _repaired(demand, seconds)
    body = repair_words.body(asked, demand, found, _reasons(demand, found))
    row = RepairRow(
        id=new_id(),
        clinic_id=by.clinic_id,
        site_id=site_id,
        body=body,
        made_at=now,
        expires_at=now + OFFERED_FOR,
    )
    patients = [asked[each].patient.id for each in repair_words.touched(body)]
    with transaction():
        db.session.add(row)
        audit.looked(by, "repairs.make", patients, now=now)
    return row


def _pictures(by: Caller, site: SiteRow, now: datetime) -> dict[str, SeriesPicture]:
    """Every active series with visits at the site that may still move."""
    found = (_picture(by, each) for each in rows.series_booked_after(site.id, now))
    return {each.row.id: each for each in found if each is not None and each.movable(now)}


def _picture(by: Caller, series_id: str) -> SeriesPicture | None:
    """None for a series on hold, and for one whose protocol asks for what the site has not."""
    try:
        found = pictures.of_series(by.clinic_id, series_id)
    except Conflict:
        return None
    return found if found.row.status == SeriesStatus.ACTIVE else None


def _demand(site: SiteRow, asked: Mapping[str, SeriesPicture], now: datetime) -> ClinicDemand:
    """All of them, held where they are, on a calendar that holds whatever stays."""
    demands = tuple(
        Demand(
            id=series_id,
            series=questions.to_place(picture, now=now, free=picture.movable(now), pinned={}),
        )
        for series_id, picture in asked.items()
    )
    loose = [picture.live[code].id for picture in asked.values() for code in picture.movable(now)]
    return ClinicDemand(
        calendar=_calendar(site, demands, loose, now), demands=demands, weights=WEIGHTS
    )


def _calendar(
    site: SiteRow, demands: Iterable[Demand], loose: list[str], now: datetime
) -> ClinicCalendar:
    today = now.astimezone(pictures.zone_of(site)).date()
    first: date = min((each.series.ready_on for each in demands), default=today)
    last: date = max((each.series.last_day for each in demands), default=today)
    zone = pictures.zone_of(site)
    return calendars.of_site(
        site,
        start=calendars.local_midnight(first, zone),
        end=calendars.local_midnight(last + timedelta(days=2), zone),
        without=loose,
    )


def _repaired(demand: ClinicDemand, seconds: float) -> ClinicPlan:
    from server.planner.repair import repair  # compiled; no other request should wait for it

    return repair(demand, seconds=seconds)


def _reasons(demand: ClinicDemand, found: ClinicPlan) -> dict[str, list[Body]]:
    from server.planner.reasons.unplaced import reasons

    return reasons(demand, found, seconds=SECONDS)


@guarded
def apply(by: Caller, repair_id: str, *, now: datetime) -> list[AppointmentRow]:
    """Change exactly what was shown. Stale where any of it has changed since or is over, Refused
    where a shown time no longer stands; then nothing changes."""
    require(by, "repairs.make")
    row = _offered(by, repair_id, now)
    plans = {
        series_id: plan_bodies.from_body(each)
        for series_id, each in repair_words.plans(row.body).items()
    }
    before = {each: pictures.of_series(by.clinic_id, each) for each in plans}
    with transaction(_locks(before, plans)):
        fresh = {each: pictures.of_series(by.clinic_id, each) for each in plans}
        _require_unchanged(row.body, fresh, now)
        written = _written(fresh, plans, now)
        _offered(by, repair_id, now).applied_at = now
        for series_id, picture in fresh.items():
            _on_record(by, row, picture, written[series_id], now)
        return [each for of_one in written.values() for each in of_one]


def _offered(by: Caller, repair_id: str, now: datetime) -> RepairRow:
    row = rows.repair(by.clinic_id, repair_id)
    if row is None:
        raise NotFound
    if row.applied_at is not None or row.expires_at <= now:
        raise Refused([Breach(code=BreachCode.STALE)])
    return row


def _locks(before: Mapping[str, SeriesPicture], plans: Mapping[str, SeriesPlan]) -> Locks:
    each = [bookings.locks_for(before[series_id], plan) for series_id, plan in plans.items()]
    names = frozenset(name for locks in each for name in locks.names)
    calendar = next((locks.calendar for locks in each), None)
    return Locks(names=names, calendar=calendar)


def _require_unchanged(
    body: Mapping[str, object], fresh: Mapping[str, SeriesPicture], now: datetime
) -> None:
    """Every visit shown must stand where it was shown to stand, and may still move."""
    for series_id, shown in repair_words.plans(body).items():
        visits = cast(list[Body], shown["visits"])
        if not all(_stands(fresh[series_id], visit, now) for visit in visits):
            raise Stale


def _stands(picture: SeriesPicture, visit: Body, now: datetime) -> bool:
    code = str(visit["visit"])
    if picture.row.status != SeriesStatus.ACTIVE or code not in picture.movable(now):
        return False
    return picture.placement(code).starts_at.isoformat() == visit["previous"]


def _written(
    fresh: Mapping[str, SeriesPicture], plans: Mapping[str, SeriesPlan], now: datetime
) -> dict[str, list[AppointmentRow]]:
    """All old times are given up before the first new one is taken: visits may change places."""
    for series_id, plan in plans.items():
        bookings.lift(fresh[series_id], plan)
    written = {}
    for series_id, plan in plans.items():
        picture = fresh[series_id]
        free = {each.visit for each in plan.placements}
        asked = questions.question(picture, now=now, free=free, proving=plan)
        bookings.prove(asked, plan, now=now)
        written[series_id] = bookings.write(picture, plan, now=now)
    return written


def _on_record(
    by: Caller,
    row: RepairRow,
    picture: SeriesPicture,
    written: list[AppointmentRow],
    now: datetime,
) -> None:
    pictures.touch(picture)
    db.session.flush()
    audit.changed(
        by,
        "repairs.make",
        now=now,
        patient_id=picture.patient.id,
        subject_id=picture.row.id,
        facts={"repair": row.id, "appointments": [each.id for each in written]},
    )
