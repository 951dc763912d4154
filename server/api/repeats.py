"""A request that comes twice with one Idempotency-Key has one effect and one reply."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Response, request

from server.api.asking import caller, utc_now
from server.services.once import Asked, Reply, once
from server.services.refusals import Invalid

KEY = re.compile(r"[\x21-\x7e]{1,80}")
PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "Made anew for each thing wanted and sent again with each try; kept 14 days.",
    "schema": {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": 80},
}
REPLAYED = {
    "Idempotency-Replayed": {
        "description": "The reply was kept from before; nothing was done again.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}


def answer_once(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view whose effect and reply are kept together under the key, if there is one."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(*args, **kwargs)
        return _response(once(_asked(key), lambda: _reply(view(*args, **kwargs)), now=utc_now()))

    return answered


def _asked(key: str) -> Asked:
    if not KEY.fullmatch(key):
        raise Invalid.field("Idempotency-Key", "1 to 80 visible characters.")
    return Asked(user_id=caller().user_id, key=key, request_hash=_request_hash())


def _request_hash() -> str:
    """The same for the same request: address, version seen and body."""
    seen = request.headers.get("If-Match", "")
    head = json.dumps([request.method, request.full_path, seen]).encode()
    return hashlib.sha256(head + b"\n" + request.get_data(cache=True)).hexdigest()


def _reply(response: Response) -> Reply:
    body = cast(dict[str, object], response.get_json(silent=True))
    return Reply(status=response.status_code, body=body, etag=response.headers.get("ETag"))


def _response(reply: Reply) -> Response:
    content = "" if reply.status == 204 else json.dumps(reply.body) + "\n"
    response = Response(content, reply.status, content_type="application/json")
    if reply.etag:
        response.headers["ETag"] = reply.etag
    if reply.repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response
