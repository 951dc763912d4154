"""How a page leaves the console: what it may load, and the files that it does load."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, make_response, render_template, request, send_from_directory, url_for

from server.console import cookies, forms, help_words, rooms
from server.services.access import ACTIONS, Caller
from server.services.check_ins import alerts
from server.services.people import users
from server.services.sign_ins import browser_sign_in
from shared.vocabulary import Role

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
A_YEAR = 31_536_000


def page(template: str, status: int = 200, **shown: Any) -> Response:
    """A template of the console as a reply."""
    browser_id = cookies.read(cookies.SIGN_IN)
    leave = forms.token(browser_id) if browser_id else ""
    return guarded(
        make_response(render_template(f"console/{template}", leave=leave, **shown), status)
    )


def staff_page(
    template: str, by: Caller, status: int = 200, *, here: str, **shown: Any
) -> Response:
    """A page for somebody of the staff: who they are and the way to their other pages on top."""
    me = users.me(by)["user"]
    role = Role(by.role).replace("_", " ")
    untaken = alerts.untaken(by)
    frame: dict[str, Any] = {"who": me, "role": role, "rooms": rooms.open_to(by), "here": here}
    frame["idle"] = int(browser_sign_in.IDLE.total_seconds())
    frame["helps"] = help_words.of((request.endpoint or "").rpartition(".")[2], here)
    frame["watches"] = by.role in ACTIONS["alerts.read"]
    return page(template, status, untaken=untaken, **frame, **shown)


def guarded(response: Response) -> Response:
    """The reply with what its page may load and tell."""
    response.headers["Content-Security-Policy"] = POLICY
    # "no-referrer", as the API says it, would also hide from us which site a form was on.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def static(filename: str) -> Response:
    """A file that pages load; kept for a year where its address carries its content's mark."""
    return send_from_directory(STATIC, filename, max_age=A_YEAR if "v" in request.args else 0)


def asset(filename: str) -> str:
    """The address of such a file, another one whenever its content changes."""
    return url_for("console.static", filename=filename, v=_mark(filename))


@cache
def _mark(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:12]
