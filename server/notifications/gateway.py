"""Text messages and push through a clinic's HTTP gateway. The contract is in docs/operations.md:

    POST <address of the gateway>
    Authorization: Bearer <the clinic's secret>
    Idempotency-Key: <64 hexadecimal characters>
    {"channel": "sms", "to": "+1...", "text": "..."}

2xx with {"id": "..."}: taken; the same key again: the same answer, and nothing sent again. 4xx but
408, 425 and 429: never try again. Anything else: later.
"""

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import partial
from typing import Any

from server.notifications.channel import Message, NotSent
from server.notifications.deadline import SILENCE_SECONDS, WITHIN_SECONDS, Deadline
from shared.vocabulary import ChannelName

LONGEST_REPLY = 10_000
LATER = {408, 425, 429}
CLIENT_ERRORS = range(400, 500)


class _Connection(http.client.HTTPConnection):
    """A connection that ends with its deadline."""

    def __init__(self, *words: Any, deadline: Deadline, **more: Any) -> None:
        self.deadline = deadline
        super().__init__(*words, **more)

    def connect(self) -> None:
        """Connect, watched from now on."""
        super().connect()
        self.deadline.watch(self.sock)


class _TlsConnection(_Connection, http.client.HTTPSConnection):
    """The same, encrypted."""


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        super().__init__()

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Over a connection that ends in time."""
        return self.do_open(partial(_Connection, deadline=self.deadline), req)


class _Encrypted(urllib.request.HTTPSHandler):
    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        super().__init__()

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Over a connection that ends in time."""
        return self.do_open(partial(_TlsConnection, deadline=self.deadline), req)


@dataclass(frozen=True, kw_only=True)
class GatewayChannel:
    """One gateway for one way of sending."""

    url: str
    secret: str
    name: ChannelName
    dedupes: bool = True
    within_seconds: float = WITHIN_SECONDS

    def send(self, key: str, address: str, message: Message) -> str:
        """Hand it to the gateway. Raises NotSent."""
        if not address:
            raise NotSent("no-address", again=False)
        try:
            with Deadline(self.within_seconds) as deadline:
                return self._handed_over(self._request(key, address, message), deadline)
        except urllib.error.HTTPError as error:
            for_good = error.code in CLIENT_ERRORS and error.code not in LATER
            raise NotSent(f"gateway-{error.code}", again=not for_good) from None
        except (OSError, ValueError, http.client.HTTPException):
            raise NotSent("gateway-unreachable", again=True, unsure=True) from None

    def _handed_over(self, request: urllib.request.Request, deadline: Deadline) -> str:
        opener = urllib.request.build_opener(_Plain(deadline), _Encrypted(deadline))
        silence = min(SILENCE_SECONDS, self.within_seconds)
        with opener.open(request, timeout=silence) as reply:
            return _number(reply.read(LONGEST_REPLY))

    def _request(self, key: str, address: str, message: Message) -> urllib.request.Request:
        body = {"channel": str(self.name), "to": address, "text": message.text}
        return urllib.request.Request(  # noqa: S310
            self.url,
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
            method="POST",
        )


def _number(reply: bytes) -> str:
    found = json.loads(reply or b"{}")
    return str(found.get("id", ""))[:200] if isinstance(found, dict) else ""
