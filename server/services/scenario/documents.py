"""A scenario's protocol as a protocol document.

A scenario says how long things take and what must lie between them, and nothing of drug or safety;
its numbers cite no source. They are marked as recalled, so that a prescriber has to sign them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.protocol_document import FORMAT
from server.domain.protocols import Part, PartClaim, VisitDefinition, Window
from server.planner.files.scenario import ScenarioProtocol
from server.services.scenario.codes import code, codes
from shared.vocabulary import BookableKind, Evidence

Document = dict[str, object]
VISITS_A_PHASE = 50
DESCRIPTION = (
    "Read from a planning scenario: lengths, people and distances in time only. Nothing here comes "
    "from a source, and nothing is said about drug and safety."
)


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the names of one protocol are called in its document."""

    code: str
    visits: Mapping[str, str]
    choices: Mapping[str, str]
    bookables: Mapping[str, str]


def names_of(protocol: ScenarioProtocol, called: str, bookables: Mapping[str, str]) -> Names:
    """`called` is the protocol's own code; `bookables` are those of the clinic by their id."""
    return Names(
        code=called,
        visits=codes(each.code for each in protocol.visits),
        choices=codes(each.name for each in protocol.choices),
        bookables=bookables,
    )


def document_of(
    protocol: ScenarioProtocol, names: Names, roles: Mapping[str, BookableKind]
) -> Document:
    """The document; `roles` says for each choice what kind is chosen."""
    visits = [_visit(each, names) for each in protocol.visits]
    parts = [visits[n : n + VISITS_A_PHASE] for n in range(0, len(visits), VISITS_A_PHASE)]
    return {
        "format": FORMAT,
        "code": names.code,
        "title": protocol.id,
        "description": DESCRIPTION,
        "off_label": True,
        "start_visit": names.visits[protocol.start_visit],
        "choices": [
            {"name": names.choices[each.name], "role": roles[each.name], "kept": each.kept}
            for each in protocol.choices
        ],
        "phases": [
            {"code": f"phase-{n}", "title": f"Phase {n}", "visits": part}
            for n, part in enumerate(parts, start=1)
        ],
    }


def _visit(visit: VisitDefinition, names: Names) -> Document:
    return {
        "code": names.visits[visit.code],
        "title": visit.code,
        "kind": visit.kind,
        "parts": [_part(each, names) for each in visit.parts],
        "windows": [_window(each, names) for each in visit.windows],
    }


def _part(part: Part, names: Names) -> Document:
    return {
        "name": code(part.name),
        "minutes": part.minutes,
        "evidence": Evidence.RECALLED,
        "with_patient": part.with_patient,
        "claims": [_claim(each, names) for each in part.claims],
    }


def _claim(claim: PartClaim, names: Names) -> Document:
    if claim.choice:
        who = {"choice": names.choices[claim.choice]}
    else:
        who = {"bookable": names.bookables[claim.bookable or ""]}
    return {**who, "units": claim.units, "evidence": Evidence.RECALLED}


def _window(window: Window, names: Names) -> Document:
    return {
        "from": names.visits[window.anchor],
        "edge": window.edge,
        "unit": window.unit,
        "min": window.opens,
        "max": window.closes,
        "evidence": Evidence.RECALLED,
    }
