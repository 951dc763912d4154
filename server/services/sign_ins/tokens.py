"""Opaque tokens: 256 bits of chance each, kept only as hashes; refresh tokens rotate."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.persistence import sign_ins as rows
from server.persistence.database import db
from server.persistence.sign_ins import AccessTokenRow, RefreshTokenRow, TokenFamilyRow
from server.persistence.types import new_id

ACCESS_LASTS = timedelta(minutes=10)
SIGN_IN_LASTS = timedelta(days=30)
GRACE = timedelta(seconds=60)
"""How long a refresh token may come back because the reply to it was lost on the way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """What a device is given; the only place where the tokens themselves stand."""

    access_token: str
    refresh_token: str
    expires_in: int


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_family(
    user_id: str, device: str, now: datetime, *, lasts: timedelta = SIGN_IN_LASTS
) -> TokenFamilyRow:
    """One sign-in on one device; after `lasts` it ends whatever happens."""
    family = TokenFamilyRow(
        id=new_id(), user_id=user_id, device=device, began_at=now, expires_at=now + lasts
    )
    db.session.add(family)
    db.session.flush()
    return family


def issue(family: TokenFamilyRow, now: datetime, *, parent_hash: str | None = None) -> Tokens:
    """A fresh pair of a sign-in; `parent_hash` is the refresh token it was given for."""
    access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    ends = min(now + ACCESS_LASTS, family.expires_at)
    db.session.add_all(
        [
            AccessTokenRow(hash=hash_of(access), family_id=family.id, expires_at=ends),
            RefreshTokenRow(
                hash=hash_of(refresh), family_id=family.id, made_at=now, parent_hash=parent_hash
            ),
        ]
    )
    lasts = int((ends - now).total_seconds())
    return Tokens(access_token=access, refresh_token=refresh, expires_in=lasts)


def rotate(token_hash: str, family: TokenFamilyRow, now: datetime) -> Tokens | None:
    """The next pair; None where the token was used before and no lost reply explains it.

    A lost reply does: within a minute, as long as nobody has used what was given then. That is
    thrown away, and whoever comes with it later is a thief or was robbed by one.
    """
    token = rows.refresh_token(token_hash)
    if token is None:
        return None
    if token.used_at:
        lost = rows.unused_child(token_hash)
        if lost is None or now - token.used_at > GRACE:
            return None
        lost.used_at = now
        rows.forget_access(family.id)
    else:
        token.used_at = now
        rows.forget_access(family.id, expired_before=now)
    return issue(family, now, parent_hash=token_hash)
