"""A message goes through one of the services that Apprise knows."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from server.config import BadSettings, from_environment
from server.notifications.channel import Message, NotSent
from server.notifications.through_apprise import AppriseChannel

NUMBER, WORDS = "+15550100", "We would like to see you on Monday."
MESSAGE = Message(subject="A note for you", text=WORDS)


class Service(BaseHTTPRequestHandler):
    """A service that takes JSON; what it was given is kept on its server."""

    def do_POST(self) -> None:
        """Take one message."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, json.loads(body)))  # type: ignore[attr-defined]
        self.send_response(self.server.answering)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        server.taken, server.answering = [], 200  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def channel(service: ThreadingHTTPServer) -> AppriseChannel:
    return AppriseChannel(url=f"json://127.0.0.1:{service.server_port}/{{to}}")


def test_the_words_reach_the_service_with_the_number_and_no_subject(
    service: ThreadingHTTPServer,
) -> None:
    channel(service).send("0" * 64, NUMBER, MESSAGE)
    ((path, body),) = service.taken  # type: ignore[attr-defined]
    assert path.strip("/") in (NUMBER, NUMBER.replace("+", "%2B"))
    assert (body["message"], body["title"]) == (WORDS, "")


def test_what_the_service_refuses_is_tried_again_and_says_nothing_of_anybody(
    service: ThreadingHTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    service.answering = 500  # type: ignore[attr-defined]
    with caplog.at_level(logging.DEBUG), pytest.raises(NotSent) as refused:
        channel(service).send("0" * 64, NUMBER, MESSAGE)
    assert (refused.value.code, refused.value.again) == ("apprise-failed", True)
    assert NUMBER not in caplog.text
    assert WORDS not in caplog.text


def test_a_patient_without_a_number_is_not_written_to(service: ThreadingHTTPServer) -> None:
    with pytest.raises(NotSent) as refused:
        channel(service).send("0" * 64, "", MESSAGE)
    assert not refused.value.again
    assert not service.taken  # type: ignore[attr-defined]


def test_a_number_cannot_lead_the_message_elsewhere(service: ThreadingHTTPServer) -> None:
    channel(service).send("0" * 64, "x@evil.example/?format=1#", MESSAGE)
    ((path, _),) = service.taken  # type: ignore[attr-defined]
    assert "evil.example/" not in path


@pytest.mark.parametrize("url", ["json://127.0.0.1/", "nonsense://{to}", ""])
def test_an_address_that_leads_nowhere_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="Apprise"):
        AppriseChannel(url=url)


def test_a_gateway_and_apprise_for_the_same_messages_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = {
        "DATABASE_URL": "sqlite://",
        "SECRET_KEY": "x" * 32,
        "SMS_APPRISE": "json://127.0.0.1/{to}",
        "SMS_GATEWAY": "http://127.0.0.1",
        "SMS_GATEWAY_SECRET": "x",
    }
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match="not both"):
        from_environment()
