"""Signing in to the console and out of it."""

import re
from typing import Any

from flask import redirect, request, url_for

from server.console import cookies, forms
from server.console.asking import caller_if_any, utc_now
from server.console.pages import page
from server.services.refusals import NotSignedIn, TooMany
from server.services.sign_ins import browser_sign_in

BACK = re.compile(r"/[a-z][a-z/-]{0,60}(\?[A-Za-z0-9=&_-]{0,200})?")
"""A page of ours to return to; never another site's."""
WRONG = "E-mail and password do not belong together. Look at both, then try again."
ENDED = "You have been signed out, because nobody used this page for a while. Please sign in again."
KEPT = "What you typed is kept for you."
OUT_OF_DATE = (
    "Please try once more: this page had gone out of date. If that does not help, "
    "this browser may be refusing cookies."
)


def show() -> Any:
    """The empty form; whoever is signed in already goes on."""
    if caller_if_any():
        return redirect(_back(), 303)
    ended = cookies.sent(cookies.SIGN_IN) and bool(request.args.get("back"))
    kept = request.args.get("back") == url_for("console.kept")
    return _form(notice=f"{ENDED} {KEPT if kept else ''}".strip() if ended else "")


def begin() -> Any:
    """Sign in, always under a new id; what the browser was signed in as before ends."""
    email = request.form.get("email", "").strip()[:200]
    try:
        forms.require_own(cookies.read(cookies.FORM))
        browser_id = browser_sign_in.begin(email, _password(), now=utc_now())
    except forms.ForeignForm:
        return _form(403, email, OUT_OF_DATE)
    except NotSignedIn:
        return _form(422, email, WRONG)
    except TooMany as refused:
        return _wait(email, refused.retry_after)
    browser_sign_in.end(cookies.read(cookies.SIGN_IN), now=utc_now())
    response = redirect(_back(), 303)
    cookies.give(response, cookies.SIGN_IN, browser_id)
    cookies.take_back(response, cookies.FORM)
    return response


def end() -> Any:
    """Sign out; the id is worth nothing from now on."""
    browser_id = cookies.read(cookies.SIGN_IN)
    response = redirect(url_for("console.sign_in"), 303)
    if browser_id:
        forms.require_own(browser_id)
        browser_sign_in.end(browser_id, now=utc_now())
    cookies.take_back(response, cookies.SIGN_IN)
    return response


def _password() -> str:
    given = request.form.get("password", "")
    if not 0 < len(given) <= 256 or "\0" in request.form.get("email", ""):
        raise NotSignedIn
    return given


def _form(status: int = 200, email: str = "", fault: str = "", notice: str = "") -> Any:
    secret = cookies.read(cookies.FORM) or forms.new_secret()
    shown = {"email": email, "fault": fault, "notice": notice, "back": _back()}
    response = page("sign_in/sign_in.html", status, form=forms.token(secret), **shown)
    cookies.give(response, cookies.FORM, secret)
    return response


def _wait(email: str, seconds: int) -> Any:
    response = _form(429, email, f"Too many tries. Wait {_span(seconds)}, then try again.")
    response.headers["Retry-After"] = str(seconds)
    return response


def _span(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return "one minute" if minutes == 1 else f"{minutes} minutes"


def _back() -> str:
    wanted = request.values.get("back", "")
    return wanted if BACK.fullmatch(wanted) else url_for("console.first")
