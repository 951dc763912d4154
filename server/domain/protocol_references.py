"""Does everything a protocol names exist, once and in a way that can be counted from?"""

from collections import Counter
from collections.abc import Iterable, Iterator

from server.domain.faults import Fault
from server.domain.protocol_repeats import Repeats, repeats
from server.domain.protocol_templates import (
    CheckInTemplate,
    PhaseStart,
    VisitTemplate,
    Which,
    WindowTemplate,
)
from server.domain.protocols import Protocol

MOST_VISITS = 300
RELATIVE = (Which.NEXT, Which.PREVIOUS, Which.SAME)


def faults_of_references(protocol: Protocol) -> Iterator[Fault]:
    """Names used twice, and names of visits or choices that the protocol does not have."""
    known = repeats(protocol.phases)
    yield from _used_twice(protocol, known)
    yield from _start(protocol, known)
    for path, template in visit_places(protocol):
        yield from _visit(path, template, protocol, known)
    for index, gate in enumerate(protocol.gates):
        for code in gate.before:
            yield from _unknown(f"gates[{index}].before", code, known)
    for index, reading in enumerate(protocol.readings):
        yield from _unknown(f"readings[{index}].visit", reading.visit, known)
    for path, check_in in check_in_places(protocol):
        yield from _check_in(path, check_in, known)


def visit_places(protocol: Protocol) -> Iterator[tuple[str, VisitTemplate]]:
    """Every visit as written with its path in the document."""
    for index, phase in enumerate(protocol.phases):
        for number, visit in enumerate(phase.visits):
            yield f"phases[{index}].visits[{number}]", visit


def check_in_places(protocol: Protocol) -> Iterator[tuple[str, CheckInTemplate]]:
    """Every check-in and assessment as written with its path in the document."""
    lists = (
        ("check_ins", protocol.check_in_templates),
        ("assessments", protocol.assessment_templates),
    )
    for key, templates in lists:
        for index, template in enumerate(templates):
            yield f"{key}[{index}]", template


def _used_twice(protocol: Protocol, known: Repeats) -> Iterator[Fault]:
    yield from _twice("sources", "id", (each.id for each in protocol.sources))
    yield from _twice("arms", "code", (each.code for each in protocol.arms))
    yield from _twice("choices", "name", (each.name for each in protocol.choices))
    yield from _twice("phases", "code", (each.code for each in protocol.phases))
    yield from _twice("gates", "code", (each.code for each in protocol.gates))
    yield from _twice("readings", "code", (each.code for each in protocol.readings))
    seen: Counter[str] = Counter()
    for path, visit in visit_places(protocol):
        seen[visit.code] += 1
        if seen[visit.code] > 1:
            yield Fault(path=f"{path}.code", reason=f"{visit.code} is the code of another visit")
    seen = Counter()
    for path, check_in in check_in_places(protocol):
        seen[check_in.code] += 1
        if seen[check_in.code] > 1:
            yield Fault(path=f"{path}.code", reason=f"{check_in.code} is used by another form")
    yield from _written_out_twice(protocol, known)


def _twice(key: str, name: str, values: Iterable[str]) -> Iterator[Fault]:
    seen: Counter[str] = Counter()
    for index, value in enumerate(values):
        seen[value] += 1
        if seen[value] > 1:
            yield Fault(path=f"{key}[{index}].{name}", reason=f"{value} is used twice")


def _written_out_twice(protocol: Protocol, known: Repeats) -> Iterator[Fault]:
    if sum(known.times(code) for code in known.templates) > MOST_VISITS:
        yield Fault(path="phases", reason=f"hold more than {MOST_VISITS} visits once written out")
        return
    bare = {code for code in known.templates if not known.numbered(code)}
    for path, visit in visit_places(protocol):
        if known.numbered(visit.code):
            codes = {known.code(visit.code, n + 1) for n in range(known.times(visit.code))}
            for code in sorted(codes & bare):
                yield Fault(path=f"{path}.code", reason=f"{code} is also a visit of its own")


