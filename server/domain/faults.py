"""What is wrong with a protocol, and where in its document."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops a protocol from being used; a warning is for a person to think about."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing wrong: `path` is the place in the document ("phases[1].visits[0].windows[0].min",
    "" for the whole of it), `reason` a sentence for the person who wrote it."""

    path: str
    reason: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.path or 'document'}: {self.reason}"


class ProtocolFaults(Exception):
    """A document that is no protocol, with every fault found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults[:20]))
        self.faults = tuple(faults)
