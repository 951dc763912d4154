"""Text messages and push through a clinic's HTTP gateway. The contract is in docs/operations.md:

    POST <address of the gateway>
    Authorization: Bearer <the clinic's secret>
    Idempotency-Key: <64 hexadecimal characters>
    {"channel": "sms", "to": "+1...", "text": "..."}

2xx with {"id": "..."}: taken; the same key again: the same answer, and nothing sent again. 4xx but
408, 425 and 429: never try again. Anything else: later.
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

from server.notifications.channel import Message, NotSent
from shared.vocabulary import ChannelName

TIMEOUT_SECONDS = 30
LONGEST_REPLY = 10_000
LATER = {408, 425, 429}
CLIENT_ERRORS = range(400, 500)


@dataclass(frozen=True, kw_only=True)
class GatewayChannel:
    """One gateway for one way of sending."""

    url: str
    secret: str
    name: ChannelName
    dedupes: bool = True

    def send(self, key: str, address: str, message: Message) -> str:
        """Hand it to the gateway. Raises NotSent."""
        if not address:
            raise NotSent("no-address", again=False)
        try:
            with urllib.request.urlopen(  # noqa: S310 - the address is the clinic's own setting
                self._request(key, address, message), timeout=TIMEOUT_SECONDS
            ) as reply:
                return _number(reply.read(LONGEST_REPLY))
        except urllib.error.HTTPError as error:
            for_good = error.code in CLIENT_ERRORS and error.code not in LATER
            raise NotSent(f"gateway-{error.code}", again=not for_good) from None
        except (OSError, ValueError):
            raise NotSent("gateway-unreachable", again=True) from None

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
