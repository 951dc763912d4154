"""Reads a protocol document (docs/protocol-format.md) into a Protocol, or says all that is wrong.

The document is what YAML or JSON parsers give: mappings, lists, text, numbers, true/false, null.
"""

from collections.abc import Mapping
from dataclasses import replace

from server.domain import document_rules, document_visits
from server.domain.document_provenance import source_id
from server.domain.document_record import Notes, Record
from server.domain.faults import ProtocolFaults
from server.domain.protocol_references import faults_of_references
from server.domain.protocol_repeats import repeats, written_out, written_out_check_ins
from server.domain.protocols import Protocol
from server.domain.provenance import Signature, SourceRef
from server.domain.treatment import Arm
from server.domain.visit_definitions import Choice
from shared.vocabulary import BookableKind

FORMAT = "tandem.protocol/1"


def read(document: Mapping[str, object]) -> Protocol:
    """The protocol of a document. Raises ProtocolFaults, and nothing else, with every fault."""
    notes = Notes()
    written = _protocol(Record(document, "", notes))
    if not notes.faults:
        notes.faults.extend(faults_of_references(written))
    if notes.faults:
        raise ProtocolFaults(notes.faults)
    return replace(
        written,
        visits=written_out(written.phases),
        check_ins=written_out_check_ins(written.check_in_templates, written.phases),
        assessments=written_out_check_ins(written.assessment_templates, written.phases),
    )


def _protocol(record: Record) -> Protocol:
    _format(record)
    arms = tuple(document_rules.arm(each) for each in record.records("arms"))
    minutes = arm_minutes(arms)
    phases = tuple(document_visits.phase(each, minutes) for each in record.records("phases"))
    if not phases:
        record.fault("phases", "must name at least one phase")
    fasting, no_drive, escort = (record.record(key) for key in ("fasting", "no_drive", "escort"))
    start = record.code("start_visit")
    known = repeats(phases)
    read = Protocol(
        code=record.code("code"),
        title=record.text("title"),
        description=record.text("description", longest=4000),
        off_label=_stated(record, "off_label"),
        blinded=bool(record.flag("blinded", False)),
        demonstration=bool(record.flag("demonstration", False)),
        sources=tuple(_source(each) for each in record.records("sources")),
        arms=arms,
        choices=tuple(_choice(each) for each in record.records("choices")),
        start_visit=known.code(start, 1) if start in known.templates else start,
        phases=phases,
        check_in_templates=tuple(map(document_visits.check_in, record.records("check_ins"))),
        assessment_templates=tuple(map(document_visits.check_in, record.records("assessments"))),
        gates=tuple(map(document_rules.gate, record.records("gates"))),
        readings=tuple(map(document_rules.reading, record.records("readings"))),
        fasting=document_rules.fasting(fasting) if fasting else None,
        no_drive=document_rules.no_drive(no_drive) if no_drive else None,
        escort=document_rules.escort(escort) if escort else None,
        signatures=tuple(_signature(each) for each in record.records("signatures")),
    )
    record.finish()
    _cited(record.notes, {source.id for source in read.sources})
    return read


def arm_minutes(arms: tuple[Arm, ...]) -> int | None:
    """What `minutes: as-arms` stands for: the longest arm, or None while one is not set."""
    minutes = [arm.duration.minutes for arm in arms]
    known = [each for each in minutes if each is not None]
    return max(known) if known and len(known) == len(minutes) else None


def _format(record: Record) -> None:
    if record.get("format") != FORMAT:
        record.fault("format", f"must be {FORMAT}")


def _stated(record: Record, key: str) -> bool:
    if record.get(key) is None:
        record.fault(key, "is missing")
    return bool(record.flag(key, True))


def _source(record: Record) -> SourceRef:
    found = source_id(record.get("id"))
    if found is None:
        record.fault("id", "must be a short text or a number")
    read = SourceRef(id=found or "", citation=record.text("citation", longest=600))
    record.finish()
    return read


def _choice(record: Record) -> Choice:
    read = Choice(
        name=record.code("name"),
        kind=record.enum("role", BookableKind),
        kept=bool(record.flag("kept", True)),
    )
    record.finish()
    return read


def _signature(record: Record) -> Signature:
    signed_by = record.text("signed_by")
    read = Signature(
        signed_by=signed_by,
        signed_at=record.text("signed_at", longest=40),
        values=tuple(_signed_value(each) for each in record.records("values")),
    )
    record.finish()
    return read


def _signed_value(record: Record) -> tuple[str, object]:
    path, value = record.text("path"), record.get("value")
    if isinstance(value, str):
        value = record.text("value")
    elif not isinstance(value, bool | None):
        value = record.number("value")
    record.finish()
    return path, value


def _cited(notes: Notes, ids: set[str]) -> None:
    for path, cited in notes.cited:
        if cited not in ids:
            notes.add(path, f"{cited} is none of the sources")
