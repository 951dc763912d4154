"""A protocol as single statements, each under a key that stays the same from version to version."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum

from server.domain import protocol_words
from server.domain.protocol_templates import Repeat, Which, WindowTemplate
from server.domain.protocols import Protocol
from server.domain.provenance import Provenance, SourceRef

Key = tuple[str, ...]
NAMED_BY = ("code", "name", "id", "measure", "bookable", "choice")
WHOLE = "The protocol"
OPTIONAL = (
    *("fasting", "no_drive", "escort", "later_doses", "devices", "repeat", "gap"),
    *("tell_before", "tell_after"),
)
"""Records that may be left out: then nothing is said about them."""
DERIVED = ("visits", "check_ins", "assessments")
RENAMED = {
    "check_in_templates": "check-ins",
    "assessment_templates": "assessments",
    "least": "at least",
    "most": "at most",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One thing a protocol says. `subject` and `aspect` are what it is about; `said` is what may
    change, `tail` what usually stays ("after the end of the infusion"). A record by itself has no
    aspect."""

    subject: str
    aspect: str = ""
    said: str = ""
    tail: str = ""


def statements(protocol: Protocol) -> dict[Key, Statement]:
    """Everything a protocol says, in the order of the document."""
    names = {visit.code: visit.title for visit in protocol.templates}
    return dict(_record(protocol, (), WHOLE, names))


def _record(
    record: object, key: Key, subject: str, names: dict[str, str], *, itself: str = ""
) -> Iterator[tuple[Key, Statement]]:
    """`itself` is how the record is spoken of where not like what it says."""
    if key:
        yield key, Statement(subject=itself or subject)
    for field in fields(record):  # type: ignore[arg-type]  # every record is a dataclass
        if field.name in NAMED_BY and key:
            continue
        if isinstance(record, Protocol) and field.name in DERIVED:
            continue
        if getattr(record, field.name) is None and field.name in OPTIONAL:
            continue
        aspect = RENAMED.get(field.name, field.name.replace("_", " "))
        yield from _value(getattr(record, field.name), (*key, field.name), subject, aspect, names)


def _value(
    value: object, key: Key, subject: str, aspect: str, names: dict[str, str]
) -> Iterator[tuple[Key, Statement]]:
    if isinstance(value, Provenance):
        yield key, Statement(subject=subject, aspect="evidence", said=_provenance(value))
    elif isinstance(value, WindowTemplate):
        yield key, _window(value, subject, aspect, names)
        if value.provenance != Provenance():
            said = _provenance(value.provenance)
            yield (
                (*key, "evidence"),
                Statement(subject=subject, aspect=f"{aspect} evidence", said=said),
            )
    elif isinstance(value, tuple) and value and all(map(is_dataclass, value)):
        yield from _list(value, key, subject, aspect, names)
    elif is_dataclass(value):
        yield from _inner(value, key, subject, aspect, names)
    else:
        yield key, Statement(subject=subject, aspect=aspect, said=_plain(value))


def _inner(
    value: object, key: Key, subject: str, aspect: str, names: dict[str, str]
) -> Iterator[tuple[Key, Statement]]:
    own = aspect.capitalize() if subject == WHOLE else f"{subject}, {aspect}"
    says = subject if isinstance(value, Repeat) else own
    yield from _record(value, key, says, names, itself=own)


def _list(
    values: tuple[object, ...], key: Key, subject: str, aspect: str, names: dict[str, str]
) -> Iterator[tuple[Key, Statement]]:
    """Records are known by their code or name; windows by what they are counted from."""
    seen: Counter[str] = Counter()
    order = []
    for value in values:
        name = _name(value)
        seen[name] += 1
        own = (*key, name, str(seen[name]))
        order.append(name)
        if isinstance(value, WindowTemplate):
            yield from _value(value, own, subject, "window", names)
        else:
            yield from _record(value, own, _subject(value, subject, names), names)
    yield (
        (*key, "order"),
        Statement(subject=subject, aspect=f"order of {aspect}", said=", ".join(order)),
    )


def _name(value: object) -> str:
    if isinstance(value, WindowTemplate):
        return f"{'before' if value.before else 'from'} {value.anchor} {_which(value)}"
    found = (getattr(value, key, None) for key in NAMED_BY)
    return next((str(each) for each in found if each), getattr(value, "signed_at", ""))


def _subject(value: object, subject: str, names: dict[str, str]) -> str:
    """How a record is spoken of: by its title, inside a visit after the visit's."""
    if isinstance(value, SourceRef):
        return f"Source {value.id}"
    title = getattr(value, "title", "")
    if not title:
        name = _name(value)
        return name.capitalize() if subject == WHOLE else f"{subject}, {name}"
    leader = names.get(getattr(value, "for_each", None) or "", "")
    if leader and leader.lower() not in title.lower():
        return f"{title} after each {leader.lower()}"
    return str(title)


def _window(window: WindowTemplate, subject: str, aspect: str, names: dict[str, str]) -> Statement:
    tail = protocol_words.reference(window, names.get(window.anchor, window.anchor).lower())
    if window.which is Which.EACH:
        tail = tail.replace(" the ", " each ") if window.before else f"{tail}, each time"
    if aspect == "gap":
        tail = "after the one before"
    if window.only:
        tail += f" (only {_which(window)})"
    return Statement(subject=subject, aspect=aspect, said=protocol_words.amount(window), tail=tail)


def _which(window: WindowTemplate) -> str:
    return ", ".join(str(each) for each in window.only) or "each"


def _provenance(provenance: Provenance) -> str:
    marks = [f"{key} {_plain(mark)}" for key, mark in provenance.marks]
    if provenance.evidence is not None:
        marks.append(provenance.evidence.value)
    said = ", ".join(marks) or "none"
    said += f" (source {provenance.source})" if provenance.source else ""
    return said + (f" - {provenance.note}" if provenance.note else "")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, int | float):
        return protocol_words.plain(value)
    if isinstance(value, tuple):
        return ", ".join(_plain(each) for each in value) or "none"
    return "not set" if value is None else str(value)
