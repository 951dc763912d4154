"""Moving a visit: a wished time, what the rules say of it, applied as shown, and taken back."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import jsonify, redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.clock import time_words
from server.console.days import a_day
from server.console.ids import an_id
from server.console.moves import verdict
from server.console.moves.verdict import Verdict
from server.console.pages import guarded, staff_page
from server.services.access import Caller
from server.services.booking import appointments, live_check, moves
from server.services.booking.live_check import Steps
from server.services.booking.moves import Wish
from server.services.days import weeks
from server.services.people import patients
from server.services.planning import nearest
from server.services.refusals import NotFound, Refused, Stale
from server.services.series import series

STALE = "This visit was changed by somebody else meanwhile. Nothing was moved; look again."
FARTHEST = 400


@dataclass(frozen=True, kw_only=True)
class Movable:
    """A visit as the page knows it."""

    id: str
    version: int
    patient_id: str
    series_id: str
    site_id: str
    visit: str
    starts_at: datetime
    """On the site's clock."""


def show(appointment_id: str) -> Any:
    """Where the visit stands, and a form for where it should go; or what was just done."""
    by = caller()
    if done := request.args.get("done"):
        return _page(by, _movable(by, appointment_id), done=an_id(done))
    return _page(by, _movable(by, appointment_id))


def move(appointment_id: str) -> Any:
    """Ask about a wished time; with a preview, apply what it showed."""
    by = poster()
    one = _movable(by, appointment_id)
    if "preview" in request.form:
        return _apply(by, one, an_id(request.form["preview"]), _version())
    wished = _wished(one)
    if wished is None:
        return _page(by, one, 422, fault="Give a day and a time.")
    return _page(by, one, verdict=_with_nearest(by, one, wished), wished=wished)


def check(appointment_id: str) -> Any:
    """The same answer for a page that asks at every step of a key."""
    by = poster()
    steps = Steps(days=_count("days"), slots=_count("slots"))
    asked = live_check.ask(by, appointment_id, steps, now=utc_now())
    found = verdict.of(asked)
    said = {"verdict": found.word, "says": found.says, "preview": found.preview_id}
    return guarded(jsonify(said | {"version": asked.version}))


def undo(appointment_id: str) -> Any:
    """Put every visit back that the move took along."""
    by = poster()
    one = _movable(by, appointment_id)
    try:
        back = moves.way_back(by, one.id, an_id(request.form.get("preview")), now=utc_now())
    except Stale:
        return _page(by, one, 409, fault=STALE)
    return _apply(by, one, back.id, one.version)


def _apply(by: Caller, one: Movable, preview_id: str, version: int) -> Any:
    try:
        moves.apply(by, one.id, preview_id, expected_version=version, now=utc_now())
    except Stale:
        return _page(by, one, 409, fault=STALE)
    except Refused as refused:
        found = verdict.refused(refused, one.starts_at)
        return _page(by, one, 409, fault=" ".join(("Nothing was moved.", *found.reasons)))
    return redirect(_where_to(by, one, preview_id), 303)


def _where_to(by: Caller, one: Movable, preview_id: str) -> str:
    """The timeline if the move was made there, else the visit's own page; both offer undo."""
    view = request.form.get("back", "")
    if view not in ("day", "week", "person"):
        return url_for("console.move", appointment_id=one.id, done=preview_id)
    asked: dict[str, Any] = {
        "site": one.site_id,
        "day": _movable(by, one.id).starts_at.date(),
        "days": "7" if view == "week" else None,
        "who": an_id(request.form.get("who")) if view == "person" else None,
        "kind": request.form.get("kind", "")[:10] or None,
    }
    return url_for("console.timeline", **asked, moved=one.id, done=preview_id)


def _movable(by: Caller, appointment_id: str) -> Movable:
    row = appointments.read(by, appointment_id, now=utc_now())
    return Movable(
        id=row.id,
        version=row.version,
        patient_id=row.patient_id,
        series_id=row.series_id,
        site_id=row.site_id,
        visit=row.visit_code,
        starts_at=row.starts_at.astimezone(ZoneInfo(row.time_zone)),
    )


def _ask(by: Caller, one: Movable, wished: datetime) -> Verdict:
    try:
        wish = Wish(starts_at=wished, choices={})
        row = moves.preview(by, one.id, wish, now=utc_now())
    except Refused as refused:
        return verdict.refused(refused, wished)
    return verdict.allowed(row.id, row.body, one.visit, wished)


def _with_nearest(by: Caller, one: Movable, wished: datetime) -> Verdict:
    """The answer, and for a refused time the nearest that would do."""
    found = _ask(by, one, wished)
    if found.word != "refused":
        return found
    wish = Wish(starts_at=wished, choices={})
    try:
        if alone := nearest.allowed(by, one.id, wish, now=utc_now()):
            return replace(found, nearest=alone)
        along = nearest.with_others(by, one.id, wish, now=utc_now())
        return replace(found, nearest=along, along=True)
    except Refused:
        return found


def _wished(one: Movable) -> datetime | None:
    day = a_day(request.form.get("day", ""))
    clock = request.form.get("time", "")[:5]
    try:
        at = datetime.strptime(clock, "%H:%M").time()  # noqa: DTZ007  (a clock face, no instant)
    except ValueError:
        return None
    return _real(datetime.combine(day, at, one.starts_at.tzinfo)) if day else None


def _real(at: datetime) -> datetime:
    """A clock time that a change of clocks leaves out becomes the one after it."""
    return at.astimezone(UTC).astimezone(at.tzinfo)


def _count(name: str) -> int:
    given = request.form.get(name, "0")
    if not given.removeprefix("-").isdecimal() or len(given) > len("-9999"):
        raise NotFound
    return max(-FARTHEST, min(FARTHEST, int(given)))


def _version() -> int:
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _titles(by: Caller, one: Movable) -> dict[str, str]:
    edition = series.read(by, one.series_id, now=utc_now()).protocol_version_id
    titles = weeks.visit_titles(by.clinic_id, {edition})
    return {code: title for (_, code), title in titles.items()}


def _page(
    by: Caller,
    one: Movable,
    status: int = 200,
    *,
    fault: str = "",
    done: str = "",
    verdict: Verdict | None = None,
    wished: datetime | None = None,
) -> Any:
    patient = patients.patient(by, one.patient_id, now=utc_now())
    return staff_page(
        "moves/move.html",
        by,
        status,
        here="week",
        one=one,
        patient=patient,
        fault=fault,
        done=done,
        verdict=verdict,
        wished=wished or one.starts_at,
        title=_titles(by, one).get(one.visit, one.visit),
        stands=time_words(one.starts_at),
    )
