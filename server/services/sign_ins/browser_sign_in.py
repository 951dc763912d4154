"""A browser's sign-in: one opaque id for a cookie, gone after a quarter of an hour without use."""

import secrets
from datetime import datetime, timedelta

from server.persistence.database import db
from server.persistence.sign_ins import AccessTokenRow, TokenFamilyRow
from server.persistence.transactions import transaction
from server.services.access import Caller
from server.services.refusals import NotFound, NotSignedIn
from server.services.sign_ins import sign_in, tokens

IDLE = timedelta(minutes=15)
LASTS = timedelta(hours=12)
"""However busy the browser is; a working day with its hand-overs."""
NOTED_EVERY = timedelta(minutes=1)
"""Using the console writes at most this often."""
DEVICE = "Web console"


def begin(email: str, password: str, *, now: datetime, device: str = DEVICE) -> str:
    """A new id for the browser of whoever knows the password. Refuses as `sign_in.prove` does."""
    user_id = sign_in.prove(email, password, now=now)
    return begin_for(user_id, now=now, password=password, device=device)


def begin_for(
    user_id: str, *, now: datetime, password: str | None = None, device: str = DEVICE
) -> str:
    """A new id for the browser of a user who has proved who they are."""
    with transaction():
        _, family = sign_in.opened(user_id, device=device, now=now, password=password, lasts=LASTS)
        return _issued(family, now)


def holder(browser_id: str, *, now: datetime, used: bool = True) -> Caller:
    """Whose browser this is, now seen in use. Raises NotSignedIn for an id that does not count.
    `used` is False for what a page asks by itself: it keeps nobody signed in."""
    caller, token = sign_in.held(_token(browser_id), now=now)
    if used and token.expires_at - now <= IDLE - NOTED_EVERY:
        _note_use(token.hash, now)
    return caller


def listed(
    by: Caller, browser_id: str, *, page: int, page_size: int, now: datetime
) -> tuple[list[dict[str, object]], int]:
    """A page of the caller's sign-ins, this browser's marked, and how many there are."""
    return sign_in.listed(by, _token(browser_id), page=page, page_size=page_size, now=now)


def end(browser_id: str, *, now: datetime) -> None:
    """Sign this browser out, if it is signed in at all."""
    try:
        caller = sign_in.holder(_token(browser_id), now=now)
        sign_in.sign_out(caller, _token(browser_id), now=now)
    except (NotSignedIn, NotFound):
        return


def _issued(family: TokenFamilyRow, now: datetime) -> str:
    browser_id = secrets.token_urlsafe(32)
    row = AccessTokenRow(hash=hash_of(browser_id), family_id=family.id, expires_at=now + IDLE)
    db.session.add(row)
    return browser_id


def _note_use(token_hash: str, now: datetime) -> None:
    with transaction():
        row = db.session.get(AccessTokenRow, token_hash)
        family = db.session.get(TokenFamilyRow, row.family_id) if row else None
        if row and family:
            row.expires_at = min(now + IDLE, family.expires_at)


def _token(browser_id: str) -> str:
    """A browser's id as sign-ins know it: never an API token, and no API token is one."""
    return f"browser:{browser_id}"


def hash_of(browser_id: str) -> str:
    """How a browser's id is kept: never as itself."""
    return tokens.hash_of(_token(browser_id))
