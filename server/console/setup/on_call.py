"""Who is asked first when an answer needs somebody, who next, and after how many minutes."""

from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.sent import Outcome, attempt
from server.console.setup import tabs
from server.services import alerts
from server.services.access import ACTIONS
from server.services.refusals import Invalid

SPARE = 2
MOST = 20
USUAL_MINUTES = 15


def show(outcome: Outcome | None = None) -> Any:
    """The rota as it is, with room for more."""
    by = caller()
    may = by.role in ACTIONS["on_call.change"]
    people = [(row.id, f"{row.email}, {row.role}") for row in alerts.who_may_be_on_call(by)]
    names = dict(people)
    rows = [(each.user_id, each.within_minutes) for each in alerts.on_call(by)]
    return staff_page(
        "setup/on_call.html",
        by,
        outcome.status if outcome else 200,
        here="clinic",
        tab="on_call",
        tabs=tabs.of(by),
        may=may,
        people=[("", "nobody"), *people],
        rota=[(names.get(user_id, "somebody who has left"), minutes) for user_id, minutes in rows],
        rows=[*rows, *[("", USUAL_MINUTES)] * SPARE],
        outcome=outcome,
        done="Saved. It holds for the next answer that needs somebody." if _done(outcome) else "",
    )


def _done(outcome: Outcome | None) -> bool:
    return outcome is None and "done" in request.args


def change() -> Any:
    """Keep the rota as it was sent; rows without a person are left out."""
    by = poster()
    outcome = attempt(lambda: alerts.set_on_call(by, _rota(), now=utc_now()))
    return redirect(url_for("console.on_call", done=1), 303) if outcome.done else show(outcome)


def _rota() -> list[tuple[str, int]]:
    who = request.form.getlist("who")[:MOST]
    minutes = request.form.getlist("minutes")[:MOST]
    pairs = [
        (an_id(each), _minutes(given)) for each, given in zip(who, minutes, strict=False) if each
    ]
    if len({each for each, _ in pairs}) < len(pairs):
        raise Invalid.field("who", "Each person may stand there once.")
    return pairs


def _minutes(given: str) -> int:
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= 1440):
        raise Invalid.field("minutes", "From 1 to 1440 minutes.")
    return int(given)
