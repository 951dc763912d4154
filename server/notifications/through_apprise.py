"""Text messages and push through one of the many services that Apprise knows.

An address is one of Apprise's, with {to} where the patient's number belongs. Apprise passes on no
key: a crash between sending and marking may send a second time. A gateway (gateway.py) does not.
"""

import logging
from dataclasses import dataclass
from urllib.parse import quote

import apprise

from server.notifications.channel import Message, NotSent

TO = "{to}"
TALKATIVE = ("apprise", "urllib3.connectionpool", "requests_oauthlib.oauth1_auth")
"""They would log addresses and answers."""


@dataclass(frozen=True, kw_only=True)
class AppriseChannel:
    """One service, for one way of sending."""

    url: str
    dedupes: bool = False

    def __post_init__(self) -> None:
        """ValueError for an address that Apprise does not know, or without a place for a number."""
        for name in TALKATIVE:
            logging.getLogger(name).disabled = True
        if TO not in self.url or not apprise.Apprise().add(self._for("+10005550100")):
            raise ValueError(f"not an address of Apprise with {TO} in it")

    def _for(self, address: str) -> str:
        return self.url.replace(TO, quote(address, safe="+"))

    def send(self, key: str, address: str, message: Message) -> str:
        """Hand it to the service. Raises NotSent."""
        del key  # no service takes one
        if not address:
            raise NotSent("no-address", again=False)
        service = apprise.Apprise()
        if not service.add(self._for(address)):
            raise NotSent("address-refused", again=False)
        if not service.notify(body=message.text, title=""):
            raise NotSent("apprise-failed", again=True, unsure=True)  # it does not say
        return ""
