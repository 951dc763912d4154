"""Every refusal leaves here as problem details: one handler a kind, none tells what is inside."""

import json
import logging
import secrets
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from server.services import faults, refusals
from server.services.booking import breach_bodies
from server.services.once import KeyReused
from shared.problems import CONTENT_TYPE, TITLES, FieldFault, problem
from shared.schemas.fields import flattened

RETRY_AFTER = "5"
BY_STATUS = {status: code for code, (status, _) in reversed(TITLES.items())}
BY_STATUS[409], BY_STATUS[422] = "conflict", "invalid"
CHALLENGE = 'Bearer realm="Tandem"'
log = logging.getLogger("tandem.api")


def attend(app: Flask) -> None:
    """Answer every exception of this application."""
    for kind, answer in ANSWERS.items():
        app.register_error_handler(kind, answer)


def reply(
    code: str,
    *,
    headers: Mapping[str, str] | None = None,
    detail: str = "",
    errors: Iterable[FieldFault] = (),
    breaches: Iterable[Mapping[str, object]] = (),
    instance: str = "",
) -> Response:
    """A refusal as HTTP."""
    body = problem(code, detail=detail, errors=errors, breaches=breaches)
    if instance:
        body["instance"] = instance
    status = TITLES[code][0]
    return Response(json.dumps(body), status, headers, content_type=CONTENT_TYPE)


def _http(error: HTTPException) -> Response:
    code = BY_STATUS.get(error.code or 500, "bad-request")
    found = _flattened(getattr(error, "data", {}).get("messages", {}))
    errors = [FieldFault(path or "body", reason) for path, reason in found]
    allowed = error.get_response(request.environ).headers.get("Allow")
    return reply(code, errors=errors, headers={"Allow": allowed} if allowed else None)


def _flattened(messages: Mapping[str, object]) -> list[tuple[str, str]]:
    """Validation messages without the place they came from: a body's field and a query's alike."""
    return [pair for inner in messages.values() for pair in flattened(inner)]


def _not_signed_in(_error: refusals.NotSignedIn) -> Response:
    spoiled = ', error="invalid_token"' if "Authorization" in request.headers else ""
    return reply("not-signed-in", headers={"WWW-Authenticate": CHALLENGE + spoiled})


def _refused(error: refusals.Refused) -> Response:
    return reply("refused", breaches=[breach_bodies.as_json(each) for each in error.breaches])


def _too_many(error: refusals.TooMany) -> Response:
    return reply("too-many-attempts", headers={"Retry-After": str(error.retry_after)})


def _invalid(error: refusals.Invalid) -> Response:
    return reply("invalid", errors=error.faults)


def _conflict(error: refusals.Conflict) -> Response:
    return reply("conflict", detail=str(error))


def _unavailable(_error: Exception) -> Response:
    return reply("unavailable", headers={"Retry-After": RETRY_AFTER})


def _database(error: faults.DatabaseError) -> Response:
    refusal = faults.refusal(error)
    if refusal is None:
        return _unexpected(error)
    log.warning("database: %s at %s", type(error).__name__, request.endpoint)
    return ANSWERS[type(refusal)](refusal)


def _unexpected(error: Exception) -> Response:
    """What the log gets is where, never what: an error's own words may hold a patient's name."""
    number = secrets.token_hex(8)
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames))
    log.error("%s: %s at %s: %s", number, type(error).__name__, request.endpoint, where)
    return reply("internal", instance=f"urn:tandem:request:{number}")


def _plain(code: str) -> Callable[[Exception], Response]:
    return lambda _error: reply(code)


ANSWERS: Mapping[type[Exception], Callable[[Any], Response]] = {
    HTTPException: _http,
    refusals.NotSignedIn: _not_signed_in,
    refusals.NotAllowed: _plain("not-allowed"),
    refusals.NotFound: _plain("not-found"),
    refusals.Refused: _refused,
    refusals.Conflict: _conflict,
    refusals.Stale: _plain("stale"),
    refusals.Invalid: _invalid,
    refusals.TooMany: _too_many,
    refusals.Unavailable: _unavailable,
    KeyReused: _plain("key-reused"),
    faults.DatabaseError: _database,
    Exception: _unexpected,
}
