"""The week of one site by bookable, to look at."""

from datetime import date, timedelta
from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, utc_now
from server.console.pages import page
from server.console.week import table
from server.services import clinics, users, weeks
from server.services.access import require
from server.services.refusals import NotFound
from shared.vocabulary import Role

FIRST_DAY, LAST_DAY = date(2000, 1, 3), date(2199, 12, 22)
ID_LENGTH = 32
A_WEEK = timedelta(days=7)


def first() -> Any:
    """The bare address leads to what there is to see."""
    return redirect(url_for("console.week"))


def show() -> Any:
    """The week that the address asks for: this one, at the clinic's first site, if it does not."""
    by = caller()
    require(by, "week.read")
    site_id, day = _site_id(), _day()
    me, sites = users.me(by), clinics.sites(by)
    found = weeks.week(by, site_id, day, now=utc_now())
    shown = table.table(found, now=utc_now())
    return page(
        "week/week.html",
        week=shown,
        sites=sites,
        before=_within(found.days[0] - A_WEEK),
        after=_within(found.days[0] + A_WEEK),
        who=me["user"],
        role=Role(by.role).replace("_", " "),
    )


def _site_id() -> str | None:
    given = request.args.get("site")
    if given is None:
        return None
    if len(given) != ID_LENGTH or not given.isalnum() or not given.isascii():
        raise NotFound
    return given


def _day() -> date | None:
    given = request.args.get("day")
    if given is None:
        return None
    try:
        day = _within(date.fromisoformat(given))
    except ValueError:
        day = None
    if day is None:
        raise NotFound
    return day


def _within(day: date) -> date | None:
    return day if FIRST_DAY <= day <= LAST_DAY else None
