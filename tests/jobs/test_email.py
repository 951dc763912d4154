from collections.abc import Iterator

import pytest

from server.notifications.channel import Message, NotSent
from server.notifications.email import EmailChannel
from tests.jobs.mail_server import Postbox

NOTE = Message(subject="A note for you", text="Please call us.")


@pytest.fixture
def channel(postbox: Postbox) -> Iterator[EmailChannel]:
    made = EmailChannel(server=postbox.url, sender="note@clinic.example", keeps_line=True)
    yield made
    made.hang_up()


def send(channel: EmailChannel, *keys: str) -> None:
    for key in keys:
        channel.send(key, f"{key}@home.example", NOTE)


def test_many_letters_go_over_one_connection(channel: EmailChannel, postbox: Postbox) -> None:
    send(channel, "a", "b", "c")

    assert (len(postbox.letters), postbox.calls) == (3, 1)


def test_a_mail_server_that_hangs_up_after_a_letter_gets_the_next_one_all_the_same(
    channel: EmailChannel, postbox: Postbox
) -> None:
    postbox.hangs_up = True

    send(channel, "a", "b", "c")

    assert [letter["To"] for letter in postbox.letters] == [f"{k}@home.example" for k in "abc"]


def test_after_a_letter_was_refused_the_next_one_goes(
    channel: EmailChannel, postbox: Postbox
) -> None:
    send(channel, "a")
    postbox.refusing = "450"
    with pytest.raises(NotSent, match="smtp-450") as refused:
        send(channel, "b")
    postbox.refusing = ""

    send(channel, "b")

    assert refused.value.again
    assert [letter["To"] for letter in postbox.letters] == ["a@home.example", "b@home.example"]


def test_a_letter_whose_receipt_was_lost_is_tried_again_with_the_same_number(
    channel: EmailChannel, postbox: Postbox
) -> None:
    postbox.loses_replies = 1
    with pytest.raises(NotSent) as lost:
        send(channel, "a")

    send(channel, "a")

    assert lost.value.again
    assert len({letter["Message-ID"] for letter in postbox.letters}) == 1
