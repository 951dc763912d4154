"""What comes back through a gateway: answers to messages, and word of what became of them.

Each is applied once, however often and in whatever order it comes. What somebody wrote is read for
one known word and kept nowhere.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from server.domain.replies import Meaning, number_key, read
from server.persistence import appointments, contact, outbox, people
from server.persistence.appointments import AppointmentRow
from server.persistence.contact import ContactPreferenceRow
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.people import PatientRow
from server.persistence.sign_ins import users_with
from server.persistence.transactions import Locks, patient_lock, series_lock, transaction
from server.services import once
from server.services.access import Caller
from server.services.booking import confirmations
from server.services.messages import outgoing
from server.services.messages.outgoing import Subject
from server.services.once import Asked, Reply
from server.services.people import wishes
from server.services.record import audit
from shared.vocabulary import ChannelName, MessageStatus, ReminderKind, Role

BY_REPLY = "reply"
R = ReminderKind
ABOUT_VISITS = (R.CONFIRM, R.BEFORE, R.MORNING, R.RIDE_HOME, R.CHANGED)
NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """An answer: the gateway's own number for it, by what way, from which phone, what was written,
    and the key of the message it answers, where the gateway knows that."""

    id: str
    channel: ChannelName
    sender: str
    text: str
    answers: str | None = None


def take(said: Incoming, *, now: datetime) -> str:
    """Do what an answer asks for, once; what was done is returned ("nothing" where it is no known
    word, nobody's, or not clear whose)."""
    asked = Asked(
        user_id=f"gateway:{said.channel}",
        key=_hashed("reply", said.id),
        request_hash=_hashed(said.sender, said.text),
    )
    kept = once.once(asked, lambda: _carried_out(said, now), now=now)
    return str(kept.body["done"])


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _carried_out(said: Incoming, now: datetime) -> Reply:
    patients = people.with_number(number_key(said.sender))
    with transaction(_locks(patients, now)):
        found = people.with_number(number_key(said.sender))
        return Reply(status=200, body={"done": _done(said, found, now)})


def _locks(patients: Iterable[PatientRow], now: datetime) -> Locks:
    names: set[str] = set()
    for each in patients:
        names.add(patient_lock(each.id))
        coming = appointments.coming_of(each.id, now)
        names.update(series_lock(row.series_id) for row in coming)
    return Locks(names=frozenset(names))


def _done(said: Incoming, patients: list[PatientRow], now: datetime) -> str:
    match read(said.text):
        case Meaning.STOP | Meaning.START as wish if patients:
            for each in patients:
                _stop(each, stopped=wish is Meaning.STOP, now=now)
            return "stopped" if wish is Meaning.STOP else "started"
        case Meaning.COME | Meaning.MOVE as wish:
            visits = _spoken_of(said, patients, now)
            act = _comes if wish is Meaning.COME else _asks_to_move
            for row in visits:
                act(row, now)
            word = "confirmed" if wish is Meaning.COME else "asked-to-move"
            return word if visits else NOTHING
        case _:
            return NOTHING


def _stop(patient: PatientRow, *, stopped: bool, now: datetime) -> None:
    """Whoever shares a phone shares its silence: the phone company lets nothing through either."""
    row: ContactPreferenceRow = db.session.merge(contact.preference(patient.clinic_id, patient.id))
    if row.stopped != stopped:
        row.stopped_at = now if stopped else None
        wishes.follow(row, was_stopped=not stopped, now=now)
        audit.changed(
            _by(patient.clinic_id, patient.id),
            "wishes.change",
            now=now,
            patient_id=patient.id,
            facts={"stopped": stopped},
        )


def _spoken_of(
    said: Incoming, patients: Collection[PatientRow], now: datetime
) -> list[AppointmentRow]:
    """The visits, still as they were told, of the message that is answered: the one whose key came
    along, or the last that went to the one patient with this number."""
    known = {each.id for each in patients}
    if said.answers:
        letter = [row for row in outbox.of_letter(said.answers) if row.patient_id in known]
    elif len(known) == 1:
        letter = outbox.last_letter_to(next(iter(known)), said.channel, ABOUT_VISITS)
    else:
        letter = []
    return [row for each in letter if (row := _visit(each, now)) is not None]


def _visit(message: OutboxMessageRow, now: datetime) -> AppointmentRow | None:
    if message.kind not in ABOUT_VISITS or message.status != MessageStatus.SENT:
        return None
    row = appointments.appointment(message.clinic_id, message.subject_id)
    if row is None or row.schedule_version != message.subject_version or row.starts_at <= now:
        return None
    return row if confirmations.awaited(row) else None


def _comes(row: AppointmentRow, now: datetime) -> None:
    confirmations.note(_by(row.clinic_id, row.patient_id), row, now=now)


def _asks_to_move(row: AppointmentRow, now: datetime) -> None:
    """The desk is told; nothing moves until somebody has spoken with the patient."""
    subject = Subject(clinic_id=row.clinic_id, id=row.id, version=row.schedule_version)
    desk = users_with(row.clinic_id, (Role.FRONT_DESK,)) or users_with(
        row.clinic_id, (Role.ADMINISTRATOR,)
    )
    told = [each.id for each in desk]
    outgoing.to_staff(told, subject, R.MOVE_ASKED, now=now, until=row.starts_at)
    audit.changed(
        _by(row.clinic_id, row.patient_id),
        "appointments.offer",
        now=now,
        patient_id=row.patient_id,
        subject_id=row.id,
        facts={"visit": row.visit_code, "asked": True},
    )


def _by(clinic_id: str, patient_id: str) -> Caller:
    return Caller(user_id=BY_REPLY, clinic_id=clinic_id, role=Role.PATIENT, patient_id=patient_id)


def delivered(key: str, *, arrived: bool, now: datetime) -> int:
    """Word of a message: it reached the phone, or never will. What arrived has arrived, whatever is
    said later or came earlier; what did not is shown to staff like one that could not be sent. How
    many rows it was word of is returned; an unknown key is nobody's."""
    with transaction(Locks(names=frozenset({f"letter:{key}"}))):
        rows = [each for each in outbox.of_letter(key) if _word_counts(each)]
        for row in rows:
            if arrived:
                row.status, row.failure = MessageStatus.SENT, ""
                row.delivered_at = row.delivered_at or now
            elif row.delivered_at is None:
                row.status, row.failure = MessageStatus.DEAD, outbox.UNDELIVERED
        return len(rows)


def _word_counts(row: OutboxMessageRow) -> bool:
    dead = row.status == MessageStatus.DEAD and row.failure == outbox.UNDELIVERED
    return row.status == MessageStatus.SENT or dead
