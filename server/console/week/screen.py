"""The week of one site by bookable, to look at."""

from datetime import date, timedelta
from typing import Any

from flask import request

from server.console.asking import caller, utc_now
from server.console.days import FIRST_DAY, LAST_DAY
from server.console.ids import an_id_if_any, pattern
from server.console.pages import staff_page
from server.console.week import strips, table
from server.services.access import require
from server.services.clinic import clinics
from server.services.days import weeks
from server.services.refusals import NotFound

A_WEEK = timedelta(days=7)


def show() -> Any:
    """The week that the address asks for: this one, at the clinic's first site, if it does not."""
    by = caller()
    require(by, "week.read")
    site_id, day = an_id_if_any(request.args.get("site")), asked_day()
    sites = clinics.sites(by)
    found = weeks.week(by, site_id, day, now=utc_now())
    shown = table.table(found, now=utc_now())
    return staff_page(
        "week/week.html",
        by,
        here="week",
        week=shown,
        strip=strips.drawn,
        move_at=pattern("console.move", "appointment_id"),
        check_at=pattern("console.check", "appointment_id"),
        sites=sites,
        before=within(found.days[0] - A_WEEK),
        after=within(found.days[0] + A_WEEK),
    )


def asked_day() -> date | None:
    """The day in the address, if any; NotFound where it is none."""
    given = request.args.get("day")
    if given is None:
        return None
    try:
        day = within(date.fromisoformat(given))
    except ValueError:
        day = None
    if day is None:
        raise NotFound
    return day


def within(day: date) -> date | None:
    """The day, unless it is beyond all calendars."""
    return day if FIRST_DAY <= day <= LAST_DAY else None
