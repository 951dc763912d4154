"""Visits: what is next, all of them, one whole; confirmed, moved, and with a ride home."""

from datetime import datetime
from typing import Any, cast

from flask import request

from server.patient_pages.my import browser
from server.patient_pages.my.showing import Plan, plan_of, shown
from server.services.access import Caller
from server.services.booking import confirmations, moves, offers
from server.services.refusals import Conflict, Refused, Stale

LONGEST_NAME, LONGEST_PHONE = 200, 40


def today(by: Caller) -> Any:
    """What is next, and what there is to do."""
    plan = plan_of(by)
    return shown("today", plan, next=next(iter(plan.coming()), None), asked=plan.open_now())


def listed(by: Caller) -> Any:
    """All visits, by month."""
    return shown("visits", plan_of(by))


def one(by: Caller, appointment_id: str) -> Any:
    """One visit whole."""
    plan = plan_of(by)
    visit = plan.one("appointments", appointment_id)
    return shown("visit", plan, visit=visit, ride=visit["ride"] or plan.document["last_ride"])


def confirm(by: Caller, appointment_id: str) -> Any:
    """The patient comes at the time they were shown."""
    seen = request.form.get("schedule_version", "")
    try:
        version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
        confirmations.confirm(by, appointment_id, schedule_version=version, now=browser.utc_now())
    except (Stale, Refused):
        return _on(appointment_id, "soon")
    return _on(appointment_id, "confirmed")


def ride(by: Caller, appointment_id: str) -> Any:
    """Who takes the patient home."""
    name, phone = (request.form.get(each, "").strip() for each in ("name", "phone"))
    if not (0 < len(name) <= LONGEST_NAME and 0 < len(phone) <= LONGEST_PHONE):
        plan = plan_of(by)
        visit = plan.one("appointments", appointment_id)
        given = {"name": name, "phone": phone}
        return shown("visit", plan, 422, visit=visit, ride=given, mend=True)
    try:
        now = browser.utc_now()
        confirmations.name_ride(by, appointment_id, name=name, phone=phone, now=now)
    except Refused:
        return _on(appointment_id, "soon")
    return _on(appointment_id, "saved")


def times(by: Caller, appointment_id: str) -> Any:
    """Up to three other times that keep the plan."""
    plan = plan_of(by)
    visit = plan.one("appointments", appointment_id)
    try:
        found = offers.make(by, appointment_id, now=browser.utc_now())
    except (Conflict, Refused):
        return shown("times", plan, 409, visit=visit, offered=[], version=0)
    offered = [_offer(plan, visit, each.id, each.body) for each in found.rows]
    return shown("times", plan, visit=visit, offered=offered, version=found.version)


def move(by: Caller, appointment_id: str) -> Any:
    """Take one of them; the clinic proves it again before it counts."""
    seen, offer = (request.form.get(each, "") for each in ("version", "offer"))
    try:
        version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
        now = browser.utc_now()
        moves.apply(by, appointment_id, offer, expected_version=version, now=now)
    except (Stale, Refused, Conflict):
        return _on(appointment_id, "taken")
    return _on(appointment_id, "moved")


def _offer(plan: Plan, visit: dict[str, Any], offer_id: str, body: Any) -> dict[str, Any]:
    """When it would be, and which others would move along."""
    own, others = None, []
    named = {each["visit_code"]: each for each in plan.document["appointments"]}
    for each in cast(list[dict[str, str]], body["visits"]):
        at = datetime.fromisoformat(each["starts_at"]).astimezone(plan.as_of.tzinfo)
        if each["visit"] == visit["visit_code"]:
            own = at
        elif each["visit"] in named:
            others.append((named[each["visit"]], at))
    return {"id": offer_id, "at": own, "others": others}


def _on(appointment_id: str, note: str) -> Any:
    return browser.to("my_visit", appointment_id=appointment_id, note=note)
