"""Sends what is due: the clock claims it, a worker takes it over, sends it and marks it."""

from collections.abc import Callable

from server.jobs.failpoints import reached
from server.jobs.work import Work, told
from server.notifications.channel import Message, NotSent
from server.notifications.render import Note, render
from server.services import sending
from server.services.sending import Claimed, Letter, Line
from shared.vocabulary import ChannelName

AT_ONCE = 100
"""How many messages are claimed in one go."""
Queue = Callable[[str, str], object]


def sweep(work: Work, queue: Queue) -> None:
    """Hand everything that is due to the workers."""
    del work
    while claimed := sending.claim(AT_ONCE):
        reached("after-claim")
        for each in claimed:
            queue(each.bundle, each.lease)


def one(work: Work, bundle: str, lease: str) -> None:
    """Send one bundle, if nobody else has it and it still holds."""
    with work.context():
        letter = sending.take(Claimed(bundle=bundle, lease=lease), work.secret)
        if letter is None:
            return
        reached("before-send")
        try:
            provider_id = _send(work, letter)
        except NotSent as refusal:
            sending.failed(letter, refusal.code, again=refusal.again)
        except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
            told("send", error)
            sending.failed(letter, "unexpected", again=True)
        else:
            reached("before-mark")
            sending.sent(letter, provider_id)


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
    return render(letter.language, letter.detail, notes, work.address, by_answer=by_answer)


def _note(work: Work, line: Line) -> Note:
    url = f"{work.address}/p/{line.token}" if line.token else None
    return Note(kind=line.kind, at=line.at, url=url)
