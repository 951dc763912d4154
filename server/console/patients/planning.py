"""Planning a series: ranked plans side by side with their reasons, booked with one click; or why
there is none and what would help."""

from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.patients import offers, wishes
from server.services import booking, breach_bodies, caseload, planning, series
from server.services.access import Caller
from server.services.refusals import Refused, Stale

STALE = "Something about this series changed meanwhile. These are the plans as things stand now."
TAKEN = "Nothing was booked: part of that plan was taken meanwhile."


def show(series_id: str) -> Any:
    """The plans for whatever has no time, by the wishes that were sent, if any."""
    by = poster() if request.method == "POST" else caller()
    return _page(by, series_id)


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


def _page(by: Caller, series_id: str, status: int = 200, *, fault: str = "") -> Any:
    now = utc_now()
    row = series.read(by, series_id, now=now)
    patient, stories = caseload.stories(by, row.patient_id, now=now)
    story = next(each for each in stories if each.row.id == series_id)
    asked = wishes.read(request.form, story.choices, story.people)
    shown: dict[str, Any] = {"patient": patient, "story": story, "asked": asked}
    try:
        offer = planning.propose(by, series_id, now=now, wishes=asked.wishes)
        shown["offers"] = offers.offers(offer, story)
        shown["obstacles"] = offers.obstacles(offer, asked)
        shown["version"] = offer.series_version
    except Refused as refused:
        fault = fault or " ".join(said(refused))
    return staff_page(
        "patients/plans.html",
        by,
        status,
        here="patients",
        fault=fault,
        choices=offers.choices(story),
        weekdays=wishes.WEEKDAYS,
        **shown,
    )
