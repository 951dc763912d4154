"""Why a service says no: one exception for each decision its caller makes."""

from collections.abc import Iterable

from server.domain.breaches import Breach, Refused
from shared.problems import FieldFault

__all__ = [
    "Breach",
    "Conflict",
    "Invalid",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "Refused",
    "Stale",
    "TooMany",
    "Unavailable",
]


class NotFound(Exception):
    """No such thing in this clinic, or none that this person may know of: the two look alike."""


class NotAllowed(Exception):
    """The person's role has no row for this action."""


class NotSignedIn(Exception):
    """No token, or one that no longer counts."""


class TooMany(Exception):
    """Too many attempts; `retry_after` seconds until the next."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts")
        self.retry_after = retry_after


class Unavailable(Exception):
    """The database does not answer, or not yet in the form this code expects."""


class Stale(Exception):
    """The thing has changed since the caller read it."""


class Conflict(Exception):
    """It cannot stand beside what is there already; the message says why, naming no patient."""


class Invalid(Exception):
    """Fields that are wrong in a way only the clinic's records show."""

    def __init__(self, faults: Iterable[FieldFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(fault.path for fault in self.faults))

    @classmethod
    def field(cls, path: str, reason: str) -> "Invalid":
        """One fault."""
        return cls([FieldFault(path, reason)])
