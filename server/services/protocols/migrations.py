"""Carries running series over to another edition of their protocol: exactly as was shown, or not
at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from server.domain import claims
from server.domain.breaches import Breach, BreachCode, Refused
from server.domain.placement import SeriesPlan
from server.persistence import check_ins, follow_ups, impacts, outbox, protocols, waiting
from server.persistence.database import db
from server.persistence.impacts import ImpactRow
from server.persistence.last_word import guarded
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.transactions import Locks, transaction
from server.services.access import Caller, require
from server.services.booking import bookings
from server.services.freshness import found
from server.services.planning import pictures, plan_bodies, questions
from server.services.protocols import carried_over, impact_words
from server.services.protocols.carried_over import Carried, StaysBehind
from server.services.protocols.impact_words import Body
from server.services.record import audit
from server.services.refusals import Conflict, NotFound, Stale
from shared.vocabulary import (
    AppointmentStatus,
    CheckInStatus,
    FollowUpStatus,
    PlannedVisitStatus,
)

Plans = Mapping[str, SeriesPlan]
GIVEN_UP = "The protocol no longer has this visit."


@guarded
def apply(by: Caller, impact_id: str, *, now: datetime) -> ImpactRow:
    """Carry every series of an impact over, with every change shown and no other. Stale where any
    of it has changed since, Refused where a shown time no longer stands; then nothing changes."""
    require(by, "protocols.migrate")
    row = _offered(by, impact_id, now)
    plans = {sid: plan_bodies.from_body(each) for sid, each in _shown(row).items()}
    version = _taking(by, row)
    before = {sid: _carried(by, sid, version, now) for sid in plans}
    with transaction(_locks(before, plans)):
        version = _taking(by, row)
        fresh = {sid: _carried(by, sid, version, now) for sid in plans}
        _require_unchanged(row, fresh)
        _write(fresh, plans, version, now)
        _offered(by, impact_id, now).applied_at = now
        for each in fresh.values():
            _on_record(by, row, each, version, now)
        return row


def _shown(row: ImpactRow) -> dict[str, Body]:
    return {str(each["series_id"]): each for each in cast(list[Body], row.body["series"])}


def _offered(by: Caller, impact_id: str, now: datetime) -> ImpactRow:
    row = impacts.impact(by.clinic_id, impact_id)
    if row is None:
        raise NotFound
    if row.applied_at is not None or row.expires_at <= now:
        raise Refused([Breach(code=BreachCode.STALE)])
    return row


def _taking(by: Caller, row: ImpactRow) -> ProtocolVersionRow:
    """The edition, as it was when the impact was shown, and in use."""
    version = found(protocols.version_of(by.clinic_id, row.version_id))
    if version.activated_at is None or version.retired_at is not None:
        raise Conflict("Series are carried over to an active edition only: activate it first.")
    if version.version != row.body["edition_version"]:
        raise Stale
    return version


def _carried(by: Caller, series_id: str, version: ProtocolVersionRow, now: datetime) -> Carried:
    try:
        before = pictures.of_series(by.clinic_id, series_id)
        return carried_over.carried(before, version, now=now)
    except StaysBehind:
        raise Stale from None


def _locks(before: Mapping[str, Carried], plans: Plans) -> Locks:
    each = [bookings.locks_for(before[sid].picture, plan) for sid, plan in plans.items()]
    names = frozenset(name for locks in each for name in locks.names)
    calendar = next((locks.calendar for locks in each), None)
    return Locks(names=names, calendar=calendar)


def _require_unchanged(row: ImpactRow, fresh: Mapping[str, Carried]) -> None:
    for sid, shown in _shown(row).items():
        times = {str(each["visit"]) for each in impact_words.visits(shown)}
        now_free = fresh[sid].free
        if fresh[sid].picture.row.version != shown["series_version"] or times != now_free:
            raise Stale


def _write(
    fresh: Mapping[str, Carried], plans: Plans, version: ProtocolVersionRow, now: datetime
) -> None:
    """All old times are given up before the first new one is taken."""
    redone = {}
    for sid, each in fresh.items():
        _adopt(each, version, now)
        bookings.lift(each.picture, plans[sid])
        redone[sid] = _lift_redefined(each, plans[sid])
    for sid, each in fresh.items():
        plan = plans[sid]
        if plan.placements:
            free = {placement.visit for placement in plan.placements}
            asked = questions.question(each.picture, now=now, free=free, proving=plan)
            bookings.prove(asked, plan, now=now)
        bookings.write(each.picture, plan, now=now)
        bookings.claim_anew(each.picture, plan, redone[sid])
        _drop_forms(each)


def _adopt(each: Carried, version: ProtocolVersionRow, now: datetime) -> None:
    """The series is on the edition from here on, with its visits."""
    row = each.picture.row
    for gone in each.gone.values():
        bookings.let_go(gone, AppointmentStatus.CANCELLED, GIVEN_UP, now=now)
    row.protocol_version_id = version.id
    had = {planned.code: planned for planned in row.planned_visits}
    for wanted in each.planned:
        if planned := had.pop(wanted.code, None):
            planned.place, planned.status = wanted.place, wanted.status
        else:
            row.planned_visits.append(wanted)
    for planned in had.values():
        planned.place, planned.status = len(each.planned) + planned.place, _ended(planned.status)
        _nobody_waits_for(row.id, planned.code, now)
    db.session.flush()


def _nobody_waits_for(series_id: str, code: str, now: datetime) -> None:
    """A visit that is no part of the series any more is on nobody's list."""
    if entry := waiting.open_entry(series_id, code):
        entry.ended_at = now
    if missed := follow_ups.open_of(series_id, code):
        missed.status, missed.outcome, missed.settled_at = FollowUpStatus.SETTLED, GIVEN_UP, now
        outbox.stop([missed.id])


def _ended(status: str) -> str:
    return status if status == PlannedVisitStatus.COMPLETED else PlannedVisitStatus.REVOKED


def _lift_redefined(each: Carried, plan: SeriesPlan) -> set[str]:
    """Visits that keep time and people, but claim something else by the new edition."""
    found_ = set()
    for placement in plan.placements:
        row = each.picture.live.get(placement.visit)
        if row is None or not row.claims:
            continue
        visit = each.picture.visit(placement.visit)
        chosen = bookings.chosen(plan, placement)
        wanted = {
            (c.claim.bookable_id, c.part, c.claim.starts_at, c.claim.ends_at, c.claim.units)
            for c in claims.taken(visit, placement.starts_at, chosen)
        }
        held = {(c.bookable_id, c.part, c.starts_at, c.ends_at, c.units) for c in row.claims}
        if wanted != held:
            row.claims.clear()
            found_.add(placement.visit)
    db.session.flush()
    return found_


def _drop_forms(each: Carried) -> None:
    """What the new edition does not ask is not asked any more."""
    protocol = each.picture.protocol
    asked = {form.code for form in (*protocol.check_ins, *protocol.assessments)}
    for code, row in check_ins.of_series(each.picture.row.id).items():
        if code not in asked and row.asked:
            row.status = CheckInStatus.CANCELLED
            outbox.stop([row.id])


def _on_record(
    by: Caller, row: ImpactRow, each: Carried, version: ProtocolVersionRow, now: datetime
) -> None:
    pictures.touch(each.picture)
    db.session.flush()
    audit.changed(
        by,
        "protocols.migrate",
        now=now,
        patient_id=each.picture.patient.id,
        subject_id=each.picture.row.id,
        facts={"impact": row.id, "edition": version.id},
    )
