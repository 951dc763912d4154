"""Sites with their clocks and holidays, and what can be booked there."""

from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.days import a_day
from server.console.ids import an_id, an_id_if_any
from server.console.pages import staff_page
from server.console.sent import Outcome, attempt, load, number, seen, text
from server.console.setup import tabs
from server.services.access import ACTIONS
from server.services.clinic import bookables, clinics
from server.services.refusals import Invalid
from shared.schemas.bookables import BookableIn
from shared.schemas.clinics import SiteIn
from shared.vocabulary import BookableKind

GRIDS = tuple((each, f"every {each} minutes") for each in (5, 10, 15, 20, 30, 60))
KINDS = tuple(
    (str(each), str(each))
    for each in (BookableKind.CHAIR, BookableKind.ROOM, BookableKind.NURSE, BookableKind.PRESCRIBER)
)
DONE = {
    "saved": "Saved.",
    "closed": "Saved. Some visits are booked on that day: look for visits to repair.",
    "added": "Added. It is closed until you give it hours.",
}


def show(outcome: Outcome | None = None) -> Any:
    """Every site."""
    by = caller()
    today = utc_now().date()
    return staff_page(
        "setup/places.html",
        by,
        outcome.status if outcome else 200,
        here="clinic",
        tab="places",
        tabs=tabs.of(by),
        may={name for name, roles in ACTIONS.items() if by.role in roles},
        sites=[
            (site, [each for each in clinics.holidays(by, site.id) if each.on >= today])
            for site in clinics.sites(by)
        ],
        grids=GRIDS,
        kinds=KINDS,
        outcome=outcome,
        form=request.form.get("what", "") if outcome else "",
        done=DONE.get(request.args.get("done", ""), "") if outcome is None else "",
    )


def _answered(outcome: Outcome, done: str = "saved") -> Any:
    return redirect(url_for("console.places", done=done), 303) if outcome.done else show(outcome)


def _site() -> dict[str, Any]:
    given = {"title": text("title"), "time_zone": text("time_zone")}
    return load(SiteIn, {**given, "grid_minutes": number("grid_minutes")})


def add_site() -> Any:
    """Open a site."""
    by = poster()
    return _answered(attempt(lambda: clinics.create_site(by, **_site(), now=utc_now())))


def change_site(site_id: str) -> Any:
    """Another name, zone or grid."""
    by, version = poster(), seen()
    return _answered(
        attempt(
            lambda: clinics.change_site(
                by, site_id, **_site(), expected_version=version, now=utc_now()
            )
        )
    )


def add_holiday(site_id: str) -> Any:
    """Close a site on a day."""
    by, version = poster(), seen()
    affected: list[str] = []

    def added() -> None:
        on, title = a_day(request.form.get("on", "")), text("title")
        if on is None or not title:
            raise Invalid.field("on" if on is None else "title", "Give the day and its name.")
        done = clinics.add_holiday(
            by, site_id, on=on, title=title, expected_version=version, now=utc_now()
        )
        affected.extend(done.affected)

    outcome = attempt(added)
    return _answered(outcome, "closed" if affected else "saved")


def remove_holiday(site_id: str) -> Any:
    """It is open on that day after all."""
    by, version, gone = poster(), seen(), an_id(request.form.get("holiday"))
    return _answered(
        attempt(
            lambda: clinics.remove_holiday(
                by, site_id, gone, expected_version=version, now=utc_now()
            )
        )
    )


def add_bookable() -> Any:
    """A new room, chair pool or pool of people on duty."""
    by = poster()
    site_id = an_id_if_any(request.form.get("site_id") or None)

    def added() -> None:
        given = {"kind": text("kind"), "code": text("code"), "title": text("title")}
        wanted = load(BookableIn, {**given, "site_id": site_id, "capacity": number("capacity")})
        bookables.create(by, **wanted, now=utc_now())

    return _answered(attempt(added), "added")
