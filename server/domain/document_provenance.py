"""Reads where the numbers of a record come from; a number without an evidence mark is a fault."""

from collections.abc import Mapping

from server.domain.document_record import LONGEST_CODE, Record
from server.domain.provenance import Provenance
from shared.vocabulary import Evidence

MARKS = {each.value: each for each in Evidence}
CITED = (Evidence.VERIFIED, Evidence.SECONDARY)


def provenance(record: Record, *fields: str) -> Provenance:
    """The record's `evidence`, `source` and `note`; `fields` are its keys that may be marked.

    `evidence` is one mark for the record, or a mark by field: {min: V, max: D}.
    """
    evidence = record.get("evidence")
    read = Provenance(
        evidence=None if isinstance(evidence, Mapping) else _mark(record, "evidence", evidence),
        marks=_marks(record, evidence, fields) if isinstance(evidence, Mapping) else (),
        source=source(record),
        note=record.text("note", longest=600, default=""),
    )
    _complain(record, read, fields)
    return read


def source(record: Record) -> str | None:
    """The id of a source; a bare number is taken as text."""
    value = record.get("source")
    if value is None:
        return None
    found = source_id(value)
    if found is None:
        record.fault("source", "must be the id of one of the sources")
    else:
        record.notes.cited.append((record.place("source"), found))
    return found


def source_id(value: object) -> str | None:
    """A source's id as text, or None where it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000:
        return str(value)
    if isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) <= LONGEST_CODE:
        return value.strip()
    return None


def _mark(record: Record, key: str, value: object) -> Evidence | None:
    if value is None:
        return None
    if isinstance(value, str) and value in MARKS:
        return MARKS[value]
    record.fault(key, f"must be one of: {', '.join(MARKS)}")
    return None


def _marks(
    record: Record, evidence: Mapping[object, object], fields: tuple[str, ...]
) -> tuple[tuple[str, Evidence | None], ...]:
    found = []
    for key, value in evidence.items():
        if isinstance(key, str) and key in fields:
            found.append((key, _mark(record, f"evidence.{key}", value)))
        else:
            record.fault("evidence", f"may mark only: {', '.join(fields) or 'nothing here'}")
    return tuple(found)


def _complain(record: Record, read: Provenance, fields: tuple[str, ...]) -> None:
    for key in fields:
        value, mark = record.get(key), read.mark(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and mark is None:
            record.fault(key, "is a number without an evidence mark (V, S, R or D)")
        if value is not None and mark in CITED and read.source is None:
            record.fault("source", "is missing: a mark of V or S needs the source it was read in")
            return
