"""Writes what is to be told, in the transaction of what it speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain import reminders as rules
from server.domain.reminders import Occasion, Quiet, Reader, Reminder
from server.persistence import contact, house_rules, outbox
from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import CheckInRow
from server.persistence.contact import ContactPreferenceRow
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.services.planning.pictures import SeriesPicture
from shared.vocabulary import ChannelName, ReminderKind, VisitKind


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is spoken of, at which version of it."""

    clinic_id: str
    id: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who is to be told and how: a patient, or somebody of the staff by their login."""

    channel: str
    patient_id: str | None = None
    user_id: str | None = None


def about_visits(
    picture: SeriesPicture, rows: Iterable[AppointmentRow], moved: set[str], *, now: datetime
) -> None:
    """The reminders of appointments just booked or moved, instead of all earlier ones."""
    wishes = contact.preference(picture.row.clinic_id, picture.patient.id)
    reader, to = reader_of(wishes, picture.site.time_zone), patient_by(wishes)
    habits = house_rules.of_clinic(picture.row.clinic_id).habits
    for row in rows:
        outbox.stop([row.id], before_version=row.schedule_version)
        if to is not None and row.starts_at > now:
            visit = _occasion(picture, row)
            planned = rules.for_visit(visit, reader, now=now, habits=habits)
            if row.id in moved:
                planned.append(rules.at_once(R.CHANGED, reader, now=now, not_after=row.starts_at))
            write(to, _subject(row), planned, now=now)


R = ReminderKind
TOLD_FOR = timedelta(days=7)
"""How long staff are told of what they must look at."""


def about_ended(row: AppointmentRow, site_zone: str, *, tell: bool, now: datetime) -> None:
    """An appointment was given up: nothing about it is told any more but, with `tell`, that."""
    outbox.stop([row.id])
    wishes = contact.preference(row.clinic_id, row.patient_id)
    to = patient_by(wishes)
    if tell and to is not None and row.starts_at > now:
        reader = reader_of(wishes, site_zone)
        told = rules.at_once(R.CANCELLED, reader, now=now, not_after=row.starts_at)
        write(to, _subject(row), [told], now=now)


def about_check_in(row: CheckInRow, site_zone: str, *, now: datetime) -> None:
    """The reminders of a check-in at its present time."""
    outbox.stop([row.id], before_version=row.version)
    wishes = contact.preference(row.clinic_id, row.patient_id)
    if (to := patient_by(wishes)) is not None and row.asked:
        reader = reader_of(wishes, site_zone)
        planned = rules.for_check_in(row.opens_at, row.closes_at, reader, now=now)
        subject = Subject(clinic_id=row.clinic_id, id=row.id, version=row.version)
        write(to, subject, planned, now=now)


def to_staff(
    user_ids: Iterable[str], subject: Subject, kind: ReminderKind, *, now: datetime, until: datetime
) -> None:
    """Tell people of the clinic at once, by e-mail, whatever the hour."""
    told = Reminder(kind=kind, due_at=now, not_after=until)
    for user_id in user_ids:
        write(Recipient(channel=ChannelName.EMAIL, user_id=user_id), subject, [told], now=now)


def write(to: Recipient, subject: Subject, planned: Iterable[Reminder], *, now: datetime) -> None:
    """Put messages into the outbox; one that was written before is left as it is."""
    rows = [_message(to, subject, each, now) for each in planned]
    known = outbox.with_key(row.key for row in rows)
    db.session.add_all(row for row in rows if row.key not in known)


def reader_of(wishes: ContactPreferenceRow, site_zone: str) -> Reader:
    """Whose clock counts: the patient's, or the site's where none is known."""
    return Reader(
        zone=ZoneInfo(wishes.time_zone or site_zone),
        quiet=Quiet(begins=wishes.quiet_from, ends=wishes.quiet_until),
    )


def patient_by(wishes: ContactPreferenceRow) -> Recipient | None:
    """How a patient is told; None for one who wants to hear nothing."""
    if wishes.stopped_at:
        return None
    return Recipient(channel=wishes.channel, patient_id=wishes.patient_id)


def _subject(row: AppointmentRow) -> Subject:
    return Subject(clinic_id=row.clinic_id, id=row.id, version=row.schedule_version)


def _occasion(picture: SeriesPicture, row: AppointmentRow) -> Occasion:
    protocol, infusion = picture.protocol, row.kind == VisitKind.INFUSION
    escort = protocol.escort
    return Occasion(
        kind=VisitKind(row.kind),
        starts_at=row.patient_from or row.starts_at,
        needs_preparing=infusion and protocol.fasting is not None,
        needs_escort=infusion and escort is not None and bool(escort.required),
    )


def _message(
    to: Recipient, subject: Subject, reminder: Reminder, now: datetime
) -> OutboxMessageRow:
    whom = to.patient_id or to.user_id or ""
    return OutboxMessageRow(
        clinic_id=subject.clinic_id,
        key=outbox.key_of(subject.id, reminder.kind, to.channel, subject.version, whom),
        kind=reminder.kind,
        channel=to.channel,
        patient_id=to.patient_id,
        user_id=to.user_id,
        subject_id=subject.id,
        subject_version=subject.version,
        due_at=reminder.due_at,
        not_after=reminder.not_after,
        made_at=now,
    )
