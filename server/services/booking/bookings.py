"""Writes appointments and their claims; every way of booking ends here, under the locks."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from server.domain import booking, claims
from server.domain.breaches import Refused
from server.domain.placement import Placement, SeriesPlan
from server.domain.protocols import VisitDefinition
from server.persistence import bookables, outbox, waiting
from server.persistence.appointments import AppointmentRow, ClaimRow
from server.persistence.database import db
from server.persistence.transactions import Locks, bookable_locks, named, patient_lock, series_lock
from server.persistence.types import new_id
from server.services.check_ins import check_in_times
from server.services.messages import outgoing
from server.services.planning.pictures import SeriesPicture
from server.services.planning.questions import Question
from shared.vocabulary import AppointmentStatus


def locks_for(picture: SeriesPicture, plan: SeriesPlan) -> Locks:
    """All that booking this plan touches, so that it can be locked before the first read."""
    days = [
        bookable_locks(claim.bookable_id, claim.starts_at, claim.ends_at)
        for placement in plan.placements
        for claim in claims.touched(
            picture.visit(placement.visit), placement.starts_at, chosen(plan, placement)
        )
    ]
    ours = [series_lock(picture.row.id), patient_lock(picture.patient.id)]
    return Locks(names=named(ours, *days), calendar=picture.row.clinic_id)


def chosen(plan: SeriesPlan, placement: Placement) -> dict[str, str]:
    """Who is chosen for a visit, the kept choices included."""
    return dict(plan.choices) | dict(placement.choices)


def prove(asked: Question, plan: SeriesPlan, *, now: datetime) -> None:
    """Raise Refused with every rule the plan breaks."""
    if found := booking.breaches(asked.series, plan, asked.calendar, now=now):
        raise Refused(found)


def write(
    picture: SeriesPicture, plan: SeriesPlan, *, now: datetime, tell: bool = True
) -> list[AppointmentRow]:
    """Book what the plan holds: new visits are added, changed ones moved, equal ones left. Patients
    are told of what was moved, unless the time they know is still the same.

    The plan has been proved under the locks of this transaction. Old claims go before new ones
    come, so that two visits of the series may change places.
    """
    changed = lift(picture, plan)
    singles = _singles(picture, plan, changed)
    rows = [_row(picture, plan, placement, now) for placement in changed]
    for row in rows:
        for claim in row.claims:
            claim.exclusive = claim.bookable_id in singles and claim.units > 0
    picture.row.choices = dict(picture.row.choices) | dict(plan.choices)
    db.session.flush()
    moved = {each.id for each in picture.live.values()} if tell else set()
    outgoing.about_visits(picture, rows, moved, now=now)
    check_in_times.follow(picture, now=now)
    return rows


def lift(picture: SeriesPicture, plan: SeriesPlan) -> list[Placement]:
    """Give up the present claims of all visits that the plan moves; what it changes is returned.
    For several series at once, lift all before writing the first."""
    changed = [each for each in plan.placements if not _stands(picture, plan, each)]
    moved = [each for each in changed if each.visit in picture.live]
    waited_for = bool(moved) and waiting.waits(picture.site.id)
    for placement in moved:
        if waited_for:
            waiting.note_freed(picture.live[placement.visit], outbox.now())
        picture.live[placement.visit].claims.clear()
        picture.live[placement.visit].patient_from = None
    db.session.flush()
    return changed


def _stands(picture: SeriesPicture, plan: SeriesPlan, placement: Placement) -> bool:
    row, visit = picture.live.get(placement.visit), picture.visit(placement.visit)
    there = claims.with_patient(visit, placement.starts_at)
    return (
        row is not None
        and row.starts_at == placement.starts_at
        and row.ends_at == claims.ends_at(visit, placement.starts_at)
        and row.patient_from == (there.starts_at if there else None)
        and row.choices == _needed(visit, plan, placement)
    )


def _needed(visit: VisitDefinition, plan: SeriesPlan, placement: Placement) -> dict[str, str]:
    names = {claim.choice for part in visit.parts for claim in part.claims if claim.choice}
    return {name: who for name, who in chosen(plan, placement).items() if name in names}


def _row(
    picture: SeriesPicture, plan: SeriesPlan, placement: Placement, now: datetime
) -> AppointmentRow:
    visit = picture.visit(placement.visit)
    row = picture.live.get(placement.visit)
    if row is None:
        row = _new(picture, visit, now)
        db.session.add(row)
    else:
        row.schedule_version += 1
    _set_time(row, visit, placement.starts_at, picture.site.time_zone)
    row.choices = _needed(visit, plan, placement)
    row.claims.extend(_claims(row, visit, placement.starts_at, row.choices))
    return row


def claim_anew(picture: SeriesPicture, plan: SeriesPlan, codes: Collection[str]) -> None:
    """Claims for visits that stand where they stood but need something else; theirs are lifted."""
    placements = [each for each in plan.placements if each.visit in codes]
    singles = _singles(picture, plan, placements)
    for each in placements:
        row = picture.live[each.visit]
        row.claims.extend(_claims(row, picture.visit(each.visit), each.starts_at, row.choices))
        for claim in row.claims:
            claim.exclusive = claim.bookable_id in singles and claim.units > 0
    db.session.flush()


def _new(picture: SeriesPicture, visit: VisitDefinition, now: datetime) -> AppointmentRow:
    planned = next(each for each in picture.row.planned_visits if each.code == visit.code)
    return AppointmentRow(
        id=new_id(),
        clinic_id=picture.row.clinic_id,
        site_id=picture.site.id,
        patient_id=picture.patient.id,
        series_id=picture.row.id,
        planned_visit_id=planned.id,
        visit_code=visit.code,
        kind=visit.kind,
        status=AppointmentStatus.BOOKED,
        made_at=now,
        schedule_version=1,
    )


def _set_time(row: AppointmentRow, visit: VisitDefinition, starts_at: datetime, zone: str) -> None:
    there = claims.with_patient(visit, starts_at)
    row.starts_at = starts_at
    row.ends_at = claims.ends_at(visit, starts_at)
    row.patient_from = there.starts_at if there else None
    row.patient_until = there.ends_at if there else None
    row.wall_time = starts_at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
    row.time_zone = zone


def _singles(picture: SeriesPicture, plan: SeriesPlan, placements: Iterable[Placement]) -> set[str]:
    """Of what these visits claim, that which holds one at a time."""
    claimed = {
        taken.claim.bookable_id
        for each in placements
        for taken in claims.taken(picture.visit(each.visit), each.starts_at, chosen(plan, each))
    }
    return {who for who, most in bookables.capacities(claimed).items() if most == 1}


def _claims(
    row: AppointmentRow, visit: VisitDefinition, starts_at: datetime, choices: Mapping[str, str]
) -> Iterable[ClaimRow]:
    for each in claims.taken(visit, starts_at, choices):
        yield ClaimRow(
            clinic_id=row.clinic_id,
            bookable_id=each.claim.bookable_id,
            part=each.part,
            starts_at=each.claim.starts_at,
            ends_at=each.claim.ends_at,
            units=each.claim.units,
        )


def take_back(row: AppointmentRow) -> None:
    """It did take place after all: it holds its claims again, as long as nothing else has them."""
    row.reason = ""
    for claim in row.claims:
        claim.live = True
    db.session.flush()


def let_go(row: AppointmentRow, status: AppointmentStatus, reason: str, *, now: datetime) -> None:
    """End an appointment: its claims are free at once, reminders for it are dead, and what was to
    be asked around it is not asked. The patient is told of a cancelled one."""
    if row.starts_at > now:
        waiting.note_freed(row, now)
    row.status = status
    row.reason = reason
    row.schedule_version += 1
    for claim in row.claims:
        claim.live = False
    db.session.flush()
    told = status is AppointmentStatus.CANCELLED
    outgoing.about_ended(row, row.time_zone, tell=told, now=now)
    check_in_times.call_off(row)
