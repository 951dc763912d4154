"""What a browser's request says: who asks, and when.

Kept in the request's own environment, never in an application context that may outlive it.
"""

from datetime import UTC, datetime
from typing import cast

from flask import request

from server.console import cookies
from server.services import browser_sign_in
from server.services.access import Caller
from server.services.refusals import NotSignedIn


def utc_now() -> datetime:
    """The instant of this request; the clock is read once."""
    return cast(datetime, request.environ.setdefault("tandem.now", datetime.now(UTC)))


def caller() -> Caller:
    """Who asks. Raises NotSignedIn where the browser's sign-in does not count (any more)."""
    if "tandem.caller" not in request.environ:
        request.environ["tandem.caller"] = _caller()
    return cast(Caller, request.environ["tandem.caller"])


def watching() -> Caller:
    """Who a page asks for by itself, again and again; nobody touched anything."""
    request.environ["tandem.untouched"] = True
    return caller()


def caller_if_any() -> Caller | None:
    """Who asks, if anybody is signed in."""
    try:
        return caller()
    except NotSignedIn:
        return None


def _caller() -> Caller:
    browser_id = cookies.read(cookies.SIGN_IN)
    if not browser_id:
        raise NotSignedIn
    used = "tandem.untouched" not in request.environ
    return browser_sign_in.holder(browser_id, now=utc_now(), used=used)
