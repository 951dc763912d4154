"""A protocol as sentences a nurse reads, each with how far its numbers can be trusted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from server.domain.protocol_templates import (
    CheckInTemplate,
    Phase,
    PhaseStart,
    VisitTemplate,
    WindowTemplate,
)
from server.domain.protocol_words import amount, counted, plain, reference
from server.domain.protocols import Part, Protocol
from server.domain.provenance import Provenance
from server.domain.treatment import Arm, DriveAgain, Gate
from shared.vocabulary import Evidence

MARKS = {
    Evidence.VERIFIED: "read in the source",
    Evidence.SECONDARY: "from a secondary source",
    Evidence.RECALLED: "recalled, not read",
    Evidence.DERIVED: "derived",
    Evidence.SIGNED: "signed by a prescriber",
    Evidence.INVENTED: "invented for the demonstration",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One rule. `mark` says where its numbers come from, "" where it has none."""

    text: str
    mark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """Rules that belong together under a heading."""

    title: str
    sentences: tuple[Sentence, ...]


def chapters(protocol: Protocol) -> tuple[Chapter, ...]:
    """All of it, in the order in which it happens to a patient."""
    names = {visit.code: visit.title for visit in protocol.templates}
    told = [
        *(_phase(phase, names) for phase in protocol.phases),
        Chapter(title="The drug", sentences=tuple(_arms(protocol.arms))),
        Chapter(title="Before it begins", sentences=tuple(_before(protocol, names))),
        Chapter(title="Going home", sentences=tuple(_home(protocol))),
        Chapter(title="Forms", sentences=tuple(_forms(protocol, names))),
    ]
    return tuple(each for each in told if each.sentences)


def _phase(phase: Phase, names: dict[str, str]) -> Chapter:
    decided = phase.begins is PhaseStart.ON_DECISION
    first = (Sentence(text="Each visit waits until a prescriber has decided on it."),)
    rules = [each for visit in phase.visits for each in _visit(visit, names)]
    return Chapter(title=phase.title, sentences=(*(first if decided else ()), *rules))


def _visit(visit: VisitTemplate, names: dict[str, str]) -> Iterator[Sentence]:
    yield _times(visit, names)
    yield from (_part(visit, part) for part in visit.parts)
    for window in visit.windows:
        text = f"{visit.title}: {_when(window, names)}."
        yield Sentence(text=text, mark=_mark(window.provenance))
    if visit.never_same_day_as:
        others = ", ".join(names.get(each, each).lower() for each in visit.never_same_day_as)
        yield Sentence(text=f"{visit.title} is never on the same day as {others}.")


def _when(window: WindowTemplate, names: dict[str, str]) -> str:
    """A window that lies before its anchor altogether is said the other way round."""
    name = names.get(window.anchor, window.anchor).lower()
    if window.opens is None or window.closes is None or window.closes >= 0:
        return f"{amount(window)} {reference(window, name)}"
    target = None if window.target is None else -window.target
    turned = replace(window, opens=-window.closes, closes=-window.opens, target=target)
    return f"{amount(turned)} {reference(window, name).replace('after', 'before', 1)}"


def _times(visit: VisitTemplate, names: dict[str, str]) -> Sentence:
    if visit.for_each:
        of = names.get(visit.for_each, visit.for_each).lower()
        return Sentence(text=f"{visit.title} takes place once for each {of}.")
    if visit.repeat is None:
        return Sentence(text=f"{visit.title} takes place once.")
    times = f"{visit.repeat.times} times" if visit.repeat.times else "as often as is decided"
    gap = visit.repeat.gap
    apart = f", {amount(gap)} after the one before" if gap else ""
    mark = _mark(gap.provenance if gap else visit.repeat.provenance)
    return Sentence(text=f"{visit.title} takes place {times}{apart}.", mark=mark)


