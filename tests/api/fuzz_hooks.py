"""Real ids, tokens and years for what schemathesis sends; loaded by it, never by a test.

Where it means to send something wrong, that stays as it is.
"""

import json
import os
import re
from typing import Any
from uuid import uuid4
from zlib import crc32

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.parameters import ParameterLocation

from tests.api.fuzz_bodies import GOOD_BODIES

KNOWN = json.loads(os.environ.get("TANDEM_FUZZ", "{}"))
SPOILS_ITS_TOKEN = ("signOut", "endSignIn")

# The clinic believes in the years 1900 to 2199; JSON Schema has no word for that.
years = st.integers(1900, 2199).map(str)
dates = st.builds("{}-{:02}-{:02}".format, years, st.integers(1, 12), st.integers(1, 28))
times = st.builds("{:02}:{:02}:{:02}".format, *[st.integers(0, most) for most in (23, 59, 59)])
offsets = st.sampled_from(["Z", "+00:00", "-04:00", "+05:45", "-11:30"])
schemathesis.openapi.format("date", dates)
schemathesis.openapi.format("date-time", st.builds("{}T{}{}".format, dates, times, offsets))
schemathesis.openapi.format("time-zone", st.sampled_from(["Europe/Paris", "America/New_York"]))


@schemathesis.auth(refresh_interval=None, cache_by_key=lambda case, _: str(case.id))
class Tokens:
    """The person's own token, or one made for a request that spoils it."""

    def get(self, case: Any, _context: Any) -> str:
        """The token for this request."""
        return _fresh()["access_token"] if _name(case) in SPOILS_ITS_TOKEN else KNOWN["token"]

    def set(self, case: Any, data: str, _context: Any) -> None:
        """Put it where it belongs."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Just before a request is sent."""
    if not _wrong(case, ParameterLocation.PATH) and _name(case) == "endSignIn":
        case.path_parameters = {"sign_in_id": _present_sign_in(case)}
    if not _wrong(case, ParameterLocation.HEADER):
        _mend_headers(case)
    if not _wrong(case, ParameterLocation.BODY):
        _mend_body(case)
    if not _wrong(case, ParameterLocation.QUERY):
        case.query = _with_real_ids(case.query)


def _name(case: Any) -> str:
    return str(case.operation.definition.raw["operationId"])


def _wrong(case: Any, where: ParameterLocation) -> bool:
    return case.meta is not None and bool(case.meta.is_negative_at(where))


def _mend_headers(case: Any) -> None:
    """The version there is now, and a key that was not used before."""
    headers = case.headers or {}
    if "If-Match" in headers:
        headers["If-Match"] = _version_now(case)
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = uuid4().hex


def _mend_body(case: Any) -> None:
    """Ids that exist; seven times of eight, what a person might really send."""
    case.body = _with_real_ids(case.body)
    good = GOOD_BODIES.get(_name(case))
    if isinstance(case.body, dict) and good and crc32(str(case.id).encode()) % 8:
        case.body = {**case.body, **good(KNOWN)}
    elif isinstance(case.body, dict) and _name(case) == "refreshTokens":
        case.body["refresh_token"] = _fresh()["refresh_token"]


def _with_real_ids(value: Any) -> Any:
    """The same with every `..._id` that is an id replaced by one that exists."""
    if isinstance(value, dict):
        return {name: _real(name, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_real_ids(inner) for inner in value]
    return value


def _real(name: str, value: Any) -> Any:
    noun = {"protocol_version_id": "version", "since": "draft"}.get(name, name.removesuffix("_id"))
    is_id = isinstance(value, str) and re.fullmatch("[0-9a-f]{32}", value)
    return KNOWN[noun] if is_id and noun in KNOWN else _with_real_ids(value)


def _version_now(case: Any) -> str:
    """The ETag that what is changed has now."""
    named = re.match(r"/api/v1/[a-z-]+/[0-9a-f]{32}", case.formatted_path)
    address = named[0] if named else f"/api/v1/series/{KNOWN['series_to_book']}"
    bearer = {"Authorization": f"Bearer {KNOWN['token']}"}
    reply = requests.get(KNOWN["address"] + address, headers=bearer, timeout=10)
    return reply.headers.get("ETag", '"1"')


def _present_sign_in(case: Any) -> str:
    bearer = {"Authorization": (case.headers or {}).get("Authorization", "")}
    listed = requests.get(f"{KNOWN['address']}/api/v1/sign-ins", headers=bearer, timeout=10)
    if not listed.ok:
        return "0" * 32
    return next((each["id"] for each in listed.json() if each["present"]), "0" * 32)


def _fresh() -> dict[str, str]:
    given = {"email": KNOWN["email"], "password": KNOWN["password"]}
    return requests.post(f"{KNOWN['address']}/api/v1/sign-in", json=given, timeout=10).json()
