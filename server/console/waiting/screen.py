"""Who waits for which time, and the times that came free: offered with one click."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.clock import day_words, time_words
from server.console.days import a_day
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.patients.messages import page_number
from server.console.sent import Outcome, attempt
from server.services.access import ACTIONS, Caller
from server.services.clinic import clinics
from server.services.people import patients
from server.services.refusals import Conflict, Invalid
from server.services.waiting import freed_times, waiting_list
from server.services.waiting.waiting_list import Wanted

PAGE_SIZE = 50
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
OFFERS = {
    "offered": "was asked, and thinks",
    "accepted": "said yes",
    "declined": "said no",
    "gone": "was too late",
    "expired": "did not answer in time",
}
DONE = {
    "offered": "Those it would serve are asked, in fair order; it is kept while they think.",
    "closed": "It is not offered any more.",
    "left": "They are off the list.",
    "joined": "They are on the waiting list.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Somebody who waits."""

    id: str
    patient_id: str
    name: str
    visit: str
    wish: str
    since: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Freed:
    """A time that came free."""

    id: str
    site: str
    kind: str
    when: str
    held: str
    offers: tuple[tuple[str, str], ...]


def show(outcome: Outcome | None = None) -> Any:
    """Both lists."""
    by, now = caller(), utc_now()
    may = {name for name, roles in ACTIONS.items() if by.role in roles}
    sites = {site.id: (site.title, ZoneInfo(site.time_zone)) for site in clinics.sites(by)}
    entries, total = waiting_list.listed(by, page=page_number(), page_size=PAGE_SIZE, now=now)
    return staff_page(
        "waiting/waiting.html",
        by,
        outcome.status if outcome else 200,
        here="patients",
        may=may,
        entries=[_entry(by, row, sites, now) for row in list(entries)],
        total=total,
        freed=list(_freed(by, sites, now)) if "freed_times.manage" in may else (),
        outcome=outcome,
        done=DONE.get(request.args.get("done", ""), "") if outcome is None else "",
    )


def _entry(by: Caller, row: Any, sites: dict[str, tuple[str, ZoneInfo]], now: datetime) -> Entry:
    seen = (row.id, row.patient_id, row.visit_code, row.made_at, _wish(row))
    patient = patients.patient(by, seen[1], now=now)
    return Entry(
        id=seen[0],
        patient_id=seen[1],
        name=patient.full_name,
        visit=seen[2].replace("-", " "),
        wish=seen[4],
        since=time_words(seen[3], sites[patient.site_id][1]),
    )


def _wish(row: Any) -> str:
    words = [", ".join(DAYS[day] for day in row.weekdays)] if row.weekdays else []
    words += [f"from {day_words(row.not_before)}"] if row.not_before else []
    words += [f"to {day_words(row.not_after)}"] if row.not_after else []
    return " ".join([*(words or ["any day"]), f"with {row.notice_hours} hours' notice"])


def _freed(by: Caller, sites: dict[str, tuple[str, ZoneInfo]], now: datetime) -> Iterator[Freed]:
    found, _ = freed_times.listed(by, page=1, page_size=PAGE_SIZE, now=now)
    seen = [(row, [(each.patient_id, each.status) for each in row.offers]) for row in found]
    names = patients.named(by, {who for _, offers in seen for who, _ in offers}, now=now)
    for row, offers in seen:
        title, zone = sites[row.site_id]
        held = row.held_until if row.held_until and row.held_until > now else None
        yield Freed(
            id=row.id,
            site=title,
            kind=row.kind.replace("_", " "),
            when=f"{time_words(row.starts_at, zone)} to {row.ends_at.astimezone(zone):%H:%M}",
            held=time_words(held, zone) if held else "",
            offers=tuple(
                (names.get(patient_id, ""), OFFERS.get(status, status))
                for patient_id, status in offers
            ),
        )


def _answered(do: Callable[[], object], done: str) -> Any:
    outcome = attempt(do)
    return redirect(url_for("console.waiting", done=done), 303) if outcome.done else show(outcome)


def offer(freed_id: str) -> Any:
    """Ask those who wait, now."""
    by = poster()
    if "site" in request.form:  # pressed on today's board, which shows what came of it
        attempt(lambda: freed_times.offer(by, freed_id, now=utc_now()))
        return redirect(url_for("console.today", site=an_id(request.form["site"])), 303)
    return _answered(lambda: freed_times.offer(by, freed_id, now=utc_now()), "offered")


def close(freed_id: str) -> Any:
    """Use it otherwise."""
    by = poster()
    return _answered(lambda: freed_times.close(by, freed_id, now=utc_now()), "closed")


def leave(waiting_id: str) -> Any:
    """Take somebody off the list."""
    by = poster()
    return _answered(lambda: waiting_list.leave(by, waiting_id, now=utc_now()), "left")


def join(patient_id: str) -> Any:
    """Put a patient on the list, from their page."""
    from server.console.patients import screen

    by, form = poster(), request.form
    wanted = Wanted(
        series_id=form.get("series", "")[:32],
        visit_code=form.get("visit", "")[:80],
        not_before=a_day(form.get("not_before", "")),
        not_after=a_day(form.get("not_after", "")),
        weekdays=tuple(int(day) for day in form.getlist("weekday") if day in tuple("0123456")),
    )
    try:
        waiting_list.join(by, patient_id, wanted, now=utc_now())
    except Conflict as refused:
        return screen.page(by, patient_id, 409, fault=str(refused))
    except Invalid as refused:
        return screen.page(by, patient_id, 422, fault="; ".join(f.reason for f in refused.faults))
    return redirect(url_for("console.waiting", done="joined"), 303)
