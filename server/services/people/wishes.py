"""How a patient wants to be written to: by what way, how much a message says, when never."""

from dataclasses import dataclass
from datetime import datetime

from server.persistence import appointments, check_ins, contact, outbox
from server.persistence.appointments import AppointmentRow
from server.persistence.contact import ContactPreferenceRow
from server.persistence.database import db
from server.persistence.people import patient
from server.persistence.transactions import Locks, patient_lock, transaction
from server.services import reach
from server.services.access import Caller
from server.services.messages import outgoing
from server.services.planning import pictures
from server.services.record import audit


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What somebody asks for. `time_zone` None keeps the one known."""

    channel: str
    detail: str
    time_zone: str | None
    quiet_from: int
    quiet_until: int
    stopped: bool


def read(by: Caller, patient_id: str, *, now: datetime) -> ContactPreferenceRow:
    """What holds for a patient now; that somebody looked is on record."""
    with transaction():
        reach.require_known(by, "wishes.read", patient_id)
        audit.looked(by, "wishes.read", [patient_id], now=now)
        return contact.preference(by.clinic_id, patient_id)


def change(by: Caller, patient_id: str, wishes: Wishes, *, now: datetime) -> ContactPreferenceRow:
    """What holds from now on, also for messages that wait already."""
    reach.require_known(by, "wishes.change", patient_id)
    with transaction(Locks(names=frozenset({patient_lock(patient_id)}))):
        row = db.session.merge(contact.preference(by.clinic_id, patient_id))
        was_stopped = row.stopped
        _set(row, wishes, now)
        follow(row, was_stopped=was_stopped, now=now)
        facts: dict[str, object] = {"channel": wishes.channel, "stopped": wishes.stopped}
        audit.changed(by, "wishes.change", now=now, patient_id=patient_id, facts=facts)
        db.session.flush()
        return row


def speak(by: Caller, patient_id: str, language: str, *, now: datetime) -> None:
    """The language in which the patient is spoken to from now on."""
    reach.require_known(by, "wishes.change", patient_id)
    with transaction(Locks(names=frozenset({patient_lock(patient_id)}))):
        row = patient(by.clinic_id, patient_id)
        if row is not None and row.language != language:
            row.language = language
            facts: dict[str, object] = {"language": language}
            audit.changed(by, "wishes.change", now=now, patient_id=patient_id, facts=facts)


def _set(row: ContactPreferenceRow, wishes: Wishes, now: datetime) -> None:
    row.channel, row.detail = wishes.channel, wishes.detail
    row.time_zone = row.time_zone if wishes.time_zone is None else wishes.time_zone
    row.quiet_from, row.quiet_until = wishes.quiet_from, wishes.quiet_until
    row.stopped_at = (row.stopped_at or now) if wishes.stopped else None


def follow(row: ContactPreferenceRow, *, was_stopped: bool, now: datetime) -> None:
    """Messages that nobody has begun to send go the new way, or not at all; somebody who wants to
    hear from us again is told what is still to come."""
    if was_stopped and not row.stopped:
        outbox.revive_for(row.patient_id, now)
        _catch_up(row.clinic_id, row.patient_id, now)
    _reroute(row)


def _catch_up(clinic_id: str, patient_id: str, now: datetime) -> None:
    """Write what was not written while nothing was wanted."""
    coming: dict[str, list[AppointmentRow]] = {}
    for visit in appointments.coming_of(patient_id, now):
        coming.setdefault(visit.series_id, []).append(visit)
    for series_id, visits in coming.items():
        picture = pictures.of_series(clinic_id, series_id)
        outgoing.about_visits(picture, visits, set(), now=now)
    for asked in check_ins.asked_of(patient_id):
        visit = db.session.get_one(AppointmentRow, asked.appointment_id)
        outgoing.about_check_in(asked, visit.time_zone, now=now)


def _reroute(row: ContactPreferenceRow) -> None:
    db.session.flush()
    for each in outbox.waiting_for(row.patient_id):
        each.channel = row.channel
        version, to = each.subject_version, row.patient_id
        each.key = outbox.key_of(each.subject_id, each.kind, row.channel, version, to)
    if row.stopped_at:
        outbox.stop_for(row.patient_id)
