"""Signing in to the patient pages, and leaving them."""

from typing import Any

from flask import Response, request

from server.patient_pages.my import browser
from server.patient_pages.pages import browsers_language, page
from server.services.clinic.help_lines import HelpLine
from server.services.refusals import NotSignedIn, TooMany
from server.services.sign_ins import browser_sign_in
from shared.vocabulary import Role

DEVICE = "Web page"


def show() -> Any:
    """E-mail and password; whoever is signed in already goes on."""
    try:
        browser.patient()
    except NotSignedIn:
        return form(note="ended" if request.args.get("ended") else "")
    return browser.to("my_today")


def begin() -> Any:
    """Sign in, always under a new id; what the browser was signed in as before ends."""
    try:
        browser.require_own(browser.held(browser.VISITOR))
        browser_id = _proved()
    except browser.ForeignForm:
        return form(403, note="again")
    except NotSignedIn:
        return form(422, note="wrong")
    except TooMany as refused:
        reply = form(429, note="wait")
        reply.headers["Retry-After"] = str(refused.retry_after)
        return reply
    return welcomed(browser_id)


def welcomed(browser_id: str) -> Any:
    """On to today, under this sign-in; an earlier one ends."""
    browser_sign_in.end(browser.held(), now=browser.utc_now())
    reply = browser.give(browser.to("my_today"), browser.SIGN_IN, browser_id)
    return browser.take_back(reply, browser.VISITOR)


def _proved() -> str:
    email, password = (request.form.get(each, "") for each in ("email", "password"))
    if not 0 < len(password) <= 256 or len(email) > 200 or "\0" in email:
        raise NotSignedIn
    now = browser.utc_now()
    browser_id = browser_sign_in.begin(email.strip(), password, now=now, device=DEVICE)
    if browser_sign_in.holder(browser_id, now=now).role is not Role.PATIENT:
        browser_sign_in.end(browser_id, now=now)
        raise NotSignedIn
    return browser_id


def end() -> Any:
    """Sign out; the id is worth nothing from now on."""
    return _ended(browser.to("my_sign_in"))


def leave() -> Any:
    """A plain page at once, and nobody is signed in any more."""
    return _ended(browser.to("my_quiet"))


def quiet() -> Any:
    """A page that says nothing."""
    return page("my_quiet", browsers_language(), HelpLine())


def _ended(reply: Any) -> Any:
    if browser_id := browser.held():
        try:
            browser.require_own(browser_id)
        except browser.ForeignForm:
            return browser.to("my_today", note="again")
        browser_sign_in.end(browser_id, now=browser.utc_now())
    return browser.take_back(reply, browser.SIGN_IN)


def form(status: int = 200, *, note: str = "") -> Response:
    """The page to sign in on."""
    secret = browser.visitor()
    given = request.form.get("email", "")[:200]
    shown = {"note": note, "email": given, "form": browser.token(secret)}
    reply = page("my_sign_in", browsers_language(), HelpLine(), status, **shown)
    browser.give(reply, browser.VISITOR, secret)
    return reply
