"""One visit of a protocol: its parts, what they claim, and when it may start."""

from dataclasses import dataclass
from enum import StrEnum

from server.domain.provenance import Provenance
from shared.vocabulary import BookableKind, Edge, VisitKind, WindowUnit


class MissedRule(StrEnum):
    """What the clinic does when a visit was missed or falls outside its window."""

    RECORD_DEVIATION = "record-deviation"
    KEEP_ORDINAL = "keep-ordinal"
    """The visit keeps its number and later ones are planned anew after it."""
    PRESCRIBER_DECIDES = "prescriber-decides"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartClaim:
    """What one part of a visit takes for its whole length.

    Exactly one of `bookable` (a code such as "chairs") and `choice` (a name such as "therapist")
    is set. `units` is how much of the bookable's capacity is taken; 0 takes nothing but needs
    somebody there throughout (a prescriber on site).
    """

    bookable: str | None = None
    choice: str | None = None
    units: int = 1
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A stretch of a visit; parts follow each other without a break. `minutes` None = not set."""

    name: str
    minutes: int | None
    claims: tuple[PartClaim, ...] = ()
    with_patient: bool = True
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """When a visit may start, counted from the named edge of another visit; bounds inclusive.

    Hours are elapsed hours, days are differences of clinic-local dates. None is unbounded;
    negative values lie before the anchor. `target` is wished, never enforced.
    """

    anchor: str
    edge: Edge = Edge.START
    unit: WindowUnit
    opens: float | None = None
    target: float | None = None
    closes: float | None = None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Somebody chosen for the patient; `kept` means the same for the whole series."""

    name: str
    kind: BookableKind
    kept: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The clinic's own words to its patients, by language; "" where nothing is said in one."""

    en: str = ""
    es: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitDefinition:
    """One visit after repeats are written out: "infusion-3" of family "infusion"."""

    code: str
    family: str
    ordinal: int = 1
    title: str = ""
    kind: VisitKind
    phase: str = ""
    parts: tuple[Part, ...]
    windows: tuple[Window, ...] = ()
    never_same_day_as: tuple[str, ...] = ()
    remote: bool = False
    awaits_decision: bool = False
    """True where a prescriber must decide first (maintenance): never planned by itself."""
    if_missed: MissedRule | None = None
    tell_before: Told | None = None
    """What to do before it, medicines among it, as the clinic wrote it."""
    tell_after: Told | None = None
    """How to take care afterwards."""

    @property
    def minutes(self) -> int:
        """The whole length, turnover included."""
        return sum(part.minutes or 0 for part in self.parts)

    @property
    def patient_minutes(self) -> tuple[int, int]:
        """Offsets from the start, in minutes, of the first and last moment with the patient.

        (0, minutes) where no part is with the patient.
        """
        ends, first, last = 0, None, None
        for part in self.parts:
            begins, ends = ends, ends + (part.minutes or 0)
            if part.with_patient:
                first = begins if first is None else first
                last = ends
        return (0, ends) if first is None or last is None else (first, last)
