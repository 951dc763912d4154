"""What a browser's request says: who asks, and when.

Kept in the request's own environment, never in an application context that may outlive it.
"""

from datetime import UTC, datetime
from typing import cast

from flask import request

from server.console import cookies, forms
from server.services.access import Caller
from server.services.refusals import NotAllowed, NotSignedIn
from server.services.sign_ins import browser_sign_in
from shared.vocabulary import Role


def utc_now() -> datetime:
    """The instant of this request; the clock is read once."""
    return cast(datetime, request.environ.setdefault("tandem.now", datetime.now(UTC)))


def caller() -> Caller:
    """Who of the staff asks. Raises NotSignedIn where the browser's sign-in does not count (any
    more), NotAllowed for a patient: theirs are other pages."""
    who = _known()
    if who.role is Role.PATIENT:
        raise NotAllowed
    return who


def poster() -> Caller:
    """Who sends a form of ours. Raises ForeignForm where it is not from a page they were given."""
    by = caller()
    forms.require_own(cookies.read(cookies.SIGN_IN))
    return by


def watching() -> Caller:
    """Who a page asks for by itself, again and again; nobody touched anything."""
    request.environ["tandem.untouched"] = True
    return caller()


def caller_if_any() -> Caller | None:
    """Who asks, if anybody is signed in."""
    try:
        return _known()
    except NotSignedIn:
        return None


def _known() -> Caller:
    if "tandem.caller" not in request.environ:
        request.environ["tandem.caller"] = _caller()
    return cast(Caller, request.environ["tandem.caller"])


def _caller() -> Caller:
    browser_id = cookies.read(cookies.SIGN_IN)
    if not browser_id:
        raise NotSignedIn
    used = "tandem.untouched" not in request.environ
    return browser_sign_in.holder(browser_id, now=utc_now(), used=used)
