"""A protocol as it is written, before its repeats are written out."""

from dataclasses import dataclass
from enum import StrEnum

from server.domain.provenance import Provenance
from server.domain.visit_definitions import MissedRule, Part, Told
from shared.vocabulary import Edge, VisitKind, WindowUnit

OPEN_ENDED_TIMES = 12
"""How many repeats are written out where a phase that awaits decisions gives no number."""


class Which(StrEnum):
    """Which of an anchor's repeats a window is counted from."""

    SAME = "same"
    NEXT = "next"
    PREVIOUS = "previous"
    FIRST = "first"
    LAST = "last"
    EACH = "each"
    """Only for check-ins: once after every repeat."""


class PhaseStart(StrEnum):
    """How a phase begins."""

    AUTOMATICALLY = "automatically"
    ON_DECISION = "on-decision"
    """Each visit waits until a prescriber has decided on it."""


class AnsweredBy(StrEnum):
    """Who fills in a form."""

    PATIENT = "patient"
    CLINICIAN = "clinician"


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowTemplate:
    """A window as written: counted from one of the repeats of `anchor`.

    `which` is a Which, a number (the 4th), or None where the anchor takes place once. `only`
    restricts it to some repeats of the visit it belongs to. `before` turns it round: the visit is
    over at least `opens` before its anchor begins.
    """

    anchor: str
    which: Which | int | None = None
    edge: Edge = Edge.START
    unit: WindowUnit
    opens: float | None = None
    target: float | None = None
    closes: float | None = None
    only: tuple[Which | int, ...] = ()
    before: bool = False
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """A visit that takes place `times` times (None: as long as a prescriber decides), each after
    the one before by `gap`."""

    times: int | None
    gap: WindowTemplate | None = None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitTemplate:
    """A visit as the protocol describes it, once for all its repeats."""

    code: str
    title: str
    kind: VisitKind
    remote: bool = False
    repeat: Repeat | None = None
    for_each: str | None = None
    parts: tuple[Part, ...]
    windows: tuple[WindowTemplate, ...] = ()
    never_same_day_as: tuple[str, ...] = ()
    same_day_as: tuple[str, ...] = ()
    if_missed: MissedRule | None = None
    tell_before: Told | None = None
    tell_after: Told | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """Preparation, induction, maintenance, follow-up: visits that belong together."""

    code: str
    title: str
    begins: PhaseStart = PhaseStart.AUTOMATICALLY
    visits: tuple[VisitTemplate, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckInRepeat:
    """The same form again: `times` in all, `every_days` apart."""

    times: int
    every_days: float
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckInTemplate:
    """A form asked for around a visit; the instrument is a code, its text lives elsewhere."""

    code: str
    title: str
    instrument: str
    by: AnsweredBy
    window: WindowTemplate
    repeat: CheckInRepeat | None = None
