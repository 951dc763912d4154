"""What is asked of the planner: who waits, for how long to look, and what to try out."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.clock import time_words
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.sent import Outcome, attempt, load, number, text
from server.services.access import Caller
from server.services.clinic import bookables, clinics
from server.services.planning import planning_runs
from server.services.planning.planning_wishes import Change, Wanted
from shared.schemas.planning_runs import PlanningRunIn

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STATUS = {
    "waiting": "waits for a worker",
    "running": "is being planned",
    "done": "done",
    "cancelled": "stopped",
    "failed": "failed",
    "interrupted": "interrupted",
}
RECENT = 10


def show(outcome: Outcome | None = None) -> Any:
    """The latest runs, and the form for another."""
    by = caller()
    sites = clinics.sites(by)
    zone = ZoneInfo(sites[0].time_zone if sites else "UTC")
    found, _ = planning_runs.listed(by, page=1, page_size=RECENT)
    runs = [
        {
            "id": row.id,
            "made": time_words(row.made_at, zone),
            "what": what(row.asked),
            "status": STATUS[row.status],
            "booked": row.booked_at is not None,
        }
        for row in found
    ]
    return staff_page(
        "planning/planning.html",
        by,
        outcome.status if outcome else 200,
        here="planning",
        runs=runs,
        sites=[(site.id, site.title) for site in sites],
        things=_things(by, sites),
        people=[("", "nobody"), *_people(by)],
        weekdays=[("", "no day"), *enumerate(WEEKDAYS)],
        outcome=outcome,
    )


def what(asked: Mapping[str, Any]) -> str:
    """What a run is about, in a few words."""
    changes = len(asked["changes"])
    whom = "everybody" if asked["scope"] == "all" else "all who wait"
    if asked["series_ids"]:
        whom = f"{len(asked['series_ids'])} series"
    if room := asked.get("urgent"):
        whom += f", room for {room} more"
    return f"{whom}, {changes} changed" if changes else whom


def _things(by: Caller, sites: Any) -> list[tuple[str, str]]:
    named = {site.id: site.title for site in sites}
    found, _ = bookables.bookables(by, page_size=500)
    known = [
        (row.id, f"{row.title} ({row.capacity} now), {named.get(row.site_id, '')}")
        for row in found
        if row.practitioner_id is None and not row.retired
    ]
    return [("", "nothing"), *known]


def _people(by: Caller) -> Iterator[tuple[str, str]]:
    found, _ = bookables.bookables(by, page_size=500)
    for row in found:
        if row.practitioner_id is not None and not row.retired:
            yield row.id, row.title


def ask() -> Any:
    """Put a run on the list, or say what is wrong with the form."""
    by = poster()
    made: list[str] = []

    def asked() -> None:
        sent = load(PlanningRunIn, _sent())
        wanted = Wanted(
            scope=sent["scope"],
            seconds=sent["seconds"],
            changes=tuple(Change(**each) for each in sent["changes"]),
            urgent=sent["urgent"],
            urgent_days=sent["urgent_days"],
        )
        site_id = an_id(request.form.get("site"))
        made.append(planning_runs.ask(by, site_id, wanted, now=utc_now()).id)

    outcome = attempt(asked)
    if not outcome.done:
        return show(outcome)
    return redirect(url_for("console.planning_run", run_id=made[0]), 303)


def _sent() -> dict[str, object]:
    seconds = number("seconds")
    scope = "all" if request.form.get("scope") == "all" else "waiting"
    asked: dict[str, object] = {"scope": scope, "seconds": seconds or 30}
    if urgent := number("urgent"):
        asked |= {"urgent": urgent, "urgent_days": number("urgent_days")}
    return asked | {"changes": list(_changes())}


def _changes() -> Iterator[dict[str, object]]:
    """Each part of the form that says something."""
    if thing := text("thing"):
        yield {"kind": "capacity", "bookable_id": thing, "capacity": number("capacity")}
    if weekday := text("weekday"):
        yield {"kind": "closed-weekday", "weekday": int(weekday) if weekday.isdigit() else weekday}
    if first := text("closed_first"):
        yield {"kind": "closed", "first": first, "last": text("closed_last") or None}
    if who := text("away"):
        days = {"first": text("away_first") or None, "last": text("away_last") or None}
        yield {"kind": "away", "bookable_id": who, **days}
    if like := text("like"):
        yield {"kind": "one-more", "bookable_id": like}
