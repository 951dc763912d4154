"""What a prescriber has to fill and sign before a clinic may use a protocol."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.domain import safety_fields
from server.domain.calendars import WeeklyHours
from server.domain.faults import Fault, ProtocolFaults
from server.domain.local_time import is_instant
from server.domain.protocol_document import read
from server.domain.protocol_lint import errors
from server.domain.safety_fields import MARKABLE, Document, Entry, mark_of
from shared.vocabulary import Evidence

NONE_NEEDED = "none-needed"
"""Signed in place of a value: the prescriber says that none is needed here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SafetyField:
    """A safety entry that is still open. `evidence` is its mark as written (None or "R"); `why`
    says what is wrong with it; `none_allowed` whether "none-needed" may be signed."""

    path: str
    label: str
    value: object
    evidence: str | None
    why: str
    none_allowed: bool = False


def open_safety_fields(document: Mapping[str, object]) -> list[SafetyField]:
    """Every safety entry that is empty or only recalled, in the order of the document.

    Raises ProtocolFaults for a document that is no protocol.
    """
    read(document)
    return [_field(entry) for entry in safety_fields.entries(_copied(document)) if entry.open]


def safety_paths(document: Mapping[str, object]) -> list[str]:
    """The path of every entry that may be signed, open or not."""
    read(document)
    return [entry.path for entry in safety_fields.entries(_copied(document))]


def _field(entry: Entry) -> SafetyField:
    empty = entry.value is None
    return SafetyField(
        path=entry.path,
        label=entry.label,
        value=entry.value,
        evidence=None if empty else entry.mark,
        why="Not published." if empty else "Recalled from memory, not read in any source.",
        none_allowed=entry.none_allowed,
    )


def sign(
    document: Mapping[str, object],
    fills: Mapping[str, object],
    *,
    signed_by: str,
    signed_at: datetime,
) -> dict[str, object]:
    """A new document with the values filled in, marked signed, and the signature recorded.

    `fills` maps paths of safety entries to values; "none-needed" or None where none is needed.
    Raises ProtocolFaults - unknown paths, wrong values, no name, a time without a zone - and then
    nothing is signed; the document given is never changed.
    """
    read(document)
    signed = _copied(document)
    known = {entry.path: entry for entry in safety_fields.entries(signed)}
    known |= _after_until(signed, fills)
    if faults := list(_refusals(known, fills, signed_by, signed_at)):
        raise ProtocolFaults(faults)
    for path, value in fills.items():
        _fill(known[path], None if value in (None, NONE_NEEDED) else value)
    values = [{"path": path, "value": value} for path, value in fills.items()]
    stamp: Document = {"signed_by": signed_by, "signed_at": signed_at.isoformat(), "values": values}
    _append(signed, stamp)
    read(signed)
    return signed


def _append(document: Document, signature: Document) -> None:
    signatures = document.get("signatures")
    document["signatures"] = [*(signatures if isinstance(signatures, list) else ()), signature]


def _after_until(document: Document, fills: Mapping[str, object]) -> dict[str, Entry]:
    """Hours without driving come into being with the choice of hours."""
    record = document.get("no_drive")
    if fills.get("no_drive.until") != "hours" or not isinstance(record, dict):
        return {}
    return {"no_drive.hours": Entry("no_drive.hours", "Hours without driving", record, "hours")}


def _refusals(
    known: Mapping[str, Entry], fills: Mapping[str, object], signed_by: str, signed_at: datetime
) -> Iterator[Fault]:
    if not fills:
        yield Fault(path="", reason="nothing is given to sign")
    if not signed_by.strip():
        yield Fault(path="signatures", reason="a signature needs a name")
    if not is_instant(signed_at):
        yield Fault(path="signatures", reason="a signature needs a time with its zone")
    for path, value in fills.items():
        if path not in known:
            yield Fault(path=str(path)[:200], reason="is no safety entry of this protocol")
        elif value in (None, NONE_NEEDED) and not known[path].none_allowed:
            yield Fault(path=path, reason="needs a value; none-needed cannot be signed here")


def _fill(entry: Entry, value: object) -> None:
    """Writes the value and its mark; the marks of the record's other numbers stay."""
    record = entry.record
    marks = {key: mark_of(record, key) for key in MARKABLE if key in record and key != entry.key}
    record[entry.key] = value
    marks[entry.key] = Evidence.SIGNED.value
    alone = set(marks.values()) == {Evidence.SIGNED.value}
    record["evidence"] = Evidence.SIGNED.value if alone else marks


def may_activate(
    document: Mapping[str, object], opening: Sequence[WeeklyHours] | None = None
) -> list[Fault]:
    """All that keeps a clinic from using the protocol; [] when nothing does."""
    try:
        fields = open_safety_fields(document)
    except ProtocolFaults as refused:
        return list(refused.faults)
    faults = [Fault(path=each.path, reason=f"{each.label}: {each.why}") for each in fields]
    faults += unproved_signatures(document)
    seen = {fault.path for fault in faults}
    return faults + [each for each in errors(document, opening) if each.path not in seen]


def unproved_signatures(document: Mapping[str, object]) -> list[Fault]:
    """Entries marked signed that no signature covers, or that were changed after it."""
    copied = _copied(document)
    proved = {
        path: value for signature in read(document).signatures for path, value in signature.values
    }
    return [
        Fault(path=entry.path, reason="is marked signed, but no signature covers this value")
        for entry in safety_fields.marked(copied)
        if entry.mark == Evidence.SIGNED and not _covers(proved, entry)
    ]


def _covers(proved: Mapping[str, object], entry: Entry) -> bool:
    if entry.path not in proved:
        return False
    signed = proved[entry.path]
    return entry.value == (None if signed == NONE_NEEDED else signed)


def _copied(document: Mapping[str, object]) -> Document:
    """The document as plain dicts and lists of its own."""
    return {str(key): _copy(value) for key, value in document.items()}


def _copy(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list | tuple) else value
