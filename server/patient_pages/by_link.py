"""The page behind a link in a message: one visit to confirm, or one form to answer. Opening it
changes nothing; a button does."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, request

from server.patient_pages.forms import answers_from
from server.patient_pages.my import browser
from server.patient_pages.pages import browsers_language, page
from server.services import refusals
from server.services.check_ins import questionnaires
from server.services.check_ins.check_ins import Answered
from server.services.clinic.help_lines import HelpLine
from server.services.sign_ins import forgotten, link_holders
from server.services.sign_ins.link_holders import Held, Opened

LONGEST_NAME, LONGEST_PHONE = 200, 40


def attend(room: Blueprint) -> None:
    """A link that is over or mangled gets a kind page, whatever was wrong with it."""
    for kind in (refusals.NotFound, refusals.Stale, refusals.Refused):
        room.register_error_handler(kind, _gone)


def show(token: str) -> Any:
    """What the link is about."""
    now = _now()
    if forgotten.is_ours(token, str(current_app.secret_key)):
        return browser.to("my_password", token=token)
    held = _held(token, now)
    return _shown(held, token, link_holders.opened(held, now=now))


def confirm(token: str) -> Response:
    """The patient will come."""
    now = _now()
    held = _held(token, now)
    link_holders.confirm(held, now=now)
    return _shown(held, token, link_holders.opened(held, now=now), note="confirmed")


def ride(token: str) -> Response:
    """The patient says who takes them home."""
    now = _now()
    held = _held(token, now)
    name, phone = (request.form.get(each, "").strip() for each in ("name", "phone"))
    if not (0 < len(name) <= LONGEST_NAME and 0 < len(phone) <= LONGEST_PHONE):
        return _shown(held, token, link_holders.opened(held, now=now), note="mend", status=422)
    link_holders.name_ride(held, name, phone, now=now)
    return _shown(held, token, link_holders.opened(held, now=now))


def take(token: str) -> Response:
    """The patient takes a freed time."""
    return _answered_offer(token, link_holders.take)


def leave(token: str) -> Response:
    """The patient leaves a freed time to others."""
    return _answered_offer(token, link_holders.leave)


def _answered_offer(token: str, act: Callable[..., None]) -> Response:
    now, status = _now(), 200
    held = _held(token, now)
    try:
        act(held, now=now)
    except refusals.Conflict:  # the page says where it stands
        status = 409
    return _shown(held, token, link_holders.opened(held, now=now), status=status)


def answer(token: str) -> Response:
    """The patient has answered."""
    now = _now()
    held = _held(token, now)
    opened = link_holders.opened(held, now=now)
    form = questionnaires.form(held.by.clinic_id, _code(opened))
    given = Answered(answers=answers_from(form, request.form), answered_at=now)
    try:
        help_first = link_holders.answer(held, given, now=now)
    except refusals.Invalid:
        return _shown(held, token, opened, note="mend", status=422)
    except refusals.Conflict:
        return _shown(held, token, link_holders.opened(held, now=now), note="early", status=409)
    return page("thanks", opened.language, opened.help_line, help_first=help_first)


def _held(token: str, now: datetime) -> Held:
    return link_holders.hold(token, str(current_app.secret_key), now=now)


def _code(opened: Opened) -> str:
    if opened.check_in is None:
        raise refusals.NotFound
    return str(opened.check_in["questionnaire"])


def _shown(
    held: Held, token: str, opened: Opened, *, note: str = "", status: int = 200
) -> Response:
    shown: dict[str, Any] = {"token": token, "note": note}
    to = opened.language, opened.help_line, status
    if opened.offer is not None:
        return page("offer", *to, offer=opened.offer, **shown)
    if opened.visit is not None:
        return page("visit", *to, visit=opened.visit, **shown)
    form = questionnaires.form(held.by.clinic_id, _code(opened))
    return page("form", *to, asked=opened.check_in, form=form, given=request.form, **shown)


def _gone(_error: Exception) -> Response:
    return page("gone", browsers_language(), HelpLine(), 404)


def _now() -> datetime:
    return datetime.now(UTC)
