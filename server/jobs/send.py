"""Sends what is due: the clock claims it, a worker takes it over, sends it and marks it.

Where much is due a worker takes several at once: one transaction for many instead of one each.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from server.jobs.failpoints import reached
from server.jobs.work import Work, told
from server.notifications.channel import Channel, Message, NotSent
from server.notifications.render import Note, render
from server.services.faults import DatabaseError, refusal
from server.services.messages import sending
from server.services.messages.letters import Letter, Line
from server.services.messages.sending import Claimed
from server.services.refusals import Unavailable
from shared.vocabulary import ChannelName

T = TypeVar("T")
AT_ONCE = 100
"""How many messages are claimed in one go."""
TOGETHER = 10
"""How many a worker takes in one go, where so many are due that every worker has enough."""
SHARED_BY = 8
FRESH_SECONDS = 2.0
"""What was taken longer ago is looked at once more before it goes."""
Queue = Callable[[Sequence[tuple[str, str]]], object]
"""Takes bundles and their leases for one worker."""
TRIES = 15
BETWEEN_TRIES_SECONDS = 2.0
"""How long what has left the house waits for a database that is away, so as to be marked: well
within the lease, for whoever gets the message after that sends it again."""


def sweep(work: Work, queue: Queue) -> None:
    """Hand everything that is due to the workers."""
    del work
    while claimed := sending.claim(AT_ONCE):
        reached("after-claim")
        waiting = iter(_shared_out(claimed))
        for group in waiting:
            if not _queued(queue, group):
                sending.give_back([*group, *(each for left in waiting for each in left)])
                return


def _shared_out(claimed: list[Claimed]) -> Iterator[list[Claimed]]:
    """In groups, small ones where little is due, so that it goes by many at the same time."""
    size = max(1, min(TOGETHER, len(claimed) // SHARED_BY))
    left = iter(claimed)
    while group := list(islice(left, size)):
        yield group


def _queued(queue: Queue, group: Sequence[Claimed]) -> bool:
    """Put it into the queue; tried twice, because a connection is found dead only by using it."""
    for _ in range(2):
        try:
            queue([(each.bundle, each.lease) for each in group])
        except Exception as error:  # noqa: BLE001 - whatever carries the queue: it comes back
            told("queue", error)
        else:
            return True
    return False


def several(work: Work, leases: Sequence[tuple[str, str]]) -> None:
    """Send these bundles one after the other: those that nobody else has and that still hold."""
    with work.context():
        group = [Claimed(bundle=bundle, lease=lease) for bundle, lease in leases]
        letters = _taken(group, work.secret)
        taken_at = time.monotonic()
        with work.held.holding(letter.lease for letter in letters):
            for place, letter in enumerate(letters):
                if work.held.ends.is_set():
                    return _steadily(partial(sending.give_back, letters[place:]))
                _send_one(work, letter, taken_at)
    return None


def _send_one(work: Work, letter: Letter, taken_at: float) -> None:
    channel = work.channels.get(letter.channel)
    once = channel is not None and not channel.dedupes and letter.channel in work.rather_not
    if once or time.monotonic() - taken_at > FRESH_SECONDS:
        again = _steadily(lambda: sending.again(letter, work.secret, once=once))
        if again is None:
            return
        letter = again
    with work.held.holding([letter.lease]):
        _send_and_mark(work, letter, channel, once=once)


def _send_and_mark(work: Work, letter: Letter, channel: Channel | None, *, once: bool) -> None:
    reached("before-send")
    if channel is None:
        return _mark_failed(letter, "no-channel", again=False)
    try:
        provider_id = channel.send(letter.key, letter.address, _message(work, letter))
        reached("after-send")
    except NotSent as refusal:
        code, try_again = refusal.code, refusal.again
        if once and refusal.unsure:
            code, try_again = sending.UNSURE, False
        _mark_failed(letter, code, again=try_again)
    except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
        told("send", error)
        _mark_failed(letter, "unexpected", again=True)
    else:
        reached("before-mark")
        _steadily(lambda: sending.sent(letter, provider_id))
    return None


def _mark_failed(letter: Letter, code: str, *, again: bool) -> None:
    _steadily(lambda: sending.failed(letter, code, again=again))


def _taken(group: Sequence[Claimed], secret: str) -> list[Letter]:
    """The letters. Where one of them cannot be made, each is taken by itself."""
    try:
        return _steadily(lambda: sending.take(group, secret))
    except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
        told("send", error)
        return [each for claimed in group for each in _taken_alone(claimed, secret)]


def _taken_alone(claimed: Claimed, secret: str) -> list[Letter]:
    """One letter; none also where it cannot be made, which counts as a failed try."""
    try:
        return _steadily(lambda: sending.take([claimed], secret))
    except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
        told("send", error)
        _steadily(lambda: sending.spoiled(claimed))
        return []


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
