"""What messages say, each as the whole message it makes; the clinic's own words instead."""

from typing import Any

from flask import current_app, redirect, request, url_for

from server.console import message_words
from server.console.asking import caller, poster, utc_now
from server.console.pages import staff_page
from server.console.sent import Outcome, attempt, load
from server.console.setup import tabs
from server.services.access import ACTIONS
from server.services.messages import message_texts
from server.services.refusals import NotFound
from shared.schemas.messages import MessageTextIn

LANGUAGES = {"en": "English", "es": "Spanish"}


def show(outcome: Outcome | None = None) -> Any:
    """Every text in one language."""
    by, language = caller(), _language()
    found = message_texts.listed(by, language, _address(), now=utc_now())
    return staff_page(
        "setup/texts.html",
        by,
        outcome.status if outcome else 200,
        here="clinic",
        tab="texts",
        tabs=tabs.of(by),
        may=by.role in ACTIONS["message_texts.change"],
        language=language,
        languages=LANGUAGES,
        told=[
            (title, [each for each in found if each.to_staff is to_staff])
            for title, to_staff in (("To patients", False), ("To staff", True))
        ],
        words=message_words.kind,
        outcome=outcome,
        form=request.form.get("kind", "") if outcome else "",
        done=request.args.get("done", "") if outcome is None else "",
    )


def _language() -> str:
    given = request.values.get("language", "en")
    if given not in LANGUAGES:
        raise NotFound
    return given


def _address() -> str:
    return str(current_app.config["ADDRESS"])


def change() -> Any:
    """The clinic's own words from now on, or the usual ones again."""
    by, language, kind = poster(), _language(), request.form.get("kind", "")[:100]

    def changed() -> None:
        if "usual" in request.form:
            message_texts.reset(by, language, kind, now=utc_now())
            return
        typed = request.form.get("text", "").replace("\r\n", "\n")
        text = load(MessageTextIn, {"text": typed})["text"]
        message_texts.change(by, language, kind, text, _address(), now=utc_now())

    outcome = attempt(changed)
    if outcome.done:
        return redirect(url_for("console.texts", language=language, done=kind), 303)
    return show(outcome)
