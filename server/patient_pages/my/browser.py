"""Who uses this browser: a patient's own cookie, never that of the staff's console."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from server.services.access import Caller
from server.services.refusals import NotSignedIn
from server.services.sign_ins import browser_sign_in
from shared.vocabulary import Role

SIGN_IN, VISITOR = "tandem_patient", "tandem_visitor"
FIELD = "form"


class ForeignForm(Exception):
    """The form is not from a page that this browser was given."""


def utc_now() -> datetime:
    """The instant of this request; the clock is read once."""
    return cast(datetime, request.environ.setdefault("tandem.now", datetime.now(UTC)))


def held(name: str = SIGN_IN) -> str:
    """What the browser holds; "" for none, and for what we would never have given."""
    value = request.cookies.get(_full(name), "")
    return value if 20 <= len(value) <= 100 and value.isascii() else ""


def patient() -> Caller:
    """The patient who asks. Raises NotSignedIn for anybody else."""
    if not held():
        raise NotSignedIn
    by = browser_sign_in.holder(held(), now=utc_now())
    if by.role is not Role.PATIENT or by.patient_id is None:
        raise NotSignedIn
    return by


def sender() -> Caller:
    """The patient who sends a form of ours."""
    by = patient()
    require_own(held())
    return by


def visitor() -> str:
    """The secret of a browser that nobody is signed in with."""
    return held(VISITOR) or secrets.token_urlsafe(32)


def give(reply: Response, name: str, value: str) -> Response:
    """Until the browser is closed; no script reads it, no other site's form sends it along."""
    safe = request.is_secure
    reply.set_cookie(_full(name), value, path="/", httponly=True, samesite="Lax", secure=safe)
    return reply


def take_back(reply: Response, name: str) -> Response:
    """Make the browser forget it."""
    reply.delete_cookie(_full(name), path="/", httponly=True, secure=request.is_secure)
    return reply


def token(secret: str) -> str:
    """What a form carries for a browser that holds this secret."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"patient-form:" + secret.encode(), hashlib.sha256).hexdigest()


def require_own(secret: str) -> None:
    """Raise ForeignForm unless the form comes from a page of ours, given to this browser."""
    given = request.form.get(FIELD, "").encode()
    if not (secret and hmac.compare_digest(given, token(secret).encode()) and _from_here()):
        raise ForeignForm


def to(endpoint: str, **about: Any) -> Response:
    """On to another of these pages."""
    return redirect(url_for(f"patient_pages.{endpoint}", **about), 303)


def as_patient(show: Callable[..., Any]) -> Callable[..., Any]:
    """A page for whoever is signed in; all others are asked to sign in first."""

    def shown(**about: str) -> Any:
        try:
            return show(patient() if request.method == "GET" else sender(), **about)
        except NotSignedIn:
            return to("my_sign_in", ended="1" if held() else None)
        except ForeignForm:
            return to("my_today", note="again")

    return shown


def _full(name: str) -> str:
    return f"__Host-{name}" if request.is_secure else name


def _from_here() -> bool:
    """What the browser itself says of where the form stood; old ones say nothing."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin in (None, "null") or urlsplit(str(origin)).netloc == request.host
