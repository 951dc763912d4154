"""What a message says and to whom, made of its rows at the moment it goes: patients change their
address, their language and how much they want said until the last moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from server.persistence import contact, message_texts
from server.persistence.appointments import AppointmentRow
from server.persistence.contact import ContactPreferenceRow
from server.persistence.database import by_id, db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.people import PatientRow, language_of
from server.persistence.sign_ins import UserRow
from server.persistence.waiting import SlotOfferRow
from server.services.sign_ins.links import Link, Purpose, sign
from shared.vocabulary import ChannelName, MessageDetail, ReminderKind

R = ReminderKind
OF_VISITS = {R.CONFIRM, R.BEFORE, R.MORNING, R.RIDE_HOME, R.CHANGED, R.CANCELLED, R.MOVE_ASKED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing to tell: its kind, the local time it speaks of, where to read more."""

    kind: ReminderKind
    at: datetime | None
    token: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """Everything a channel and the catalogue need; `key` is the same at every try."""

    key: str
    lease: str
    channel: ChannelName
    address: str
    language: str
    detail: MessageDetail
    lines: tuple[Line, ...]
    texts: Mapping[str, str]
    """The clinic's own words, by kind."""


@dataclass
class Readers:
    """Those who are written to, looked up together however many they are."""

    patients: dict[str, PatientRow] = field(default_factory=dict)
    wishes: dict[str, ContactPreferenceRow] = field(default_factory=dict)
    words: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: list[OutboxMessageRow]) -> "Readers":
        """All patients of these messages."""
        ids = {row.patient_id for row in rows if row.patient_id}
        return cls(
            patients={each.id: each for each in by_id(PatientRow, ids)},
            wishes=contact.preferences(ids),
        )

    def own_words(self, clinic_id: str, language: str) -> dict[str, str]:
        """A clinic's own texts in a language, by kind."""
        if (clinic_id, language) not in self.words:
            own = message_texts.own(clinic_id, language)
            self.words[clinic_id, language] = {kind: row.text for kind, row in own.items()}
        return self.words[clinic_id, language]


def letter_of(rows: list[OutboxMessageRow], secret: str, readers: Readers | None = None) -> Letter:
    """The one message that these rows go as."""
    first, readers = rows[0], readers or Readers.of(rows)
    address, language, detail = _whom(first, readers)
    return Letter(
        key=str(first.bundle),
        lease=str(first.lease),
        channel=ChannelName(first.channel),
        address=address,
        language=language,
        detail=detail,
        lines=tuple(_line(row, secret) for row in _said_once(rows)),
        texts=readers.own_words(first.clinic_id, language),
    )


def draft(row: OutboxMessageRow) -> Letter:
    """What would go if this message were sent now by itself; its links open nothing."""
    return letter_of([row], secret="")


def _said_once(rows: list[OutboxMessageRow]) -> list[OutboxMessageRow]:
    """A check-in that is asked for in this letter is not asked for a second time in it."""
    asked = {row.subject_id for row in rows if row.kind == R.CHECK_IN_DUE}
    return [r for r in rows if r.kind != R.CHECK_IN_OVERDUE or r.subject_id not in asked]


def _whom(row: OutboxMessageRow, readers: Readers) -> tuple[str, str, MessageDetail]:
    if row.patient_id is None:
        user = db.session.get_one(UserRow, row.user_id)
        language = language_of(user.patient_id) if user.patient_id else "en"
        return user.email, language, MessageDetail.TIMES
    patient = readers.patients[row.patient_id]
    wishes = readers.wishes.get(patient.id) or contact.usual(row.clinic_id, patient.id)
    address = patient.email if row.channel == ChannelName.EMAIL else patient.phone
    return address, patient.language, MessageDetail(wishes.detail)


def _line(row: OutboxMessageRow, secret: str) -> Line:
    if row.kind == R.TIME_FREE:
        return _of_offer(row, db.session.get_one(SlotOfferRow, row.subject_id), secret)
    visit = db.session.get(AppointmentRow, row.subject_id) if row.kind in OF_VISITS else None
    link = _link(row, visit)
    at = _local(visit) if visit else None
    return Line(kind=R(row.kind), at=at, token=sign(link, secret) if link else None)


def _local(visit: AppointmentRow) -> datetime:
    begins = visit.patient_from or visit.starts_at
    return begins.astimezone(ZoneInfo(visit.time_zone))


def _of_offer(row: OutboxMessageRow, offer: SlotOfferRow, secret: str) -> Line:
    """Its link outlives the offer: whoever comes too late reads so."""
    link = Link(
        purpose=Purpose.OFFER,
        subject_id=offer.id,
        version=row.subject_version,
        expires_at=offer.starts_at,
    )
    at = offer.starts_at.astimezone(ZoneInfo(offer.time_zone))
    return Line(kind=R.TIME_FREE, at=at, token=sign(link, secret))


def _link(row: OutboxMessageRow, visit: AppointmentRow | None) -> Link | None:
    forgotten = row.kind == R.FORGOTTEN
    if row.kind == R.CANCELLED or (row.patient_id is None and not forgotten):
        return None
    unseen = Purpose.FORGOTTEN if forgotten else Purpose.CHECK_IN
    return Link(
        purpose=Purpose.APPOINTMENT if visit else unseen,
        subject_id=row.subject_id,
        version=row.subject_version,
        expires_at=visit.starts_at if visit else row.not_after,
    )