def _part(visit: VisitTemplate, part: Part) -> Sentence:
    long = (
        "has no length yet" if part.minutes is None else f"takes {counted(part.minutes, 'minute')}"
    )
    needs = [_claim(c.bookable or c.choice or "", c.units) for c in part.claims]
    using = f" and needs {', '.join(needs)}" if needs else ""
    return Sentence(
        text=f"{visit.title}: the {part.name} {long}{using}.", mark=_mark(part.provenance)
    )


def _claim(name: str, units: int) -> str:
    said = name.replace("-", " ")
    return (
        f"{said} (there throughout)" if units == 0 else said if units == 1 else f"{units} of {said}"
    )


def _arms(arms: Iterable[Arm]) -> Iterator[Sentence]:
    for arm in arms:
        dose = arm.dose
        said = f"{plain(dose.mg_per_kg)} mg/kg" if dose.mg is None else f"{plain(dose.mg)} mg"
        text = f"{arm.title}: {arm.drug}, {arm.route}, {said}."
        yield Sentence(text=text, mark=_mark(dose.provenance))
        most = f"At most {plain(arm.cap.mg)} mg a dose."
        if arm.cap.mg is None:
            most = "The most one dose may hold is not set."
        yield Sentence(text=most, mark=_mark(arm.cap.provenance))


def _before(protocol: Protocol, names: dict[str, str]) -> Iterator[Sentence]:
    for gate in protocol.gates:
        yield _gate(gate, names)
        for limit in gate.limits:
            text = f"{limit.measure.replace('_', ' ')}: {_range(limit.least, limit.most)}."
            yield Sentence(text=text[:1].upper() + text[1:], mark=_mark(limit.provenance))
    if fasting := protocol.fasting:
        food, drink = plain(fasting.solids_hours), plain(fasting.clear_liquids_hours)
        text = f"No food for {food} hours and no clear liquids for {drink} hours before."
        yield Sentence(text=text, mark=_mark(fasting.provenance))


def _gate(gate: Gate, names: dict[str, str]) -> Sentence:
    visits = ", ".join(names.get(each, each).lower() for each in gate.before)
    needed = {True: "is required", False: "is not required", None: "is not decided"}[gate.required]
    return Sentence(text=f"{gate.title} {needed} before {visits}.", mark=_mark(gate.provenance))


def _range(least: float | None, most: float | None) -> str:
    if least is None and most is None:
        return "no range is set"
    low = f"at least {plain(least)}" if least is not None else ""
    high = f"at most {plain(most)}" if most is not None else ""
    return " and ".join(filter(None, (low, high)))


def _home(protocol: Protocol) -> Iterator[Sentence]:
    if rule := protocol.escort:
        said = {True: "takes the patient home", False: "is not needed", None: "is not decided"}
        text = f"A responsible adult {said[rule.required]}."
        yield Sentence(text=text, mark=_mark(rule.provenance))
    if drive := protocol.no_drive:
        after = f"{plain(drive.hours)} hours later"
        if drive.until is DriveAgain.NEXT_DAY:
            after = "the next day, after a night's sleep"
        text = f"The patient may drive again {after}." if drive.until else "Driving is not decided."
        yield Sentence(text=text, mark=_mark(drive.provenance))


def _forms(protocol: Protocol, names: dict[str, str]) -> Iterator[Sentence]:
    for form in (*protocol.check_in_templates, *protocol.assessment_templates):
        yield _form(form, names)


def _form(form: CheckInTemplate, names: dict[str, str]) -> Sentence:
    window = form.window
    name = names.get(window.anchor, window.anchor).lower()
    text = (
        f"{form.title or form.code}: {amount(window)} {reference(window, name)}, by the {form.by}."
    )
    return Sentence(text=text, mark=_mark(window.provenance))


def _mark(provenance: Provenance) -> str:
    found = [MARKS[each] for each in (provenance.evidence,) if each]
    marks = [f"{name}: {MARKS[each]}" for name, each in provenance.marks if each]
    source = [provenance.source] if provenance.source else []
    return "; ".join([*found, *marks, *source])
