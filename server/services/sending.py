"""Messages on their way out: claimed, checked once more against what they speak of, marked.

The order is always lease, send, mark. Whoever dies in between leaves a lease that runs out; the
next try has the same key, so a recipient that tells doubles by it gets one message.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.persistence import contact, message_texts, outbox
from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import AlertRow, CheckInRow
from server.persistence.database import db
from server.persistence.follow_ups import FollowUpRow
from server.persistence.invitations import InvitationRow
from server.persistence.outbox import OutboxMessageRow
from server.persistence.paperwork import PaperworkRow
from server.persistence.people import PatientRow, language_of
from server.persistence.series import SeriesRow
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import Locks, transaction
from server.persistence.waiting import SlotOfferRow
from server.services.links import Link, Purpose, sign
from shared.vocabulary import (
    AppointmentStatus,
    ChannelName,
    MessageDetail,
    MessageStatus,
    ReminderKind,
    SeriesStatus,
    VisitKind,
)

HANDED_ON_FOR = timedelta(seconds=60)
"""How long a claimed message may wait in the queue before somebody else claims it."""
MOST_AHEAD = 1500
"""How many may be on their way at once: more would outlive their lease in the queue, be claimed
again, and keep the workers busy with what is no longer theirs."""
SENDING_LASTS = timedelta(seconds=120)
"""Longer than any channel may take to send."""
MOST_TRIES = 8
FIRST_WAIT = timedelta(seconds=30)
UPCOMING = {AppointmentStatus.PENDING, AppointmentStatus.BOOKED}
R = ReminderKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """What is handed to a worker: a bundle of messages and the proof that it may send them."""

    bundle: str
    lease: str


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


def claim(limit: int) -> list[Claimed]:
    """Lease what is due, and join what is due for one person into one message."""
    with transaction(Locks(names=frozenset({"outbox:claim"}))):
        at = outbox.now()
        found: dict[str, list[OutboxMessageRow]] = {}
        room = max(0, MOST_AHEAD - outbox.handed_on(at))
        for row in _joined(outbox.due(at, min(limit, room))):
            found.setdefault(str(row.bundle), []).append(row)
        return [
            Claimed(bundle=bundle, lease=outbox.lease(rows, at=at, lasts=HANDED_ON_FOR))
            for bundle, rows in found.items()
        ]


def _joined(rows: list[OutboxMessageRow]) -> list[OutboxMessageRow]:
    """Give every row a bundle that has none yet: the key of the first with the same recipient."""
    firsts: dict[tuple[str, str, str], str] = {}
    for row in rows:
        if row.bundle is None:
            row.bundle = firsts.setdefault(row.recipient, row.key)
    return rows


def give_back(claimed: Iterable[Claimed]) -> None:
    """What could not be handed on may be claimed again at once."""
    with transaction():
        outbox.let_go(each.lease for each in claimed)


def take(claimed: Claimed, secret: str) -> Letter | None:
    """Take over the lease and look once more: what no longer holds is stopped, what came too late
    expires. None where nothing is left to send, or somebody else sends it."""
    with transaction():
        at = outbox.now()
        rows = outbox.take(claimed.bundle, claimed.lease, at=at, lasts=SENDING_LASTS)
        left = [row for row in rows if _stands(row, at)]
        return _letter(left, secret) if left else None


ALWAYS = frozenset({R.CHECK_IN_MISSED, R.DIGEST})
"""What was true when it was written stays so."""
STILL_OPEN: Mapping[ReminderKind, type] = {
    R.ALERT: AlertRow,
    R.TIME_FREE: SlotOfferRow,
    R.NO_SHOW: FollowUpRow,
    R.WINDOW_CLOSED: FollowUpRow,
    R.RESUMED: FollowUpRow,
    R.PAPERWORK_DUE: PaperworkRow,
    R.FORGOTTEN: InvitationRow,
}
"""What is told of only as long as somebody must still do something about it."""


def _stands(row: OutboxMessageRow, at: datetime) -> bool:
    if row.not_after < at:
        row.status = MessageStatus.EXPIRED
    elif not _holds(row):
        row.status = MessageStatus.STOPPED
    return row.status == MessageStatus.WAITING


def _holds(row: OutboxMessageRow) -> bool:
    """Whether what it speaks of is still as it was when it was written."""
    kind = ReminderKind(row.kind)
    if kind in ALWAYS:
        return True
    if kind in STILL_OPEN:
        found: Any = db.session.get(STILL_OPEN[kind], row.subject_id)
        return found is not None and bool(found.is_open)
    if kind in (R.CHECK_IN_DUE, R.CHECK_IN_OVERDUE):
        asked = db.session.get(CheckInRow, row.subject_id)
        return asked is not None and asked.asked and asked.version == row.subject_version
    return _visit_holds(row, cancelled=kind is R.CANCELLED)


def _visit_holds(row: OutboxMessageRow, *, cancelled: bool) -> bool:
    visit = db.session.get(AppointmentRow, row.subject_id)
    if visit is None or visit.schedule_version != row.subject_version:
        return False
    if row.kind == R.CONFIRM and (said := contact.confirmation(visit.id)):
        return said.schedule_version != visit.schedule_version
    if visit.kind == VisitKind.INFUSION and _stopped(visit):
        return cancelled
    status = AppointmentStatus(visit.status)
    return status is AppointmentStatus.CANCELLED if cancelled else status in UPCOMING


def _stopped(visit: AppointmentRow) -> bool:
    """Whether a prescriber holds the series: an infusion of it would not begin."""
    series = db.session.get_one(SeriesRow, visit.series_id)
    return series.status == SeriesStatus.ON_HOLD


def _letter(rows: list[OutboxMessageRow], secret: str) -> Letter:
    first = rows[0]
    address, language, detail = _whom(first)
    return Letter(
        key=str(first.bundle),
        lease=str(first.lease),
        channel=ChannelName(first.channel),
        address=address,
        language=language,
        detail=detail,
        lines=tuple(_line(row, secret) for row in _said_once(rows)),
        texts=_own_words(first.clinic_id, language),
    )


def _own_words(clinic_id: str, language: str) -> dict[str, str]:
    return {kind: row.text for kind, row in message_texts.own(clinic_id, language).items()}


def draft(row: OutboxMessageRow) -> Letter:
    """What would go if this message were sent now by itself; its links open nothing."""
    return _letter([row], secret="")


def _said_once(rows: list[OutboxMessageRow]) -> list[OutboxMessageRow]:
    """A check-in that is asked for in this letter is not asked for a second time in it."""
    asked = {row.subject_id for row in rows if row.kind == R.CHECK_IN_DUE}
    return [r for r in rows if r.kind != R.CHECK_IN_OVERDUE or r.subject_id not in asked]


def _whom(row: OutboxMessageRow) -> tuple[str, str, MessageDetail]:
    if row.patient_id is None:
        user = db.session.get_one(UserRow, row.user_id)
        language = language_of(user.patient_id) if user.patient_id else "en"
        return user.email, language, MessageDetail.TIMES
    patient = db.session.get_one(PatientRow, row.patient_id)
    wishes = contact.preference(row.clinic_id, patient.id)
    address = patient.email if row.channel == ChannelName.EMAIL else patient.phone
    return address, patient.language, MessageDetail(wishes.detail)


def _line(row: OutboxMessageRow, secret: str) -> Line:
    visit = db.session.get(AppointmentRow, row.subject_id)
    offer = db.session.get(SlotOfferRow, row.subject_id)
    link = _offer_link(row, offer) if offer else _link(row, visit)
    at = _local(visit) if visit else None
    at = offer.starts_at.astimezone(ZoneInfo(offer.time_zone)) if offer else at
    return Line(kind=R(row.kind), at=at, token=sign(link, secret) if link else None)


def _local(visit: AppointmentRow) -> datetime:
    begins = visit.patient_from or visit.starts_at
    return begins.astimezone(ZoneInfo(visit.time_zone))


def _offer_link(row: OutboxMessageRow, offer: SlotOfferRow) -> Link:
    """It outlives the offer: whoever comes too late reads so."""
    return Link(
        purpose=Purpose.OFFER,
        subject_id=offer.id,
        version=row.subject_version,
        expires_at=offer.starts_at,
    )


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


def sent(letter: Letter, provider_id: str) -> None:
    """It has left the house."""
    with transaction():
        at = outbox.now()
        for row in _held(letter):
            row.status, row.sent_at, row.failure = MessageStatus.SENT, at, ""
            row.provider_id = provider_id[:200]


def failed(letter: Letter, code: str, *, again: bool) -> None:
    """It could not be sent: once more after a wait that doubles, or given up and shown to staff."""
    with transaction():
        at = outbox.now()
        for row in _held(letter):
            _put_off(row, code, at, again=again)


def spoiled(claimed: Claimed) -> None:
    """No letter could be made of it: tried again like any other, so that in the end staff see it
    instead of nobody."""
    with transaction():
        at = outbox.now()
        for row in outbox.of_bundle(claimed.bundle):
            if row.lease == claimed.lease:
                row.attempts += 1
                _put_off(row, "unexpected", at, again=True)


def _put_off(row: OutboxMessageRow, code: str, at: datetime, *, again: bool) -> None:
    row.failure = code
    if again and row.attempts < MOST_TRIES:
        row.lease, row.lease_until = None, at + FIRST_WAIT * 2 ** (row.attempts - 1)
    else:
        row.status = MessageStatus.DEAD


def _held(letter: Letter) -> Iterator[OutboxMessageRow]:
    """The rows of a letter, as long as nobody else has taken them over."""
    rows: Iterable[OutboxMessageRow] = outbox.of_bundle(letter.key)
    return (row for row in rows if row.lease == letter.lease)
