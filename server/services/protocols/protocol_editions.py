"""A version's way into use: published and frozen, signed by a prescriber, activated, retired.

Signing fills what the sources leave open. A draft is signed where it stands. A published version
never changes, so signing one makes the next number, published at once, with the signed values.
"""

from collections.abc import Mapping
from datetime import datetime

from server.domain import protocol_safety
from server.domain.faults import Fault
from server.domain.protocol_lint import errors
from server.persistence import people
from server.persistence import protocols as rows
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.transactions import transaction
from server.services.access import Caller, require
from server.services.freshness import found, unchanged
from server.services.protocols import protocol_sites
from server.services.protocols.protocol_documents import invalid, readable
from server.services.protocols.protocols import next_version, writing
from server.services.record import audit
from server.services.refusals import Conflict
from shared.vocabulary import VersionStatus


def publish(
    by: Caller, version_id: str, *, expected_version: int, now: datetime
) -> ProtocolVersionRow:
    """Freeze a draft. Invalid names every error of the document that stands against it."""
    require(by, "protocols.publish")
    with transaction(writing(by)):
        row = unchanged(rows.version_of(by.clinic_id, version_id), expected_version)
        _require(row, VersionStatus.DRAFT, "Only a draft can be published.")
        if faults := _errors(row):
            raise invalid(faults)
        _publish(row, now)
        audit.changed(by, "protocols.publish", now=now, subject_id=row.id)
    return row


def sign(
    by: Caller,
    version_id: str,
    fills: Mapping[str, object],
    *,
    expected_version: int,
    now: datetime,
) -> ProtocolVersionRow:
    """Fill and sign safety fields by their path; gives the version that holds the signed document.

    That is the same version where it is a draft, the next one where it is published.
    """
    require(by, "protocols.sign")
    with transaction(writing(by)):
        row = unchanged(rows.version_of(by.clinic_id, version_id), expected_version)
        if row.status == VersionStatus.RETIRED:
            raise Conflict("A retired version is no longer signed.")
        document = _signed(by, row, fills, now)
        signed = row if row.status == VersionStatus.DRAFT else _successor(row, document, now)
        signed.document = document
        signed.signatures = [*row.signatures, _record(by, fills, now)]
        audit.changed(by, "protocols.sign", now=now, subject_id=signed.id)
    return signed


def activate(
    by: Caller, version_id: str, *, expected_version: int, now: datetime
) -> ProtocolVersionRow:
    """Let new series start on a published version; the one before it no longer takes any.

    Invalid names every field still to be signed, and every bookable or practitioner it needs that
    no site has. Series that run stay on the version they began with.
    """
    require(by, "protocols.publish")
    with transaction(writing(by)):
        row = unchanged(rows.version_of(by.clinic_id, version_id), expected_version)
        _require(row, VersionStatus.PUBLISHED, "Only a published version can be activated.")
        if faults := protocol_sites.against_activation(by.clinic_id, row.document):
            raise invalid(faults)
        for other in rows.versions(row.protocol_id):
            if other.id != row.id and other.activated_at and not other.retired_at:
                other.activated_at = None
        row.activated_at = now
        audit.changed(by, "protocols.publish", now=now, subject_id=row.id, facts={"active": True})
    return row


def retire(
    by: Caller, version_id: str, *, expected_version: int, now: datetime
) -> ProtocolVersionRow:
    """No new series start on this version; those that run stay on it."""
    require(by, "protocols.publish")
    with transaction(writing(by)):
        row = unchanged(rows.version_of(by.clinic_id, version_id), expected_version)
        _require(row, VersionStatus.PUBLISHED, "Only a published version can be retired.")
        row.status, row.retired_at = VersionStatus.RETIRED, now
        audit.changed(by, "protocols.publish", now=now, subject_id=row.id, facts={"retired": True})
    return row


def _require(row: ProtocolVersionRow, status: VersionStatus, otherwise: str) -> None:
    if row.status != status:
        raise Conflict(otherwise)


def _errors(row: ProtocolVersionRow) -> list[Fault]:
    return errors(row.document)


def _publish(row: ProtocolVersionRow, now: datetime) -> None:
    row.status, row.published_at = VersionStatus.PUBLISHED, now


def _signed(
    by: Caller, row: ProtocolVersionRow, fills: Mapping[str, object], now: datetime
) -> dict[str, object]:
    who = people.practitioner(by.clinic_id, by.practitioner_id or "")
    if who is None:
        raise Conflict("Your sign-in belongs to no practitioner: a signature needs a name.")
    with readable():
        return protocol_safety.sign(row.document, fills, signed_by=who.title, signed_at=now)


def _successor(
    row: ProtocolVersionRow, document: dict[str, object], now: datetime
) -> ProtocolVersionRow:
    protocol = found(rows.protocol(row.clinic_id, row.protocol_id))
    made = next_version(protocol, document, now)
    _publish(made, now)
    return made


def _record(by: Caller, fills: Mapping[str, object], now: datetime) -> dict[str, object]:
    return {
        "user_id": by.user_id,
        "practitioner_id": by.practitioner_id,
        "signed_at": now.isoformat(),
        "paths": sorted(fills),
    }
