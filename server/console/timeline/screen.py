"""A site's day or week as a timeline, or one person's week; and a visit's thread."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import jsonify, request, url_for

from server.console.asking import caller, utc_now
from server.console.clock import time_words
from server.console.ids import an_id_if_any
from server.console.pages import guarded, staff_page
from server.console.timeline import drawing, rows
from server.console.timeline.rows import Axis, Track
from server.console.week import screen as week_screen
from server.console.week import table
from server.services.access import Caller, require
from server.services.clinic import clinics
from server.services.days import weeks
from server.services.days.weeks import Line, Week
from server.services.series import threads

EVERYBODY = "all"


def show() -> Any:
    """The timeline that the address asks for; a practitioner's own week if it names nobody."""
    by = caller()
    require(by, "week.read")
    site_id, day = an_id_if_any(request.args.get("site")), week_screen.asked_day()
    found = weeks.week(by, site_id, day, now=utc_now())
    today = utc_now().astimezone(found.zone).date()
    day = day or (today if today in found.days else found.days[0])
    whose = _whose(by, found, site_id)
    axis, tracks = _laid(found, day, whose)
    whole = whose is not None or axis.days > 1
    clock = utc_now().astimezone(found.zone)
    minute = clock.hour * 60 + clock.minute
    return staff_page(
        "timeline/timeline.html",
        by,
        here="week",
        week=found,
        clock=table.clock(found),
        sites=clinics.sites(by),
        axis=axis,
        tracks=tracks,
        background=rows.background,
        visits=drawing.drawn,
        addresses=drawing.addresses(),
        day=day,
        today=today,
        now_at=minute if axis.first <= minute <= axis.last else None,
        whole=whole,
        whose=whose,
        kind=request.args.get("kind", ""),
        people=_people(found),
        mine=_own(by, found),
        done=an_id_if_any(request.args.get("done")),
        moved=an_id_if_any(request.args.get("moved")),
        before=week_screen.within(day - timedelta(days=7 if whole else 1)),
        after=week_screen.within(day + timedelta(days=7 if whole else 1)),
    )


def thread(appointment_id: str) -> Any:
    """The booked visits of the same series, for a page that shows one of them."""
    found = threads.thread(caller(), appointment_id, now=utc_now())
    knots, before = [], None
    for each in found.knots:
        on = each.starts_at.date()
        knots.append(
            {
                "id": each.appointment_id,
                "title": each.title,
                "when": time_words(each.starts_at),
                "gap": _gap(before, on),
                "href": url_for("console.timeline", day=on.isoformat()),
            }
        )
        before = on
    opens, closes = found.opens, found.closes
    window = {"opens": _wall(opens), "closes": _wall(closes), "says": _window_words(opens, closes)}
    return guarded(jsonify({"knots": knots, "window": window}))


def _gap(before: date | None, on: date) -> str:
    if before is None:
        return ""
    days = (on - before).days
    return "same day" if days == 0 else "next day" if days == 1 else f"{days} days later"


def _window_words(opens: datetime | None, closes: datetime | None) -> str:
    bounds = ((word, at) for word, at in (("from", opens), ("until", closes)) if at)
    said = " ".join(f"{word} {time_words(at)}" for word, at in bounds)
    return f"By the visits before it, it may be {said}: the shaded stretch." if said else ""


def _wall(at: datetime | None) -> str | None:
    return at.replace(tzinfo=None).isoformat(timespec="minutes") if at else None


def _laid(found: Week, day: date, whose: Line | None) -> tuple[Axis, tuple[Track, ...]]:
    if whose is not None:
        return rows.by_day(found, whose)
    days = rows.worked(found) if request.args.get("days") == "7" else (day,)
    return rows.by_bookable(found, days, request.args.get("kind", ""))


def _whose(by: Caller, found: Week, site_id: str | None) -> Line | None:
    """Whose week: the named one's; who works here and asks for nothing else sees their own."""
    asked = request.args.get("who")
    if asked is None and site_id is None and "days" not in request.args:
        return _own(by, found)
    return next((line for line in found.lines if line.bookable.id == asked), None)


def _own(by: Caller, found: Week) -> Line | None:
    me = by.practitioner_id
    return next((line for line in found.lines if me and line.bookable.practitioner_id == me), None)


def _people(found: Week) -> list[Line]:
    return [line for line in table.ordered(found) if line.bookable.practitioner_id]
