"""Signed links in messages: for one purpose, about one thing, until a time. Nothing in them says
whom or what they are about, and opening one changes nothing."""

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

SIGNED_WITH = 16
"""Bytes of the signature: 128 bits."""
ID = 16
FORM = ">cIQ"


class Purpose(StrEnum):
    """What a link is for; one letter, since a text message is short."""

    APPOINTMENT = "a"
    CHECK_IN = "c"
    OFFER = "o"
    FORGOTTEN = "f"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Where a link leads: to a subject at a version of it, until `expires_at`."""

    purpose: Purpose
    subject_id: str
    version: int
    expires_at: datetime


class BadLink(Exception):
    """Not signed by this clinic's server, or mangled on the way."""


def sign(link: Link, secret: str) -> str:
    """The link as 60 characters for an address."""
    ends = int(link.expires_at.timestamp())
    body = struct.pack(FORM, link.purpose.encode(), link.version, ends)
    body += bytes.fromhex(link.subject_id)
    return base64.urlsafe_b64encode(body + _signature(body, secret)).decode().rstrip("=")


def read(token: str, secret: str) -> Link:
    """Where a link leads, even if its time is over. Raises BadLink."""
    try:
        whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        body, signature = whole[:-SIGNED_WITH], whole[-SIGNED_WITH:]
        if not hmac.compare_digest(signature, _signature(body, secret)):
            raise BadLink
        purpose, version, ends = struct.unpack(FORM, body[:-ID])
        return Link(
            purpose=Purpose(purpose.decode()),
            subject_id=body[-ID:].hex(),
            version=version,
            expires_at=datetime.fromtimestamp(ends, UTC),
        )
    except (ValueError, struct.error) as error:
        raise BadLink from error


def _signature(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), b"link:" + body, hashlib.sha256).digest()[:SIGNED_WITH]
