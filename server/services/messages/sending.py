"""Messages on their way out: claimed, checked once more against what they speak of, marked.

The order is always lease, send, mark. Whoever dies in between leaves a lease that runs out; the
next try has the same key, so a recipient that tells doubles by it gets one message.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.persistence import contact, outbox
from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import AlertRow, CheckInRow
from server.persistence.database import by_id, db
from server.persistence.follow_ups import FollowUpRow
from server.persistence.invitations import InvitationRow
from server.persistence.outbox import OutboxMessageRow
from server.persistence.paperwork import PaperworkRow
from server.persistence.series import SeriesRow
from server.persistence.transactions import Locks, transaction
from server.persistence.waiting import SlotOfferRow
from server.services.messages.letters import Letter, Readers, letter_of
from shared.vocabulary import (
    AppointmentStatus,
    MessageStatus,
    ReminderKind,
    SeriesStatus,
    VisitKind,
)

HANDED_ON_FOR = timedelta(seconds=45)
"""How long a claimed message may wait in the queue before somebody else claims it."""
MOST_AHEAD = 1500
"""How many may be on their way at once: more would outlive their lease in the queue, be claimed
again, and keep the workers busy with what is no longer theirs."""
SENDING_LASTS = timedelta(seconds=40)
"""How soon what a worker took goes to another one, unless it says every few seconds that it still
lives (`hold_on`)."""
UNSURE = outbox.UNSURE
MOST_TRIES = 8
FIRST_WAIT = timedelta(seconds=30)
UPCOMING = {AppointmentStatus.PENDING, AppointmentStatus.BOOKED}
R = ReminderKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """What is handed to a worker: a bundle of messages and the proof that it may send them."""

    bundle: str
    lease: str


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


def give_back(claimed: Iterable[Claimed | Letter]) -> None:
    """What could not be handed on, or was not begun, may be claimed again at once."""
    with transaction():
        outbox.let_go(each.lease for each in claimed)


def take(claimed: Iterable[Claimed], secret: str) -> list[Letter]:
    """Take over the leases and look once more: what no longer holds is stopped, what came too late
    expires. Without those of which nothing is left to send, or which somebody else sends."""
    return _letters([each.lease for each in claimed], secret, anew=True)


def again(letter: Letter, secret: str, *, once: bool) -> Letter | None:
    """Look once more at what was taken a while ago, right before it goes; None where it is not to
    go. `once`: from here on nobody tries it a second time without being asked to."""
    found = _letters([letter.lease], secret, anew=False, bundle=letter.key, once=once)
    return found[0] if found else None


def hold_on(leases: Iterable[str]) -> None:
    """Whoever sends these still lives."""
    with transaction():
        outbox.hold_on(leases, lasts=SENDING_LASTS)


def _letters(
    leases: list[str], secret: str, *, anew: bool, bundle: str | None = None, once: bool = False
) -> list[Letter]:
    with transaction():
        at = outbox.now()
        rows = outbox.take(leases, at=at, lasts=SENDING_LASTS, anew=anew, bundle=bundle)
        subjects = _subjects(rows)
        left: dict[str, list[OutboxMessageRow]] = {}
        for row in rows:
            if _stands(row, at):
                left.setdefault(str(row.bundle), []).append(row)
                row.failure = outbox.UNSURE if once else row.failure
        del subjects  # kept until here: the session forgets what nobody holds
        readers = Readers.of([row for each in left.values() for row in each])
        return [letter_of(each, secret, readers) for each in left.values()]


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
SUBJECTS: Mapping[ReminderKind, type] = {
    **STILL_OPEN,
    R.CHECK_IN_DUE: CheckInRow,
    R.CHECK_IN_OVERDUE: CheckInRow,
}
"""What the others speak of is an appointment."""


def _subjects(rows: Iterable[OutboxMessageRow]) -> list[object]:
    """All that these messages speak of, read in one go for each kind."""
    wanted: dict[Any, set[str]] = {}
    for row in rows:
        if (kind := ReminderKind(row.kind)) not in ALWAYS:
            wanted.setdefault(SUBJECTS.get(kind, AppointmentRow), set()).add(row.subject_id)
    return [each for kind, ids in wanted.items() for each in by_id(kind, ids)]


def _stands(row: OutboxMessageRow, at: datetime) -> bool:
    if row.not_after < at:
        row.status = MessageStatus.EXPIRED
    elif not _holds(row):
        row.status = MessageStatus.STOPPED
    elif row.failure == outbox.UNSURE:
        row.status = MessageStatus.DEAD
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


def sent(letter: Letter, provider_id: str) -> None:
    """It has left the house."""
    with transaction():
        outbox.mark_sent(letter.key, letter.lease, provider_id[:200])


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
