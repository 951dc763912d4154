"""What every way of sending has in common."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is sent. The subject says nothing about whom or what it is about."""

    subject: str
    text: str


class NotSent(Exception):
    """It did not leave the house. `code` says why for the record and holds nobody's words;
    `again` says whether a later try may succeed; `unsure` that it may have left all the same."""

    def __init__(self, code: str, *, again: bool, unsure: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.again = again
        self.unsure = unsure


class Channel(Protocol):
    """A way to send. `dedupes`: the far end drops a second message with the same key, so that a
    crash between sending and marking reaches nobody twice."""

    @property
    def dedupes(self) -> bool:
        """Whether the far end tells doubles by their key."""

    def send(self, key: str, address: str, message: Message) -> str:
        """Send, and give back the far end's own number for it. Raises NotSent."""
