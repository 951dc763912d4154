"""When the rules of a time zone change: what was agreed by the clock on the wall keeps that time.

An appointment is stored as an instant and as the wall's time. A country that gives up its summer
time moves the one against the other; then the wall's time holds, for that is what people know.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from server.domain.local_time import agreed
from server.domain.placement import Placement, SeriesPlan
from server.persistence import appointments, audit, contact
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.transactions import Locks, transaction
from server.services.booking import bookings
from server.services.planning import pictures
from server.services.planning.pictures import SeriesPicture

BY_THE_ZONE = "zone-rules"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """An appointment whose instant is no longer the one at which the wall shows its time."""

    id: str
    clinic_id: str
    series_id: str
    visit: str
    wall_time: str
    time_zone: str
    was: datetime
    becomes: datetime
    skipped: bool
    """The wall never shows that time any more: it becomes the moment after."""


def shifts(*, now: datetime) -> list[Shift]:
    """Every appointment to come that has shifted, soonest first."""
    with transaction():
        found = (_shift(row) for row in appointments.coming(now))
        return [each for each in found if each.was != each.becomes]


def _shift(row: AppointmentRow) -> Shift:
    wall, zone = datetime.fromisoformat(row.wall_time), ZoneInfo(row.time_zone)
    # Down to the minute as it was written: what is finer is nobody's agreement.
    finer = row.starts_at.replace(second=0, microsecond=0)
    becomes = row.starts_at + (agreed(wall, zone) - finer)
    shown = becomes.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    return Shift(
        id=row.id,
        clinic_id=row.clinic_id,
        series_id=row.series_id,
        visit=row.visit_code,
        wall_time=row.wall_time,
        time_zone=row.time_zone,
        was=row.starts_at,
        becomes=becomes,
        skipped=shown != wall.replace(tzinfo=None),
    )


def keep_wall_times(*, now: datetime) -> int:
    """Give every shifted appointment the instant that its time on the wall has now, a clinic at a
    time and all of it or nothing. Nobody is told: the time they know holds. How many there were."""
    count = 0
    for clinic_id, found in groupby(
        sorted(shifts(now=now), key=lambda each: each.clinic_id), lambda each: each.clinic_id
    ):
        count += _keep(clinic_id, list(found), now)
    return count


def _keep(clinic_id: str, found: list[Shift], now: datetime) -> int:
    """All claims are given up before the first is taken anew: one moves to where another was."""
    plans = {each: _plan(shifted) for each, shifted in _by_series(found)}
    with transaction(_locks(clinic_id, plans)):
        kept = {each: pictures.of_series(clinic_id, each) for each in plans}
        for series_id, plan in plans.items():
            plans[series_id] = _still(kept[series_id], plan)
            bookings.lift(kept[series_id], plans[series_id])
        for series_id, plan in plans.items():
            _write(kept[series_id], plan, now)
        return sum(len(plan.placements) for plan in plans.values())


def _by_series(found: Iterable[Shift]) -> Iterable[tuple[str, list[Shift]]]:
    ordered = sorted(found, key=lambda each: (each.series_id, each.was))
    return [(key, list(each)) for key, each in groupby(ordered, lambda each: each.series_id)]


def _plan(shifted: Iterable[Shift]) -> SeriesPlan:
    placements = (Placement(visit=each.visit, starts_at=each.becomes) for each in shifted)
    return SeriesPlan(placements=tuple(placements), choices={})


def _locks(clinic_id: str, plans: dict[str, SeriesPlan]) -> Locks:
    """What all of these series touch, and the clinic's calendar for ourselves: it is everything."""
    taken = [
        bookings.locks_for(picture, _still(picture, plan))
        for picture, plan in (
            (pictures.of_series(clinic_id, series_id), plan) for series_id, plan in plans.items()
        )
    ]
    names = frozenset().union(*(each.names for each in taken))
    return Locks(names=names, calendar=clinic_id, changes_calendar=True)


def _still(picture: SeriesPicture, plan: SeriesPlan) -> SeriesPlan:
    """The same for the visits that still stand, with whom each was agreed."""
    return SeriesPlan(
        placements=tuple(
            Placement(
                visit=each.visit,
                starts_at=each.starts_at,
                choices=picture.live[each.visit].choices,
            )
            for each in plan.placements
            if each.visit in picture.live
        ),
        choices={},
    )


def _write(picture: SeriesPicture, plan: SeriesPlan, now: datetime) -> None:
    said = {row.id: contact.confirmation(row.id) for row in picture.live.values()}
    for row in bookings.write(picture, plan, now=now, tell=False):
        if word := said.get(row.id):  # who said that they come meant the time on the wall
            word.schedule_version = row.schedule_version
        audit.record(
            clinic_id=row.clinic_id,
            at=now,
            by_user_id=None,
            role=BY_THE_ZONE,
            action="appointments.move",
            patient_id=row.patient_id,
            subject_id=row.series_id,
            facts={"appointments": [row.id]},
        )
    pictures.touch(picture)
    db.session.flush()
