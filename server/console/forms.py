"""Whether a form was filled in on a page of ours, or by another site in somebody's name."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import current_app, request

FIELD = "form"


class ForeignForm(Exception):
    """The form is not from a page that this browser was given."""


def new_secret() -> str:
    """What a browser is given before anybody has signed in."""
    return secrets.token_urlsafe(32)


def token(secret: str) -> str:
    """What a form carries for a browser that holds this secret in a cookie."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"form:" + secret.encode(), hashlib.sha256).hexdigest()


def require_own(secret: str) -> None:
    """Raise ForeignForm unless the request comes from a page of ours, given to this browser."""
    given = request.form.get(FIELD, "").encode()
    ours = secret and hmac.compare_digest(given, token(secret).encode())
    if not ours or not _from_here():
        raise ForeignForm


def _from_here() -> bool:
    """What the browser itself says of where the form stood; old ones say nothing."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host
