"""Every refusal of the console is a page in its own style; those of the API stay problems."""

import logging
import secrets
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Flask, Response, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from server.console import keeping
from server.console.asking import caller_if_any
from server.console.forms import ForeignForm
from server.console.pages import page
from server.console.words import FOREIGN, PATIENT, WORDS, Words
from server.services import faults, refusals
from shared.vocabulary import Role

log = logging.getLogger("tandem.console")


def attend(app: Flask, console: Blueprint) -> None:
    """Answer what goes wrong in the console, and what a browser looks for in vain."""
    for kind, answer in ANSWERS.items():
        console.register_error_handler(kind, answer)
    others: Callable[[Any], Any] = app.error_handler_spec[None][None][HTTPException]
    app.register_error_handler(
        HTTPException, lambda error: _http(error) if _is_for_a_person() else others(error)
    )


def _is_for_a_person() -> bool:
    """An address that nobody serves is told to a browser as a page, to programs as a problem."""
    if request.blueprint or request.path.startswith("/api/"):
        return request.blueprint == "console"
    kinds = ["application/json", "text/html"]
    return request.accept_mimetypes.best_match(kinds) == "text/html"


def _http(error: HTTPException) -> Response:
    status = error.code if error.code in WORDS else 400
    reply = _told(status or 400)
    if allowed := error.get_response(request.environ).headers.get("Allow"):
        reply.headers["Allow"] = allowed
    return reply


def _not_signed_in(_error: Exception) -> Any:
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.method == "POST" and keeping.keep():
        back = url_for("console.kept")
    return redirect(url_for("console.sign_in", back=back), 303)


def _not_allowed(_error: Exception) -> Response:
    who = caller_if_any()
    if who and who.role is Role.PATIENT:
        return _told(403, PATIENT, link=False)
    return _told(403, link=False)


def _database(error: faults.DatabaseError) -> Response:
    match faults.refusal(error):
        case None:
            return _unexpected(error)
        case refusals.Unavailable():
            return _told(503)
        case _:
            return _told(409)


def _unexpected(error: Exception) -> Response:
    """What the log gets is where, never what: an error's own words may hold a patient's name."""
    number = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames))
    log.error("%s: %s at %s: %s", number, type(error).__name__, request.endpoint, where)
    return _told(500, number=number)


def _told(
    status: int, words: Words | None = None, *, link: bool = True, number: str = ""
) -> Response:
    title, text = words or WORDS[status]
    return page("templates/error.html", status, title=title, text=text, link=link, number=number)


def _plain(status: int, words: Words | None = None) -> Callable[[Exception], Response]:
    return lambda _error: _told(status, words)


ANSWERS: Mapping[type[Exception], Callable[[Any], Any]] = {
    HTTPException: _http,
    ForeignForm: _plain(403, FOREIGN),
    refusals.NotSignedIn: _not_signed_in,
    refusals.NotAllowed: _not_allowed,
    refusals.NotFound: _plain(404),
    refusals.Conflict: _plain(409),
    refusals.Invalid: _plain(400),
    refusals.Stale: _plain(409),
    refusals.Unavailable: _plain(503),
    faults.DatabaseError: _database,
    Exception: _unexpected,
}
