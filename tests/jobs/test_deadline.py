"""A mail server or gateway that never finishes must not hold a message longer than its lease."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from server.notifications.channel import Channel, Message, NotSent
from server.notifications.email import EmailChannel
from server.notifications.gateway import GatewayChannel
from shared.vocabulary import ChannelName
from tests.jobs.mail_server import Postbox

NOTE = Message(subject="A note for you", text="Please call us.")
WITHIN = 1.5


@contextmanager
def far_end(says: bytes, every_seconds: float) -> Iterator[str]:
    """Says this and then one more byte every now and then, for ever; host and port."""
    over = threading.Event()

    def serve(listens: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller, _ = listens.accept()
                threading.Thread(target=drip, args=(caller,), daemon=True).start()

    def drip(caller: socket.socket) -> None:
        with suppress(OSError), caller:
            caller.sendall(says)
            while not over.wait(every_seconds):
                caller.sendall(b"2")

    with socket.create_server(("127.0.0.1", 0)) as listens:
        threading.Thread(target=serve, args=(listens,), daemon=True).start()
        yield f"127.0.0.1:{listens.getsockname()[1]}"
        over.set()
        listens.shutdown(socket.SHUT_RDWR)


def email(address: str) -> Channel:
    server = f"smtp://{address}"
    return EmailChannel(server=server, sender="note@clinic.example", within_seconds=WITHIN)


def gateway(address: str) -> Channel:
    url = f"http://{address}/"
    return GatewayChannel(url=url, secret="-", name=ChannelName.SMS, within_seconds=WITHIN)


@pytest.mark.parametrize(
    ("says", "every_seconds"), [(b"", 60.0), (b"2", 0.05)], ids=["silence", "a byte at a time"]
)
@pytest.mark.parametrize("made", [email, gateway])
def test_a_far_end_that_never_finishes_is_left_in_time_and_tried_again(
    made, says: bytes, every_seconds: float
) -> None:
    with far_end(says, every_seconds) as address:
        began = time.monotonic()
        with pytest.raises(NotSent, match=r"unreachable|smtp-") as failed:
            made(address).send("a", "a@home.example", NOTE)

    assert failed.value.again
    assert time.monotonic() - began < 4 * WITHIN


def test_a_gateway_that_took_it_and_never_comes_to_an_end_is_left_in_time_too() -> None:
    taken = b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"
    with far_end(taken, 0.05) as address:
        began = time.monotonic()

        assert gateway(address).send("a", "+1", NOTE) == ""

    assert time.monotonic() - began < 4 * WITHIN


def test_a_mail_server_that_stops_answering_amid_a_kept_connection_is_left_in_time(
    postbox: Postbox,
) -> None:
    channel = EmailChannel(
        server=postbox.url, sender="note@clinic.example", keeps_line=True, within_seconds=WITHIN
    )
    channel.send("a", "a@home.example", NOTE)
    postbox.hanging = threading.Event()
    with pytest.raises(NotSent, match="smtp-unreachable"):
        channel.send("b", "b@home.example", NOTE)
    postbox.hanging.set()
    postbox.hanging = None

    channel.send("c", "c@home.example", NOTE)

    assert postbox.letters[-1]["To"] == "c@home.example"
    channel.hang_up()
