"""A patient says that they come, and who takes them home."""

from datetime import datetime

from server.domain import series as rules
from server.persistence import contact, rides
from server.persistence.appointments import AppointmentRow
from server.persistence.contact import ConfirmationRow
from server.persistence.database import db
from server.persistence.rides import RideHomeRow
from server.persistence.transactions import Locks, series_lock, transaction
from server.services.access import Caller
from server.services.booking import appointments
from server.services.record import audit
from server.services.refusals import Stale
from shared.vocabulary import AppointmentStatus

AWAITED = (AppointmentStatus.PENDING, AppointmentStatus.BOOKED)


def confirm(
    by: Caller, appointment_id: str, *, schedule_version: int, now: datetime
) -> ConfirmationRow:
    """The patient comes at the time they were shown. Said twice, the first word counts; Stale
    where the appointment has another time by now."""
    action = "appointments.confirm"
    series_id = appointments.within_reach(by, action, appointment_id).series_id
    with transaction(Locks(names=frozenset({series_lock(series_id)}))):
        row = appointments.within_reach(by, action, appointment_id)
        _require_awaited(row)
        if row.schedule_version != schedule_version:
            raise Stale
        return note(by, row, now=now)


def note(by: Caller, row: AppointmentRow, *, now: datetime) -> ConfirmationRow:
    """Put down, in the present transaction, that the patient comes at the time there is."""
    said = contact.confirmation(row.id) or _unsaid(row)
    if said.schedule_version != row.schedule_version:
        said.schedule_version, said.confirmed_at = row.schedule_version, now
        db.session.add(said)
        _on_record(by, "appointments.confirm", row, now)
    return said


def name_ride(
    by: Caller, appointment_id: str, *, name: str, phone: str, now: datetime
) -> RideHomeRow:
    """The patient names who takes them home; a later word replaces an earlier one."""
    action = "appointments.ride"
    series_id = appointments.within_reach(by, action, appointment_id).series_id
    with transaction(Locks(names=frozenset({series_lock(series_id)}))):
        row = appointments.within_reach(by, action, appointment_id)
        _require_awaited(row)
        ride = rides.ride(row.id) or RideHomeRow(
            appointment_id=row.id, clinic_id=row.clinic_id, patient_id=row.patient_id
        )
        ride.name, ride.phone, ride.named_at = name, phone, now
        db.session.add(ride)
        _on_record(by, action, row, now)
        return ride


def _unsaid(row: AppointmentRow) -> ConfirmationRow:
    return ConfirmationRow(appointment_id=row.id, clinic_id=row.clinic_id, schedule_version=0)


def awaited(row: AppointmentRow) -> bool:
    """Whether somebody may still come to it."""
    return AppointmentStatus(row.status) in AWAITED


def _require_awaited(row: AppointmentRow) -> None:
    """Raises Refused for what is over or was given up."""
    if not awaited(row):
        raise rules.NotAllowedChange(
            "an appointment", AppointmentStatus(row.status), AppointmentStatus.BOOKED
        )


def _on_record(by: Caller, action: str, row: AppointmentRow, now: datetime) -> None:
    facts: dict[str, object] = {"visit": row.visit_code}
    audit.changed(by, action, now=now, patient_id=row.patient_id, subject_id=row.id, facts=facts)
