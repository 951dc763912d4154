"""One page for what must not be overlooked. Nothing leaves it by itself but by what was done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import make_response, redirect, request, url_for

from server.console.asking import caller, poster, utc_now, watching
from server.console.clock import instant_words, time_words
from server.console.needs import papers
from server.console.pages import staff_page
from server.console.patients.planning import said
from server.services.access import ACTIONS, Caller
from server.services.check_ins import alerts, paperwork
from server.services.clinic import clinics
from server.services.people import patients
from server.services.refusals import Conflict, NotFound, Refused, Stale
from server.services.series import follow_ups

MANY = 100
WHY = {
    "noshow": "did not come",
    "unsaid": "is over, and nobody has said what became of it",
    "window-closed": "was not held in the time the protocol gives it",
    "resumed": "has no time since the series goes on",
}
REMEDY = {
    "replan": "It can be booked again; what hangs on it follows at its own least gaps.",
    "prescriber-decides": "A prescriber decides first: the protocol gives no rule beyond its "
    "greatest gap. The plan is what would follow if the series goes on.",
    "deviation": "Its time is over: it is recorded as a deviation and not shifted.",
}
STEPS = {
    "raised": "raised",
    "told": "told",
    "nobody-on-call": "nobody is on call",
    "acknowledged": "taken on",
    "closed": "closed",
}
REASONS = {
    "score-rose": "a score rose by more than the clinic's rule",
    "score-high": "a score is high",
    "side-effects-strong": "a side effect is strong",
    "red-flag": "a danger sign",
    "thoughts-of-death": "thoughts of death",
    "check-in-missed": "a check-in was not answered in its time",
}
STALE = "This changed while you looked at it. Here is how it stands now."


@dataclass(frozen=True, kw_only=True)
class Alert:
    """An answer that somebody must see."""

    id: str
    patient_id: str
    name: str
    reasons: tuple[str, ...]
    open: bool
    raised: str
    climbs: str | None
    steps: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A visit that did not take place, and what would follow."""

    id: str
    patient_id: str
    name: str
    visit: str
    why: str
    remedy: str
    pair_with: str | None
    plan: tuple[tuple[str, str | None, str], ...]
    obstacles: tuple[str, ...]
    looked: bool
    version: int


def show(status: int = 200, fault: str = "", done: str = "") -> Any:
    """Everything open, what has waited longest first."""
    by, now = caller(), utc_now()
    zone = _zone(by)
    return staff_page(
        "needs/needs.html",
        by,
        status,
        here="needs",
        alerts=list(_alerts(by, zone, now)),
        sees_alerts=by.role in ACTIONS["alerts.read"],
        missed=list(_missed(by, now)),
        papers=list(papers.due(by, zone, now)),
        fills=by.role in ACTIONS["paperwork.fill"],
        today=now.astimezone(zone).date().isoformat(),
        fault=fault,
        done=done or DONE.get(request.args.get("done", ""), ""),
    )


def untaken() -> Any:
    """How many answers nobody has taken on: what every open page asks for now and then."""
    reply = make_response(str(alerts.untaken(watching())), {"Content-Type": "text/plain"})
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _zone(by: Caller) -> ZoneInfo:
    """The clock of the clinic's first site, for when something was said."""
    sites = clinics.sites(by)
    return ZoneInfo(sites[0].time_zone if sites else "UTC")


def _alerts(by: Caller, zone: ZoneInfo, now: datetime) -> Iterator[Alert]:
    if by.role not in ACTIONS["alerts.read"]:
        return
    for status in ("open", "acknowledged"):
        found, _ = alerts.listed(by, status=status, page=1, page_size=MANY, now=now)
        seen = [(row, list(row.steps)) for row in found]
        names = patients.named(by, [row.patient_id for row, _ in seen], now=now)
        for row, steps in sorted(seen, key=lambda each: each[0].raised_at):
            yield Alert(
                id=row.id,
                patient_id=row.patient_id,
                name=names.get(row.patient_id, ""),
                reasons=tuple(REASONS.get(r, r.replace("-", " ")) for r in row.reasons),
                open=status == "open",
                raised=time_words(row.raised_at, zone),
                climbs=time_words(row.climbs_at, zone) if row.climbs_at else None,
                steps=tuple(
                    f"{time_words(s.at, zone)}: {STEPS.get(s.what, s.what)}" for s in steps
                ),
            )


