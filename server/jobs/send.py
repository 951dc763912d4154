"""Sends what is due: the clock claims it, a worker takes it over, sends it and marks it."""

import time
from collections.abc import Callable
from typing import TypeVar

from server.jobs.failpoints import reached
from server.jobs.work import Work, told
from server.notifications.channel import Message, NotSent
from server.notifications.render import Note, render
from server.services import sending
from server.services.faults import DatabaseError, refusal
from server.services.refusals import Unavailable
from server.services.sending import Claimed, Letter, Line
from shared.vocabulary import ChannelName

T = TypeVar("T")
AT_ONCE = 100
"""How many messages are claimed in one go."""
Queue = Callable[[str, str], object]
TRIES = 20
BETWEEN_TRIES_SECONDS = 2.0
"""How long what has left the house waits for a database that is away, so as to be marked: well
within the lease, for whoever gets the message after that sends it again."""


def sweep(work: Work, queue: Queue) -> None:
    """Hand everything that is due to the workers."""
    del work
    while claimed := sending.claim(AT_ONCE):
        reached("after-claim")
        for place, each in enumerate(claimed):
            if not _queued(queue, each):
                sending.give_back(claimed[place:])
                return


def _queued(queue: Queue, claimed: Claimed) -> bool:
    """Put it into the queue; tried twice, because a connection is found dead only by using it."""
    for _ in range(2):
        try:
            queue(claimed.bundle, claimed.lease)
        except Exception as error:  # noqa: BLE001 - whatever carries the queue: it comes back
            told("queue", error)
        else:
            return True
    return False


def one(work: Work, bundle: str, lease: str) -> None:
    """Send one bundle, if nobody else has it and it still holds."""
    with work.context():
        claimed = Claimed(bundle=bundle, lease=lease)
        letter = _taken(claimed, work.secret)
        if letter is None:
            return
        reached("before-send")
        try:
            provider_id = _send(work, letter)
        except NotSent as refusal:
            _mark_failed(letter, refusal.code, again=refusal.again)
        except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
            told("send", error)
            _mark_failed(letter, "unexpected", again=True)
        else:
            reached("before-mark")
            _steadily(lambda: sending.sent(letter, provider_id))


def _mark_failed(letter: Letter, code: str, *, again: bool) -> None:
    _steadily(lambda: sending.failed(letter, code, again=again))


def _taken(claimed: Claimed, secret: str) -> Letter | None:
    """The letter; None also where it cannot be made, which counts as a failed try."""
    try:
        return _steadily(lambda: sending.take(claimed, secret))
    except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
        told("send", error)
        _steadily(lambda: sending.spoiled(claimed))
        return None


def _steadily(work: Callable[[], T]) -> T:
    """Do it, and while the database is away, again and again."""
    for _ in range(TRIES - 1):
        try:
            return work()
        except DatabaseError as error:
            if not isinstance(refusal(error), Unavailable):
                raise
            told("database", error)
            time.sleep(BETWEEN_TRIES_SECONDS)
    return work()


def _send(work: Work, letter: Letter) -> str:
    channel = work.channels.get(letter.channel)
    if channel is None:
        raise NotSent("no-channel", again=False)
    number = channel.send(letter.key, letter.address, _message(work, letter))
    reached("after-send")
    return number


def _message(work: Work, letter: Letter) -> Message:
    notes = [_note(work, line) for line in letter.lines]
    by_answer = letter.channel is ChannelName.SMS
    return render(
        letter.language,
        letter.detail,
        notes,
        work.address,
        by_answer=by_answer,
        own=letter.texts,
    )


def _note(work: Work, line: Line) -> Note:
    url = f"{work.address}/p/{line.token}" if line.token else None
    return Note(kind=line.kind, at=line.at, url=url)
