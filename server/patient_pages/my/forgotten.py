"""A new password for who forgot theirs: asking for the link, and what it opens."""

from typing import Any

from flask import current_app, request

from server.patient_pages.my import browser
from server.patient_pages.my.entrance import DEVICE, welcomed
from server.patient_pages.pages import browsers_language, page
from server.services.clinic.help_lines import HelpLine
from server.services.refusals import Invalid, TooMany
from server.services.sign_ins import browser_sign_in, forgotten

LONGEST_EMAIL, LONGEST_PASSWORD = 200, 256


def show() -> Any:
    """One field: the address."""
    return _form("my_forgotten")


def ask() -> Any:
    """The same answer, whether the address is known or not."""
    email = request.form.get("email", "").strip()[:LONGEST_EMAIL]
    name, _, host = email.partition("@")
    if not (name and "." in host) or "\0" in email:
        return _form("my_forgotten", 422, note="mend", email=email)
    try:
        browser.require_own(browser.held(browser.VISITOR))
        forgotten.ask(email, now=browser.utc_now())
    except browser.ForeignForm:
        return _form("my_forgotten", 403, note="again", email=email)
    except TooMany as refused:
        reply = _form("my_forgotten", 429, note="wait", email=email)
        reply.headers["Retry-After"] = str(refused.retry_after)
        return reply
    return _form("my_forgotten", note="link-sent")


def open_link(token: str) -> Any:
    """A new password, twice; a link that is over says so and offers another."""
    if not forgotten.is_good(token, _secret(), now=browser.utc_now()):
        return _form("my_forgotten", 404, note="link-over")
    return _form("my_password", token=token)


def choose(token: str) -> Any:
    """Set it, and go on to today."""
    password = request.form.get("password", "")[: LONGEST_PASSWORD + 1]
    now = browser.utc_now()
    try:
        browser.require_own(browser.held(browser.VISITOR))
        if request.form.get("again", "") != password:
            return _form("my_password", 422, note="differ", token=token)
        user_id = forgotten.choose(token, password, _secret(), now=now)
    except browser.ForeignForm:
        return _form("my_password", 403, note="again", token=token)
    except Invalid as refused:
        if refused.faults[0].path == "password":
            return _form("my_password", 422, note="weak", token=token)
        return _form("my_forgotten", 404, note="link-over")
    return welcomed(browser_sign_in.begin_for(user_id, now=now, device=DEVICE))


def _secret() -> str:
    return str(current_app.secret_key)


def _form(name: str, status: int = 200, *, note: str = "", **more: str) -> Any:
    secret = browser.visitor()
    shown = {"note": note, "email": "", "form": browser.token(secret), **more}
    reply = page(name, browsers_language(), HelpLine(), status, **shown)
    return browser.give(reply, browser.VISITOR, secret)
