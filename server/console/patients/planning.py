"""Planning a series: ranked plans side by side with their reasons, booked with one click; or why
there is none and what would help."""

import json
from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.patients import offers, wishes
from server.services.access import Caller
from server.services.booking import booking, breach_bodies
from server.services.people import caseload
from server.services.people.caseload import Story
from server.services.planning import planning
from server.services.planning.planning import Wishes
from server.services.refusals import Invalid, NotFound, Refused, Stale
from server.services.series import series

STALE = "Something about this series changed meanwhile. These are the plans as things stand now."
LONGEST_CHANGE = 4000
TAKEN = "Nothing was booked: part of that plan was taken meanwhile."


def show(series_id: str) -> Any:
    """The plans for whatever has no time, by the wishes that were sent, if any."""
    by = poster() if request.method == "POST" else caller()
    return _page(by, series_id)


def look(series_id: str) -> Any:
    """What would be possible if something were otherwise; shown, and not to be booked."""
    by = poster()
    return _page(by, series_id, tried=_changes())


def _changes() -> list[dict[str, Any]]:
    """The change to try, as the page offered it."""
    try:
        given = json.loads(request.form.get("changes", "")[:LONGEST_CHANGE])
    except ValueError:
        raise NotFound from None
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise NotFound
    return given


def book(series_id: str) -> Any:
    """Book a plan whole, as it was shown; otherwise say why not, beside plans that can be had."""
    by = poster()
    plan_id, version = an_id(request.form.get("plan")), _version()
    try:
        rows = booking.book_plan(by, series_id, plan_id, expected_version=version, now=utc_now())
    except Stale:
        return _page(by, series_id, 409, fault=STALE)
    except Refused as refused:
        return _page(by, series_id, 409, fault=" ".join([TAKEN, *said(refused)]))
    patient_id = rows[0].patient_id
    return redirect(url_for("console.patient", patient_id=patient_id, told="booked"), 303)


def said(refused: Refused) -> list[str]:
    """Every broken rule as a sentence."""
    return [str(breach_bodies.as_json(each)["sentence"]) for each in refused.breaches]


def _version() -> int:
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _page(
    by: Caller,
    series_id: str,
    status: int = 200,
    *,
    fault: str = "",
    tried: list[dict[str, Any]] | None = None,
) -> Any:
    now = utc_now()
    row = series.read(by, series_id, now=now)
    patient, stories = caseload.stories(by, row.patient_id, now=now)
    story = next(each for each in stories if each.row.id == series_id)
    asked = wishes.read(request.form, story.choices, story.people)
    shown: dict[str, Any] = {"patient": patient, "story": story, "asked": asked}
    try:
        offer = planning.propose(by, series_id, now=now, wishes=asked.wishes)
        shown["offers"] = offers.offers(offer, story)
        shown["obstacles"] = offers.obstacles(offer, asked, story)
        shown["version"] = offer.series_version
        if tried is not None:
            shown["trials"] = _trials(by, story, asked.wishes, tried)
            shown["otherwise"] = request.form.get("helps", "")[:400]
    except Refused as refused:
        fault = fault or " ".join(said(refused))
    return staff_page(
        "patients/plans.html",
        by,
        status,
        here="patients",
        fault=fault,
        choices=list(offers.choices(story)),
        mine=_mine(by, story),
        weekdays=wishes.WEEKDAYS,
        **shown,
    )


def _trials(
    by: Caller, story: Story, asked: Wishes, tried: list[dict[str, Any]]
) -> tuple[offers.Plan, ...]:
    try:
        bodies = planning.trial(by, story.row.id, tried, now=utc_now(), wishes=asked)
    except Invalid:
        raise NotFound from None
    return offers.plans([("", n, body) for n, body in enumerate(bodies, start=1)], story)


def _mine(by: Caller, story: Story) -> list[tuple[str, str]]:
    """The choices that could fall on whoever asks, with their id: "only my hours"."""
    own = caseload.own_bookable(by)
    return [
        (n, own) for n, ids in story.choices.items() if own in ids and n not in story.row.choices
    ]
