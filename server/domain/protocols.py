"""A treatment protocol as a nurse would read it: phases, visits, their parts and their windows."""

from dataclasses import dataclass

from server.domain.protocol_templates import AnsweredBy, CheckInTemplate, Phase, VisitTemplate
from server.domain.provenance import Provenance, Signature, SourceRef
from server.domain.treatment import (
    Arm,
    EscortRule,
    Fasting,
    Gate,
    NoDrive,
    ReadingDefinition,
)
from server.domain.visit_definitions import (
    Choice,
    MissedRule,
    Part,
    PartClaim,
    VisitDefinition,
    Window,
)

__all__ = [
    "CheckInDefinition",
    "Choice",
    "MissedRule",
    "Part",
    "PartClaim",
    "Phase",
    "Protocol",
    "Provenance",
    "VisitDefinition",
    "Window",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckInDefinition:
    """One form at one time, after repeats are written out: "next-day-3" of family "next-day"."""

    code: str
    family: str
    ordinal: int = 1
    title: str = ""
    instrument: str
    by: AnsweredBy
    window: Window


@dataclass(frozen=True, kw_only=True, slots=True)
class Protocol:
    """The written treatment template.

    `phases`, `check_in_templates` and `assessment_templates` are as written; `visits`, `check_ins`
    and `assessments` are the same with every repeat written out and every anchor a visit's code.
    `fasting`, `no_drive` and `escort` are None where the document leaves them out altogether.
    """

    code: str
    title: str
    description: str
    off_label: bool
    blinded: bool = False
    demonstration: bool = False
    """Invented for showing the software; the only kind that may hold invented numbers."""
    sources: tuple[SourceRef, ...] = ()
    arms: tuple[Arm, ...] = ()
    choices: tuple[Choice, ...] = ()
    start_visit: str
    phases: tuple[Phase, ...]
    check_in_templates: tuple[CheckInTemplate, ...] = ()
    assessment_templates: tuple[CheckInTemplate, ...] = ()
    gates: tuple[Gate, ...] = ()
    readings: tuple[ReadingDefinition, ...] = ()
    fasting: Fasting | None = None
    no_drive: NoDrive | None = None
    escort: EscortRule | None = None
    signatures: tuple[Signature, ...] = ()
    visits: tuple[VisitDefinition, ...] = ()
    check_ins: tuple[CheckInDefinition, ...] = ()
    assessments: tuple[CheckInDefinition, ...] = ()

    @property
    def templates(self) -> tuple[VisitTemplate, ...]:
        """Every visit as written, in the order of the document."""
        return tuple(visit for phase in self.phases for visit in phase.visits)

    def visit(self, code: str) -> VisitDefinition:
        """One visit after repeats are written out. Raises KeyError for an unknown code."""
        return {visit.code: visit for visit in self.visits}[code]
