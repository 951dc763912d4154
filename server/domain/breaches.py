"""A rule that is not met, with its facts; refusals are built from these."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """One broken rule. `code` is stable and machine-readable; `facts` hold ids, instants, dates,
    numbers - never a name or anything else about the patient."""

    code: str
    visit: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """Something asked for breaks rules of the clinic; nothing was written."""

    def __init__(self, breaches: list[Breach]) -> None:
        super().__init__(", ".join(sorted({breach.code for breach in breaches})))
        self.breaches = tuple(breaches)
