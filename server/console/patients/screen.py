"""Patients: found by name, and each with their series, contact and what comes next."""

from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.days import a_day
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.patients import course, story, tabs
from server.services.access import ACTIONS, Caller
from server.services.people import attention, caseload
from server.services.protocols import protocols
from server.services.refusals import Conflict, Invalid
from server.services.series import series
from server.services.series.series import Enrolment

PAGE_SIZE = 50
LONGEST_NAME = 200
TOLD = {
    "details": "Saved.",
    "booked": "Booked: every visit of the plan has its time.",
    "moved": "Moved, exactly as it was shown.",
    "enrolled": "The series is begun. Plan it now: its visits have no times yet.",
}


def listed() -> Any:
    """Everybody this person may see, by name."""
    given = request.args.get("page", "1")
    page = int(given) if given.isdecimal() and len(given) < 5 else 1
    return _list("", max(page, 1))


def search() -> Any:
    """Whose name holds what was typed. A form, so that no name stands in an address."""
    poster()
    name = request.form.get("name", "").replace("\0", "").strip()[:LONGEST_NAME]
    return _list(name, 1)


def _list(name: str, page: int) -> Any:
    by = caller()
    found, total = caseload.listed(by, name=name, page=page, page_size=PAGE_SIZE, now=utc_now())
    last = max(1, -(-total // PAGE_SIZE))
    return staff_page(
        "patients/list.html",
        by,
        here="patients",
        found=found,
        total=total,
        name=name,
        at=page,
        last=last,
        words=story.SERIES_WORDS,
        attention=attention.of(by, found, now=utc_now()),
        adds=by.role in ACTIONS["patients.create"],
    )


def show(patient_id: str) -> Any:
    """One patient."""
    return page(caller(), patient_id)


def page(by: Caller, patient_id: str, status: int = 200, *, fault: str = "") -> Any:
    """The patient's page; `fault` says why what was asked did not happen."""
    now = utc_now()
    patient, stories = caseload.stories(by, patient_id, now=now)
    shown = [story.shown(each, now=now) for each in stories]
    may = {name for name, roles in ACTIONS.items() if by.role in roles}
    none_open = all(each.status in ("revoked", "completed") for each in shown)
    return staff_page(
        "patients/patient.html",
        by,
        status,
        here="patients",
        patient=patient,
        tabs=tabs.of(by),
        tab="patient",
        brief=course.brief(by, patient_id),
        series=shown,
        may=may,
        told=TOLD.get(request.args.get("told", ""), ""),
        fault=fault,
        editions=_editions(by) if none_open and "series.enrol" in may else (),
    )


def enrol(patient_id: str) -> Any:
    """Begin a series on an active protocol."""
    by = poster()
    ready_on = a_day(request.form.get("ready_on", ""))
    if ready_on is None:
        return page(by, patient_id, 422, fault="Give the day from which the patient is ready.")
    wanted = Enrolment(
        patient_id=patient_id,
        protocol_version_id=an_id(request.form.get("edition")),
        ready_on=ready_on,
    )
    try:
        series.enrol(by, wanted, now=utc_now())
    except Conflict as refused:
        return page(by, patient_id, 409, fault=str(refused))
    except Invalid as refused:
        return page(by, patient_id, 422, fault="; ".join(f.reason for f in refused.faults))
    return redirect(url_for("console.patient", patient_id=patient_id, told="enrolled"), 303)


def _editions(by: Caller) -> list[tuple[str, str]]:
    """The active editions by title."""
    found, _ = protocols.protocols(by, page_size=200)
    return [(each.active_version_id, each.title) for each in found if each.active_version_id]
