"""What a clinician reads before a protocol is used: faults, open fields, what has changed."""

from server.domain import protocol_document, protocol_safety
from server.domain.faults import Fault
from server.domain.protocol_diff import difference
from server.domain.protocol_lint import lint
from server.domain.protocol_safety import SafetyField
from server.domain.protocol_sentences import Chapter, chapters
from server.persistence import clinics
from server.persistence import protocols as rows
from server.services.access import Caller, require
from server.services.freshness import found
from server.services.protocols import protocol_documents, protocol_sites
from server.services.protocols.protocol_documents import readable


def faults(by: Caller, version_id: str, *, site_id: str | None = None) -> list[Fault]:
    """All that is wrong or unsafe in a version, by a site's opening hours if one is given."""
    require(by, "protocols.read")
    row = found(rows.version_of(by.clinic_id, version_id))
    if site_id is None:
        return lint(row.document)
    site = found(clinics.site(by.clinic_id, site_id))
    return lint(row.document, protocol_sites.opening(by.clinic_id, site.id))


def against_activation(by: Caller, version_id: str) -> list[Fault]:
    """All that keeps the clinic from activating a version; [] when nothing does."""
    require(by, "protocols.read")
    row = found(rows.version_of(by.clinic_id, version_id))
    return protocol_sites.against_activation(by.clinic_id, row.document)


def open_fields(by: Caller, version_id: str) -> list[SafetyField]:
    """Safety fields that a prescriber has yet to fill or confirm, and sign."""
    require(by, "protocols.read")
    row = found(rows.version_of(by.clinic_id, version_id))
    with readable():
        return protocol_safety.open_safety_fields(row.document)


def differences(by: Caller, old_id: str, new_id: str) -> list[str]:
    """What one version says otherwise than another, in words."""
    require(by, "protocols.read")
    old = found(rows.version_of(by.clinic_id, old_id))
    new = found(rows.version_of(by.clinic_id, new_id))
    with readable():
        before, after = (protocol_document.read(row.document) for row in (old, new))
    return difference(before, after)


def as_yaml(by: Caller, version_id: str) -> str:
    """A version's document as YAML, fit to be edited and brought back."""
    require(by, "protocols.read")
    row = found(rows.version_of(by.clinic_id, version_id))
    return protocol_documents.as_yaml(row.document)


def sentences(by: Caller, version_id: str) -> tuple[Chapter, ...]:
    """A version as sentences, each with how far its numbers can be trusted."""
    require(by, "protocols.read")
    row = found(rows.version_of(by.clinic_id, version_id))
    with readable():
        return chapters(protocol_document.read(row.document))
