"""Words and marks that must not stand in a protocol: promises, and invented numbers."""

import re
from collections.abc import Iterator

from server.domain.faults import Fault
from server.domain.protocol_references import check_in_places, visit_places
from server.domain.protocols import Protocol
from server.domain.provenance import Provenance
from shared.vocabulary import Evidence

PROMISES = re.compile(
    r"\b(cures?|cured|curing|guarante\w*|proven to|proved to|miracle\w*|risk[- ]free|"
    r"no side[- ]effects?|(?:100|hundred) ?(?:%|per ?cent) (?:effective|safe)|always works?|"
    r"will (?:help|heal|work|improve|feel better|recover)|heals?|breakthrough|"
    r"(?:completely|totally|perfectly) safe|permanent(?:ly)? (?:relief|remission|better)|"
    r"life[- ]changing|works for every\w*)\b",
    re.IGNORECASE,
)
PRETENCE = re.compile(r"invented|demonstration", re.IGNORECASE)


def faults_of_texts(protocol: Protocol) -> Iterator[Fault]:
    """Text that promises benefit; invented numbers outside a demonstration, or one that does not
    say what it is."""
    for path, text in _texts(protocol):
        if found := PROMISES.search(text):
            reason = f'"{found.group()}" promises a benefit; say what is done, not that it helps'
            yield Fault(path=path, reason=reason)
    if protocol.demonstration:
        for key in ("title", "description"):
            if not PRETENCE.search(getattr(protocol, key)):
                yield Fault(path=key, reason="must say that this is invented for demonstration")
        return
    for path, provenance in marks(protocol):
        if _invented(provenance):
            yield Fault(path=path, reason="invented numbers belong in a demonstration only")


def _texts(protocol: Protocol) -> Iterator[tuple[str, str]]:
    yield "title", protocol.title
    yield "description", protocol.description
    for index, arm in enumerate(protocol.arms):
        yield f"arms[{index}].title", arm.title
    for index, phase in enumerate(protocol.phases):
        yield f"phases[{index}].title", phase.title
    for path, visit in visit_places(protocol):
        yield f"{path}.title", visit.title
        for key, told in (("tell_before", visit.tell_before), ("tell_after", visit.tell_after)):
            if told:
                yield f"{path}.{key}", f"{told.en} {told.es}"
    for path, check_in in check_in_places(protocol):
        yield f"{path}.title", check_in.title
    for index, gate in enumerate(protocol.gates):
        yield f"gates[{index}].title", gate.title


def _invented(provenance: Provenance) -> bool:
    marks = {provenance.evidence, *(mark for _, mark in provenance.marks)}
    return Evidence.INVENTED in marks


def marks(protocol: Protocol) -> Iterator[tuple[str, Provenance]]:
    """The provenance of every record of the document, with its path."""
    for index, arm in enumerate(protocol.arms):
        for key in ("dose", "later_doses", "cap", "duration", "devices"):
            if record := getattr(arm, key):
                yield f"arms[{index}].{key}", record.provenance
    yield from _visit_marks(protocol)
    for path, check_in in check_in_places(protocol):
        yield path, check_in.window.provenance
        if check_in.repeat:
            yield f"{path}.repeat", check_in.repeat.provenance
    yield from _rule_marks(protocol)


def _rule_marks(protocol: Protocol) -> Iterator[tuple[str, Provenance]]:
    for index, gate in enumerate(protocol.gates):
        yield f"gates[{index}]", gate.provenance
        for number, limit in enumerate(gate.limits):
            yield f"gates[{index}].limits[{number}]", limit.provenance
    for index, reading in enumerate(protocol.readings):
        yield f"readings[{index}]", reading.provenance
    for key in ("fasting", "no_drive", "escort"):
        if record := getattr(protocol, key):
            yield key, record.provenance


def _visit_marks(protocol: Protocol) -> Iterator[tuple[str, Provenance]]:
    for path, visit in visit_places(protocol):
        if visit.repeat:
            yield f"{path}.repeat", visit.repeat.provenance
            if visit.repeat.gap:
                yield f"{path}.repeat.gap", visit.repeat.gap.provenance
        for i, part in enumerate(visit.parts):
            yield f"{path}.parts[{i}]", part.provenance
            for j, claim in enumerate(part.claims):
                yield f"{path}.parts[{i}].claims[{j}]", claim.provenance
        for i, window in enumerate(visit.windows):
            yield f"{path}.windows[{i}]", window.provenance
