"""From the clinic's code to a login: where the QR code and the printed address lead."""

from typing import Any

from flask import request

from server.patient_pages.my import browser
from server.patient_pages.my.entrance import DEVICE, welcomed
from server.patient_pages.pages import browsers_language, page
from server.services.clinic.help_lines import HelpLine
from server.services.refusals import Conflict, Invalid, TooMany
from server.services.sign_ins import browser_sign_in, invitations
from server.services.sign_ins.invitations import Login

LONGEST = {"code": 40, "email": 200, "password": 256}
NOTES = {"code": "bad-code", "password": "weak", "email": "mend"}


def show(code: str = "") -> Any:
    """The code, an e-mail address and a password of the patient's own."""
    return _form(code=code[: LONGEST["code"]])


def join() -> Any:
    """Make the login and go on to today."""
    wanted = Login(**{name: request.form.get(name, "")[:most] for name, most in LONGEST.items()})
    try:
        browser.require_own(browser.held(browser.VISITOR))
        user_id = _made(wanted)
    except browser.ForeignForm:
        return _form(403, note="again", code=wanted.code)
    except Invalid as refused:
        return _form(422, note=NOTES[refused.faults[0].path], code=wanted.code)
    except Conflict:
        return _form(409, note="other-email", code=wanted.code)
    except TooMany as refused:
        reply = _form(429, note="wait", code=wanted.code)
        reply.headers["Retry-After"] = str(refused.retry_after)
        return reply
    now = browser.utc_now()
    return welcomed(browser_sign_in.begin_for(user_id, now=now, device=DEVICE))


def _made(wanted: Login) -> str:
    name, _, host = wanted.email.strip().partition("@")
    if not (name and "." in host) or "\0" in wanted.email or " " in wanted.email.strip():
        raise Invalid.field("email", "must be an e-mail address")
    if request.form.get("again", "") != wanted.password:
        raise Invalid.field("email", "must be typed alike twice")
    return invitations.accept(wanted, now=browser.utc_now())


def _form(status: int = 200, *, note: str = "", code: str) -> Any:
    secret = browser.visitor()
    given = request.form.get("email", "")[: LONGEST["email"]]
    shown = {"note": note, "code": code, "email": given, "form": browser.token(secret)}
    reply = page("my_join", browsers_language(), HelpLine(), status, **shown)
    return browser.give(reply, browser.VISITOR, secret)
