"""Setting up the clinic: who and what can be booked, when, and who is away."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from flask import request

from server.console.asking import caller, poster, utc_now
from server.console.clinic import hours
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.setup import tabs
from server.console.week.table import GROUPS
from server.services.access import ACTIONS, Caller, require
from server.services.clinic import availability, bookables, clinics
from server.services.clinic.bookables import ChangedBookable
from server.services.refusals import Conflict, Invalid, Stale
from shared.vocabulary import BookableKind

STALE = "Somebody else changed these hours meanwhile. Nothing was changed; here is how they stand."


def listed() -> Any:
    """Everything that can be booked, by site and kind."""
    by = caller()
    require(by, "bookables.read")
    sites = [
        (site, list(_kinds(by, site.id)), _holidays(by, site.id)) for site in clinics.sites(by)
    ]
    shown: dict[str, Any] = {"tab": "clinic", "tabs": tabs.of(by), "may": _may(by)}
    return staff_page("clinic/clinic.html", by, here="clinic", sites=sites, **shown)


def show(bookable_id: str) -> Any:
    """One of them with its week and its days away."""
    return _page(caller(), bookable_id)


def set_week(bookable_id: str) -> Any:
    """Replace its week."""
    return _done(
        bookable_id,
        lambda by, seen: availability.set_weekly(
            by, bookable_id, hours.read_week(request.form), expected_version=seen, now=utc_now()
        ),
    )


def add_absence(bookable_id: str) -> Any:
    """Say that it is not there on some days."""
    return _done(
        bookable_id,
        lambda by, seen: availability.add_absence(
            by, bookable_id, hours.read_absence(request.form), expected_version=seen, now=utc_now()
        ),
    )


def remove_absence(bookable_id: str) -> Any:
    """Take that back for one day."""
    gone = an_id(request.form.get("absence"))
    return _done(
        bookable_id,
        lambda by, seen: availability.remove_exception(
            by, bookable_id, gone, expected_version=seen, now=utc_now()
        ),
    )


def _done(bookable_id: str, do: Callable[[Caller, int], ChangedBookable]) -> Any:
    by, given = poster(), request.form.get("version", "")
    seen = int(given) if given.isdecimal() and len(given) < 10 else 0
    try:
        done = do(by, seen)
    except Stale:
        return _page(by, bookable_id, 409, faults=[STALE])
    except Conflict as refused:
        return _page(by, bookable_id, 409, faults=[str(refused)])
    except Invalid as refused:
        faults = [f"{each.path}: {each.reason}" for each in refused.faults]
        return _page(by, bookable_id, 422, faults=faults)
    return _page(by, bookable_id, affected=len(done.affected))


def _page(
    by: Caller,
    bookable_id: str,
    status: int = 200,
    *,
    faults: list[str] | None = None,
    affected: int | None = None,
) -> Any:
    row = bookables.bookable(by, bookable_id)
    today = utc_now().date()
    week = [each.to_domain() for each in row.weekly]
    return staff_page(
        "clinic/bookable.html",
        by,
        status,
        here="clinic",
        row=row,
        may=_may(by),
        weekly=(faults and hours.typed(request.form)) or list(hours.write_week(week)),
        faults=faults or [],
        affected=affected,
        absences=sorted((e for e in row.exceptions if e.on >= today), key=lambda e: e.on),
        sites=[site for site in clinics.sites(by) if row.site_id in (None, site.id)],
    )


def _kinds(by: Caller, site_id: str) -> Any:
    found, _ = bookables.bookables(by, site_id=site_id, page_size=500)
    order = list(GROUPS)
    here = sorted(found, key=lambda row: (order.index(BookableKind(row.kind)), row.title))
    for kind, rows in groupby(here, key=lambda row: BookableKind(row.kind)):
        yield GROUPS[kind], [(row, _words(row)) for row in rows]


def _words(row: Any) -> list[str]:
    week = [each.to_domain() for each in row.weekly]
    return [f"{days} {opens}-{closes}" for days, opens, closes, _ in hours.write_week(week) if days]


def _holidays(by: Caller, site_id: str) -> Any:
    return [each for each in clinics.holidays(by, site_id) if each.on >= utc_now().date()][:8]


def _may(by: Caller) -> set[str]:
    return {name for name, roles in ACTIONS.items() if by.role in roles}
