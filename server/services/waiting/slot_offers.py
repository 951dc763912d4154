"""A patient answers the offer of a freed time. The first to accept has it; for everybody else it is
gone, and their visit stays as it is."""

from datetime import datetime

from server.domain.breaches import Refused
from server.persistence import outbox
from server.persistence import waiting as rows
from server.persistence.appointments import AppointmentRow
from server.persistence.last_word import guarded
from server.persistence.transactions import Locks, transaction
from server.persistence.waiting import SlotOfferRow
from server.services import reach
from server.services.access import Caller, require
from server.services.booking import bookings
from server.services.planning import pictures, plan_bodies, questions
from server.services.record import audit
from server.services.refusals import Conflict, NotFound
from server.services.series import rest
from server.services.waiting import freed_times
from shared.vocabulary import FreedStatus, OfferStatus, SeriesStatus

GONE = "This time has gone. Your visit stays as it is."


def of_patient(by: Caller, patient_id: str, *, now: datetime) -> list[SlotOfferRow]:
    """Everything offered to a patient, newest first."""
    reach.require_known(by, "slot_offers.read", patient_id)
    with transaction():
        audit.looked(by, "slot_offers.read", [patient_id], now=now)
        return rows.offers_to(by.clinic_id, patient_id)


@guarded
def accept(by: Caller, offer_id: str, *, now: datetime) -> list[AppointmentRow]:
    """Take the time. Conflict where it has gone: somebody was first, it was thought about too long,
    or the patient's own visits have changed since."""
    row = within_reach(by, "slot_offers.answer", offer_id)
    shown = plan_bodies.from_body(row.plan)
    before = pictures.of_series(by.clinic_id, row.series_id)
    locks = bookings.locks_for(before, shown)
    names = locks.names | {f"freed:{row.freed_time_id}"}
    token = rows.serving.set(row.freed_time_id)
    try:
        with transaction(Locks(names=names, calendar=locks.calendar)):
            return _taken(by, offer_id, now)
    except Refused as refused:
        raise Conflict(GONE) from refused
    finally:
        rows.serving.reset(token)


def _taken(by: Caller, offer_id: str, now: datetime) -> list[AppointmentRow]:
    row = within_reach(by, "slot_offers.answer", offer_id)
    freed = rows.freed(by.clinic_id, row.freed_time_id)
    picture = pictures.of_series(by.clinic_id, row.series_id)
    if freed is None or not is_good(row, now) or freed.status != FreedStatus.OPEN:
        raise Conflict(GONE)
    if picture.row.status != SeriesStatus.ACTIVE or not rest.stands(picture, row.plan, now):
        raise Conflict(GONE)
    shown = plan_bodies.from_body(row.plan)
    free = {each.visit for each in shown.placements}
    asked = questions.question(picture, now=now, free=free, strict=True, proving=shown)
    bookings.prove(asked, shown, now=now)
    written = bookings.write(picture, shown, now=now)
    pictures.touch(picture)
    freed.status = FreedStatus.TAKEN
    freed_times.gone(freed, now, but=row.id)
    _answered(by, row, OfferStatus.ACCEPTED, now)
    if entry := rows.entry(by.clinic_id, row.waiting_id):
        entry.ended_at = entry.ended_at or now
    return written


def decline(by: Caller, offer_id: str, *, now: datetime) -> SlotOfferRow:
    """Leave it to the others. The patient goes on waiting."""
    row = within_reach(by, "slot_offers.answer", offer_id)
    with transaction(Locks(names=frozenset({f"freed:{row.freed_time_id}"}))):
        row = within_reach(by, "slot_offers.answer", offer_id)
        if not is_good(row, now):
            raise Conflict(GONE)
        _answered(by, row, OfferStatus.DECLINED, now)
        freed = rows.freed(by.clinic_id, row.freed_time_id)
        if freed is not None and not any(is_good(each, now) for each in freed.offers):
            freed.held_until, freed.next_look_at = None, now  # the next are asked at once
        return row


def is_good(row: SlotOfferRow, now: datetime) -> bool:
    """Whether it can still be taken, as far as the offer itself says."""
    return row.status == OfferStatus.OFFERED and row.expires_at > now


def _answered(by: Caller, row: SlotOfferRow, status: OfferStatus, now: datetime) -> None:
    row.status, row.answered_at = status, now
    outbox.stop([row.id])
    audit.changed(
        by,
        "slot_offers.answer",
        now=now,
        patient_id=row.patient_id,
        subject_id=row.id,
        facts={"status": str(status), "visit": row.visit_code},
    )


def within_reach(by: Caller, action: str, offer_id: str) -> SlotOfferRow:
    """The offer, or NotFound where there is none this person may know of."""
    require(by, action)
    row = rows.offer(by.clinic_id, offer_id)
    if row is None:
        raise NotFound
    reach.require_patient(by, action, row.patient_id)
    return row
