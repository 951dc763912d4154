"""A clinic's protocols: taken from the library or written by the clinic, version by version."""

from dataclasses import dataclass
from datetime import datetime

from server.domain.protocols import Protocol
from server.library import loader
from server.persistence import protocols as rows
from server.persistence.database import db
from server.persistence.protocols import ProtocolRow, ProtocolVersionRow
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.services.access import Caller, require
from server.services.freshness import found, unchanged
from server.services.protocols.protocol_documents import Document, accepted
from server.services.record import audit
from server.services.refusals import Conflict, Invalid
from shared.vocabulary import VersionStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicProtocol:
    """A protocol of the clinic, and the version on which new series start."""

    id: str
    code: str
    title: str
    active_version_id: str | None


def writing(by: Caller) -> Locks:
    """One person at a time writes the protocols of a clinic."""
    return Locks(names=frozenset({f"protocols:{by.clinic_id}"}))


def library(by: Caller) -> list[Document]:
    """The drafts that ship with Tandem, by code."""
    require(by, "protocols.read")
    return [document for _, document in sorted(loader.drafts().items())]


def library_draft(by: Caller, code: str) -> Document:
    """One of them."""
    require(by, "protocols.read")
    return found(loader.drafts().get(code))


def protocols(
    by: Caller, *, page: int = 1, page_size: int = 100
) -> tuple[list[ClinicProtocol], int]:
    """A page of the clinic's protocols, by title, and how many there are."""
    require(by, "protocols.read")
    here, total = rows.protocols(by.clinic_id, page=page, page_size=page_size)
    return _with_active(here), total


def protocol(by: Caller, protocol_id: str) -> ClinicProtocol:
    """One protocol."""
    require(by, "protocols.read")
    return _with_active([found(rows.protocol(by.clinic_id, protocol_id))])[0]


def versions(by: Caller, protocol_id: str) -> list[ProtocolVersionRow]:
    """Every version of a protocol, the newest first."""
    require(by, "protocols.read")
    return rows.versions(found(rows.protocol(by.clinic_id, protocol_id)).id)


def version(by: Caller, version_id: str) -> ProtocolVersionRow:
    """One version with its document."""
    require(by, "protocols.read")
    return found(rows.version_of(by.clinic_id, version_id))


def active(by: Caller, code: str) -> ProtocolVersionRow:
    """The version of a protocol on which new series start. NotFound where there is none."""
    require(by, "protocols.read")
    row = found(rows.coded(by.clinic_id, code))
    version_id = found(rows.active_ids([row.id]).get(row.id))
    return found(rows.version_of(by.clinic_id, version_id))


def adopt(by: Caller, code: str, *, now: datetime) -> ProtocolVersionRow:
    """Take a draft of the library into the clinic, as a draft of the clinic's own."""
    require(by, "protocols.write")
    return create(by, found(loader.drafts().get(code)), now=now)


def create(by: Caller, document: Document | str, *, now: datetime) -> ProtocolVersionRow:
    """A new protocol with its first draft, from a document or its YAML text.

    Invalid names every fault of the document with its place.
    """
    require(by, "protocols.write")
    with transaction(writing(by)) as session:
        read, kept = accepted(document)
        if rows.coded(by.clinic_id, read.code):
            raise Conflict(f"The clinic has {read.code} already; add a version to it.")
        row = ProtocolRow(id=new_id(), clinic_id=by.clinic_id, code=read.code, title=read.title)
        session.add(row)
        session.flush()
        return _new_version(by, row, kept, now)


def add_version(
    by: Caller, protocol_id: str, document: Document | str, *, now: datetime
) -> ProtocolVersionRow:
    """The next draft of a protocol; versions before it stay as they are."""
    require(by, "protocols.write")
    with transaction(writing(by)):
        row = found(rows.protocol(by.clinic_id, protocol_id))
        read, kept = accepted(document, known=_documents(row.id))
        _name(row, read)
        return _new_version(by, row, kept, now)


def replace(
    by: Caller,
    version_id: str,
    document: Document | str,
    *,
    expected_version: int,
    now: datetime,
) -> ProtocolVersionRow:
    """Write a draft anew. Conflict for a version that is published: it never changes."""
    require(by, "protocols.write")
    with transaction(writing(by)):
        row = unchanged(rows.version_of(by.clinic_id, version_id), expected_version)
        if row.status != VersionStatus.DRAFT:
            raise Conflict("A published version never changes; add a new version.")
        read, kept = accepted(document, known=_documents(row.protocol_id))
        _name(found(rows.protocol(by.clinic_id, row.protocol_id)), read)
        row.document = dict(kept)
        audit.changed(by, "protocols.write", now=now, subject_id=row.id)
    return row


def next_version(row: ProtocolRow, document: Document, now: datetime) -> ProtocolVersionRow:
    """The next number of a protocol, a draft as yet, in a transaction that is writing."""
    made = ProtocolVersionRow(
        id=new_id(),
        clinic_id=row.clinic_id,
        protocol_id=row.id,
        number=rows.last_number(row.id) + 1,
        status=VersionStatus.DRAFT,
        document=dict(document),
        signatures=[],
        made_at=now,
    )
    db.session.add(made)
    return made


def _new_version(
    by: Caller, row: ProtocolRow, document: Document, now: datetime
) -> ProtocolVersionRow:
    made = next_version(row, document, now)
    facts: dict[str, object] = {"protocol": row.code, "number": made.number}
    audit.changed(by, "protocols.write", now=now, subject_id=made.id, facts=facts)
    return made


def _name(row: ProtocolRow, read: Protocol) -> None:
    """A protocol is called what its newest document says; its code never changes."""
    if read.code != row.code:
        raise Invalid.field("document.code", f"this protocol's code is {row.code}")
    row.title = read.title


def _documents(protocol_id: str) -> list[Document]:
    return [row.document for row in rows.versions(protocol_id)]


def _with_active(here: list[ProtocolRow]) -> list[ClinicProtocol]:
    active = rows.active_ids([row.id for row in here])
    return [
        ClinicProtocol(
            id=row.id, code=row.code, title=row.title, active_version_id=active.get(row.id)
        )
        for row in here
    ]
