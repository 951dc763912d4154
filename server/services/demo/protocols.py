"""The demo clinic adopts drafts from the library; a fictional prescriber fills and signs them."""

import re
from datetime import datetime

from server.domain.protocol_safety import NONE_NEEDED, open_safety_fields
from server.persistence.protocols import ProtocolVersionRow
from server.services.access import Caller
from server.services.demo.story import Edition
from server.services.planning import pictures
from server.services.protocols import protocol_editions, protocols

ADOPTED = (
    "demo-ketamine-integration",
    "shiroma-pe-rct",
    "feder-2021",
    "feder-wet",
    "albott-2018",
)
FOR_DEMONSTRATION: tuple[tuple[str, object], ...] = (
    (r"parts\[.*\]\.minutes$", 60),
    (r"repeat\.gap\.min$", 5),
    (r"repeat\.gap\.max$", 9),
    (r"no_drive\.until$", "next-day"),
    (r"escort\.required$", True),
)
"""What the fictional prescriber writes into fields that no source fills: invented numbers, good for
showing the software and for nothing else. Fields not named here are signed as they stand, or as not
needed where they are empty."""


def adopt_all(by: Caller, *, now: datetime) -> dict[str, Edition]:
    """An active version of each, by the protocol's code."""
    return {code: _edition(_active(by, code, now)) for code in ADOPTED}


def leave_open(by: Caller, *, now: datetime) -> None:
    """One more draft of the library, with the fields that a prescriber has yet to sign."""
    here = {*ADOPTED}
    code = next(str(each["code"]) for each in protocols.library(by) if each["code"] not in here)
    protocols.adopt(by, code, now=now)


def _active(by: Caller, code: str, now: datetime) -> ProtocolVersionRow:
    row = protocols.adopt(by, code, now=now)
    fills = {
        field.path: _fill(field.path, field.value) for field in open_safety_fields(row.document)
    }
    if fills:
        row = protocol_editions.sign(by, row.id, fills, expected_version=row.version, now=now)
    row = protocol_editions.publish(by, row.id, expected_version=row.version, now=now)
    return protocol_editions.activate(by, row.id, expected_version=row.version, now=now)


def _fill(path: str, value: object) -> object:
    if value is not None:
        return value
    found = (fill for pattern, fill in FOR_DEMONSTRATION if re.search(pattern, path))
    return next(found, NONE_NEEDED)


def _edition(row: ProtocolVersionRow) -> Edition:
    protocol = pictures.read_protocol(row)
    return Edition(version_id=row.id, choices=frozenset(each.name for each in protocol.choices))
