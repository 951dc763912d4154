"""The protocols of a scenario, frozen but not active: no new series starts on them until a
prescriber has filled in and signed what a scenario does not say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from server.domain import protocol_document
from server.domain.faults import ProtocolFaults
from server.domain.protocols import Protocol
from server.persistence.database import db
from server.persistence.protocols import ProtocolRow, ProtocolVersionRow
from server.persistence.types import new_id
from server.planner.files.scenario import Scenario, ScenarioProtocol
from server.services.scenario.codes import codes
from server.services.scenario.documents import Document, Names, document_of, names_of
from shared.vocabulary import BookableKind, VersionStatus


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A protocol of the scenario as it stands in a document."""

    document: Document
    names: Names
    read: Protocol


def editions(scenario: Scenario, faults: list[str]) -> dict[str, Edition]:
    """Every protocol by its id; what no document can hold is added to the faults by its path."""
    called, bookables = codes(scenario.protocols), codes(scenario.bookables)
    found = {}
    for n, (name, protocol) in enumerate(scenario.protocols.items()):
        names = names_of(protocol, called[name], bookables)
        document = document_of(protocol, names, dict(_roles(scenario, protocol)))
        try:
            read = protocol_document.read(document)
        except ProtocolFaults as refused:
            faults += [f"protocols[{n}]: {each.path}: {each.reason}" for each in refused.faults]
        else:
            found[name] = Edition(document=document, names=names, read=read)
    return found


def _roles(scenario: Scenario, protocol: ScenarioProtocol) -> Iterator[tuple[str, BookableKind]]:
    """For each choice the kind of those who may be chosen; a therapist where nobody may."""
    for choice in protocol.choices:
        kinds = (
            scenario.bookables[who].kind
            for patient in scenario.patients
            if patient.protocol is protocol
            for who in patient.candidates[choice.name]
        )
        yield choice.name, next(kinds, BookableKind.THERAPIST)


def keep(
    clinic_id: str, editions: Mapping[str, Edition], *, now: datetime
) -> dict[str, ProtocolVersionRow]:
    """Add them to the present transaction, each as the first version of its protocol."""
    return {name: _version(clinic_id, name, each, now) for name, each in editions.items()}


def _version(clinic_id: str, title: str, edition: Edition, now: datetime) -> ProtocolVersionRow:
    protocol = ProtocolRow(id=new_id(), clinic_id=clinic_id, code=edition.names.code, title=title)
    row = ProtocolVersionRow(
        id=new_id(),
        clinic_id=clinic_id,
        protocol_id=protocol.id,
        number=1,
        status=VersionStatus.PUBLISHED,
        document=edition.document,
        signatures=[],
        made_at=now,
        published_at=now,
    )
    for each in (protocol, row):
        db.session.add(each)
        db.session.flush()
    return row
