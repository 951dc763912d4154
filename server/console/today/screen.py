"""Today's visits of one site: who is expected, who is here, and one tap for what happens next."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from server.console import cookies, forms, rooms
from server.console.asking import caller, poster, utc_now, watching
from server.console.ids import an_id, an_id_if_any
from server.console.pages import guarded, staff_page
from server.console.today import lines
from server.services.access import ACTIONS, Caller
from server.services.booking import appointments, breach_bodies
from server.services.booking.appointments import Step
from server.services.clinic import clinics
from server.services.days import today
from server.services.refusals import NotFound, Refused, Stale
from shared.vocabulary import AppointmentStatus

STALE = (
    "Somebody else changed this visit a moment ago, so nothing was done. This is how it stands now."
)


def first() -> Any:
    """The bare address leads to what somebody does first."""
    return redirect(url_for(f"console.{rooms.first(caller())}"))


def show() -> Any:
    """The whole page."""
    return _page(caller(), an_id_if_any(request.args.get("site")))


def live() -> Any:
    """The visits alone, for a page that is open; 304 and nothing else while they are the same."""
    by, site_id = watching(), an_id_if_any(request.args.get("site"))
    mark = forms.token(cookies.read(cookies.SIGN_IN) + today.mark(by, site_id, now=utc_now()))[:32]
    reply = make_response("", 304)
    if mark not in request.if_none_match:
        reply = guarded(make_response(_visits(by, site_id)))
    reply.set_etag(mark)
    return reply


def step() -> Any:
    """What happened to a visit, as its line was seen; then the board as it stands."""
    by = poster()
    site_id, appointment_id = an_id(request.form.get("site")), an_id(request.form.get("visit"))
    try:
        _take(by, appointment_id)
    except Stale:
        return _page(by, site_id, 409, fault=STALE)
    except Refused as refused:
        said = [str(breach_bodies.as_json(each)["sentence"]) for each in refused.breaches]
        return _page(by, site_id, 409, fault=" ".join(said))
    return redirect(url_for("console.today", site=site_id, _anchor=f"v-{appointment_id}"), 303)


def _step() -> Step:
    form = request.form
    try:
        to, version = AppointmentStatus(form.get("to", "")), _seen()
    except ValueError:
        raise NotFound from None
    reason = form.get("reason", "")
    return Step(to=to, expected_version=version, reason=reason if reason in lines.REASONS else "")


def _seen() -> int:
    given = request.form.get("version", "")
    if not given.isdecimal() or len(given) > 9:
        raise NotFound
    return int(given)


def _take(by: Caller, appointment_id: str) -> None:
    if stage := lines.BY_BUTTON.get(request.form.get("to", "")):
        appointments.to_stage(by, appointment_id, stage, expected_version=_seen(), now=utc_now())
        return
    wanted = _step()
    act = appointments.progress
    if wanted.to is AppointmentStatus.CANCELLED:
        act = appointments.cancel
    act(by, appointment_id, wanted, now=utc_now())


def _page(by: Caller, site_id: str | None, status: int = 200, *, fault: str = "") -> Response:
    shown = _shown(by, site_id)
    sites = clinics.sites(by)
    return staff_page(
        "today/today.html", by, status, here="today", sites=sites, fault=fault, **shown
    )


def _visits(by: Caller, site_id: str | None) -> str:
    return render_template("console/today/visits.html", **_shown(by, site_id))


def _shown(by: Caller, site_id: str | None) -> dict[str, Any]:
    day = lines.day(today.board(by, site_id, now=utc_now()), now=utc_now())
    token = forms.token(cookies.read(cookies.SIGN_IN))
    offers = by.role in ACTIONS["freed_times.manage"]
    return {"day": day, "form": token, "reasons": lines.REASONS, "offers": offers}
