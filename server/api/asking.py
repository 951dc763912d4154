"""What the present request says: who asks, when, and which version they have seen.

Kept in the request's own environment, never in an application context that may outlive it.
"""

import re
from datetime import UTC, datetime
from typing import cast

from flask import request
from werkzeug.exceptions import PreconditionRequired

from server.services.access import Caller
from server.services.refusals import NotSignedIn, Stale
from server.services.sign_ins import sign_in

BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9_-]{20,100})")
TAG = re.compile(r'"([1-9][0-9]{0,8})"')


def utc_now() -> datetime:
    """The instant of this request; the clock is read once."""
    return cast(datetime, request.environ.setdefault("tandem.now", datetime.now(UTC)))


def caller() -> Caller:
    """Who asks. Raises NotSignedIn without a token that counts."""
    if "tandem.caller" not in request.environ:
        request.environ["tandem.caller"] = sign_in.holder(bearer_token(), now=utc_now())
    return cast(Caller, request.environ["tandem.caller"])


def bearer_token() -> str:
    """The access token of this request."""
    given = BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if given is None:
        raise NotSignedIn
    return given[1]


def if_match() -> int:
    """The version that the caller has seen, from `If-Match: "3"`.

    What can be the version of nothing ("*", a weak tag) is stale.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequired
    tag = TAG.fullmatch(given)
    if tag is None:
        raise Stale
    return int(tag[1])