def _missed(by: Caller, now: datetime) -> Iterator[Missed]:
    found, _ = follow_ups.listed(by, status="open", page=1, page_size=MANY, now=now)
    rows = list(found)
    names = patients.named(by, [row.patient_id for row in rows], now=now)
    for row in rows:
        yield Missed(
            id=row.id,
            patient_id=row.patient_id,
            name=names.get(row.patient_id, ""),
            visit=row.visit_code.replace("-", " "),
            why=WHY[row.cause],
            remedy=REMEDY.get(row.remedy, ""),
            pair_with=row.pair_with.replace("-", " ") if row.pair_with else None,
            plan=tuple(_changes(row.plan)),
            obstacles=tuple(
                str(each.get("text") or each.get("sentence") or "") for each in row.obstacles
            ),
            looked=row.planned_at is not None,
            version=row.version,
        )


def _changes(plan: Mapping[str, object] | None) -> Iterator[tuple[str, str | None, str]]:
    for each in cast(list[Mapping[str, Any]], (plan or {}).get("visits", [])):
        before = instant_words(each["previous"]) if each["previous"] else None
        yield each["visit"].replace("-", " "), before, instant_words(each["starts_at"])


DONE = {
    "taken": "You have taken it on. Nobody else is asked any more.",
    "closed": "It is closed, with what you wrote.",
    "settled": "It is settled, with what you wrote.",
    "applied": "Booked and moved exactly as shown. The patient is told.",
    "filled": "It is put down as filled in.",
    "looked": "The plan was looked for afresh.",
}
Act = Callable[[Caller, datetime], object]


def _acted(done: str, act: Act) -> Any:
    """Do it and show the page anew, or say on it why not."""
    by, now = poster(), utc_now()
    try:
        act(by, now)
    except Stale:
        return show(409, STALE)
    except Conflict as conflict:
        return show(409, str(conflict))
    except Refused as refused:
        return show(409, " ".join(("Nothing was changed.", *said(refused))))
    return redirect(url_for("console.needs", done=done), 303)


def take(alert_id: str) -> Any:
    """Take an alert on."""
    return _acted("taken", lambda by, now: alerts.acknowledge(by, alert_id, now=now))


def close(alert_id: str) -> Any:
    """Close an alert that was taken on, with what was done."""
    outcome = _words()
    if not outcome:
        return show(422, "Please write what was done: an alert is not closed without it.")
    return _acted("closed", lambda by, now: alerts.close(by, alert_id, outcome=outcome, now=now))


def look(follow_up_id: str) -> Any:
    """Look for a plan afresh."""
    return _acted("looked", lambda by, now: follow_ups.plan(by, follow_up_id, now=now))


def apply(follow_up_id: str) -> Any:
    """Book and move exactly what the plan shows."""
    seen = _version()
    return _acted(
        "applied",
        lambda by, now: follow_ups.apply(by, follow_up_id, expected_version=seen, now=now),
    )


def settle(follow_up_id: str) -> Any:
    """Close a follow-up with what was done instead."""
    outcome, seen = _words(), _version()
    if not outcome:
        return show(422, "Please write what was done instead.")
    return _acted(
        "settled",
        lambda by, now: follow_ups.settle(
            by, follow_up_id, outcome=outcome, expected_version=seen, now=now
        ),
    )


def fill(paperwork_id: str) -> Any:
    """Put down that a form was filled in."""
    by = caller()
    seen, zone = _version(), _zone(by)
    try:
        filled = papers.sent(zone, utc_now())
    except ValueError as fault:
        return show(422, str(fault))
    return _acted(
        "filled",
        lambda by, now: paperwork.fill(by, paperwork_id, filled, expected_version=seen, now=now),
    )


def _words() -> str:
    return " ".join(request.form.get("outcome", "").split())[:200]


def _version() -> int:
    given = request.form.get("version", "")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise NotFound
    return int(given)