def _start(protocol: Protocol, known: Repeats) -> Iterator[Fault]:
    if protocol.start_visit not in {
        known.code(code, n + 1) for code in known.templates for n in range(known.times(code))
    }:
        yield Fault(path="start_visit", reason="is none of the visits")


def _visit(path: str, visit: VisitTemplate, protocol: Protocol, known: Repeats) -> Iterator[Fault]:
    yield from _repeats(path, visit, protocol, known)
    names = {choice.name for choice in protocol.choices}
    for i, part in enumerate(visit.parts):
        for j, claim in enumerate(part.claims):
            if claim.choice is not None and claim.choice not in names:
                place = f"{path}.parts[{i}].claims[{j}].choice"
                yield Fault(path=place, reason=f"{claim.choice} is none of the choices")
    for i, window in enumerate(visit.windows):
        key = "before" if window.before else "from"
        yield from _window(f"{path}.windows[{i}]", key, window, visit, known)
    for key in ("never_same_day_as", "same_day_as"):
        for i, code in enumerate(getattr(visit, key)):
            yield from _unknown(f"{path}.{key}[{i}]", code, known)


def _repeats(
    path: str, visit: VisitTemplate, protocol: Protocol, known: Repeats
) -> Iterator[Fault]:
    if visit.for_each is not None:
        yield from _unknown(f"{path}.for_each", visit.for_each, known)
        leader = known.templates.get(visit.for_each)
        if leader is not None and (leader.for_each or leader is visit):
            reason = "must name a visit with a repeat of its own"
            yield Fault(path=f"{path}.for_each", reason=reason)
    decided = {
        each.code
        for phase in protocol.phases
        for each in phase.visits
        if phase.begins is PhaseStart.ON_DECISION
    }
    if visit.repeat and visit.repeat.times is None and visit.code not in decided:
        reason = "may be null only in a phase that begins on-decision"
        yield Fault(path=f"{path}.repeat.times", reason=reason)


def _window(
    path: str, key: str, window: WindowTemplate, visit: VisitTemplate, known: Repeats
) -> Iterator[Fault]:
    yield from _unknown(f"{path}.{key}", window.anchor, known)
    if window.anchor not in known.templates:
        return
    yield from _which(path, window, known)
    if window.which is Which.EACH:
        yield Fault(path=f"{path}.which", reason="each is for check-ins only")
    lonely = not known.numbered(visit.code) and known.numbered(window.anchor)
    if lonely and (window.which is None or window.which in RELATIVE):
        reason = f"{visit.code} takes place once; say first, last or a number"
        yield Fault(path=f"{path}.which", reason=reason)
    if window.anchor == visit.code and window.which in (None, Which.SAME):
        yield Fault(path=f"{path}.{key}", reason="a visit cannot be counted from itself")
    for each in window.only:
        if isinstance(each, int) and each > known.times(visit.code):
            yield Fault(path=f"{path}.only", reason=f"there is no {visit.code} number {each}")


def _which(path: str, window: WindowTemplate, known: Repeats) -> Iterator[Fault]:
    if isinstance(window.which, int) and window.which > known.times(window.anchor):
        reason = f"there is no {window.anchor} number {window.which}"
        yield Fault(path=f"{path}.which", reason=reason)


def _check_in(path: str, check_in: CheckInTemplate, known: Repeats) -> Iterator[Fault]:
    window = check_in.window
    yield from _unknown(f"{path}.from", window.anchor, known)
    if window.anchor in known.templates:
        yield from _which(path, window, known)
        if known.numbered(window.anchor) and window.which in (None, *RELATIVE):
            reason = f"say which {window.anchor}: each, first, last or a number"
            yield Fault(path=f"{path}.which", reason=reason)


def _unknown(path: str, code: str, known: Repeats) -> Iterator[Fault]:
    if code not in known.templates:
        yield Fault(path=path, reason=f"{code} is none of the visits")
