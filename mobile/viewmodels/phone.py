"""What view-models ask of the phone: kept documents, the queue, the clock, and work in between."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

from mobile.words import Words

Document = dict[str, Any]
Then = Callable[[Document | None, str], None]
"""Called with a reply, or with None and why there is none: "offline", or the clinic's reason."""


class Waiting(Protocol):
    """A change that has not been applied."""

    @property
    def id(self) -> str:
        """Its own id."""

    @property
    def kind(self) -> str:
        """What it does."""

    @property
    def body(self) -> Document:
        """With what."""

    @property
    def refused(self) -> Document | None:
        """The clinic's no, if it said so."""


class Phone(Protocol):
    """The wiring, as far as a screen has a use for it."""

    @property
    def words(self) -> Words:
        """The patient's language."""

    def now(self) -> datetime:
        """The clinic's idea of the present instant, whatever the phone's clock says."""

    def document(self, name: str) -> Document | None:
        """Something kept: "today", "questionnaire:phq-9", "draft:..." """

    def keep(self, name: str, document: Document) -> None:
        """Keep something until it is dropped."""

    def drop(self, name: str) -> None:
        """Give it up."""

    def queue(self, kind: str, body: Document) -> bool:
        """A change: on disk now, sent as soon as that works. False where the phone is full."""

    def waiting(self) -> Iterable[Waiting]:
        """Changes that are still to be sent, oldest first."""

    def refused(self) -> Iterable[Waiting]:
        """Changes the clinic said no to, until the patient has seen them."""

    def seen(self, change_id: str) -> None:
        """The patient has seen why."""

    def ask(self, method: str, path: str, then: Then) -> None:
        """A question that only the server can answer."""
