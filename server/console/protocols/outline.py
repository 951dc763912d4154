"""Beginning a protocol from a few questions instead of an empty page."""

from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.pages import staff_page
from server.console.sent import Outcome, attempt, text
from server.services.access import require
from server.services.protocols import protocol_outlines
from server.services.protocols.protocol_outlines import Outline
from server.services.refusals import Invalid
from shared.problems import FieldFault

ROUTES = (("intravenous", "intravenous"), ("intramuscular", "intramuscular"))
NUMBERS = (
    ("infusions", "How many infusions", 1, 40),
    ("gap_min", "Days from one to the next: at least", 1, 365),
    ("gap_best", "best", 1, 365),
    ("gap_max", "at most", 1, 365),
    ("getting_ready_minutes", "Minutes to get ready", 5, 600),
    ("infusion_minutes", "Minutes of the infusion", 5, 600),
    ("observation_minutes", "Minutes of watching afterwards", 5, 600),
    ("hours_min", "Hours after an infusion: at least", 1, 2000),
    ("hours_best", "best", 1, 2000),
    ("hours_max", "at most", 1, 2000),
    ("session_minutes", "Minutes of the session", 5, 600),
)
"""Name, label, least and most of each number that is asked for."""


def show(outcome: Outcome | None = None) -> Any:
    """The questions."""
    by = caller()
    require(by, "protocols.write")
    status = outcome.status if outcome else 200
    return staff_page(
        "protocols/outline.html", by, status, here="protocols", outcome=outcome, routes=ROUTES
    )


def begin() -> Any:
    """A draft from the answers."""
    by = poster()
    made: list[str] = []
    outcome = attempt(
        lambda: made.append(protocol_outlines.begin(by, _outline(), now=utc_now()).id)
    )
    if outcome.done:
        return redirect(url_for("console.edition", version_id=made[0]), 303)
    return show(outcome)


def _outline() -> Outline:
    faults: list[FieldFault] = []
    given = {name: _number(name, (least, most), faults) for name, _, least, most in NUMBERS}
    title, drug = text("title", 120), text("drug", 60)
    for name, value in (("title", title), ("drug", drug)):
        if not value:
            faults.append(FieldFault(path=name, reason="is needed"))
    if request.form.get("route") not in dict(ROUTES):
        faults.append(FieldFault(path="route", reason="choose one"))
    days = _number("follow_up_days", (1, 365), faults) if text("follow_up_days") else None
    for name, three in (("gap", ("gap_min", "gap_best", "gap_max")), ("hours", _HOURS)):
        if not faults and [given[each] for each in three] != sorted(given[each] for each in three):
            faults.append(FieldFault(path=f"{name}_best", reason="must lie between least and most"))
    if faults:
        raise Invalid(faults)
    return Outline(
        title=title,
        drug=drug,
        route=request.form["route"],
        infusions=given["infusions"],
        gap=(given["gap_min"], given["gap_best"], given["gap_max"]),
        infusion_minutes=given["infusion_minutes"],
        getting_ready_minutes=given["getting_ready_minutes"],
        observation_minutes=given["observation_minutes"],
        session_minutes=given["session_minutes"],
        hours_after=(given["hours_min"], given["hours_best"], given["hours_max"]),
        screening="screening" in request.form,
        preparation="preparation" in request.form,
        follow_up_days=days,
        check_in="check_in" in request.form,
    )


_HOURS = ("hours_min", "hours_best", "hours_max")


def _number(name: str, bounds: tuple[int, int], faults: list[FieldFault]) -> int:
    given, (least, most) = text(name), bounds
    if given.isdecimal() and len(given) < 6 and least <= int(given) <= most:
        return int(given)
    faults.append(FieldFault(path=name, reason=f"a whole number from {least} to {most}"))
    return 0
