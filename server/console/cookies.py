"""The two cookies of a browser: its sign-in, and what proves that a form was ours."""

from flask import request
from werkzeug.wrappers import Response

SIGN_IN = "tandem"
FORM = "tandem_form"


def read(name: str) -> str:
    """What the browser sent; "" for none, and for what we would never have given."""
    value = request.cookies.get(_full(name), "")
    return value if 20 <= len(value) <= 100 and value.isascii() else ""


def sent(name: str) -> bool:
    """Whether the browser sent anything under this name."""
    return _full(name) in request.cookies


def give(response: Response, name: str, value: str) -> None:
    """Until the browser is closed; no script reads it, no other site's form sends it along."""
    response.set_cookie(
        _full(name), value, path="/", httponly=True, samesite="Lax", secure=request.is_secure
    )


def take_back(response: Response, name: str) -> None:
    """Make the browser forget it."""
    response.delete_cookie(
        _full(name), path="/", httponly=True, samesite="Lax", secure=request.is_secure
    )


def _full(name: str) -> str:
    """A browser keeps a `__Host-` cookie from every other host, but accepts it over https only."""
    return f"__Host-{name}" if request.is_secure else name
