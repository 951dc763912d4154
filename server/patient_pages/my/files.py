"""Files that a patient takes along: visits for a calendar, and all that the clinic keeps."""

from typing import Any

from flask import make_response

from server.patient_pages.my import browser
from server.patient_pages.my.showing import plan_of
from server.patient_pages.pages import guarded
from server.services.access import Caller
from server.services.people import exports
from shared import diary


def calendar(by: Caller) -> Any:
    """Every visit ahead."""
    plan = plan_of(by)
    return _calendar(plan.coming(), plan.language)


def one(by: Caller, appointment_id: str) -> Any:
    """One visit."""
    plan = plan_of(by)
    return _calendar([plan.one("appointments", appointment_id)], plan.language)


def everything(by: Caller) -> Any:
    """All of it, as a zip file."""
    packed = exports.of_patient(by, now=browser.utc_now())
    return _file(packed, "application/zip", "my-data.zip")


def _calendar(visits: list[dict[str, Any]], language: str) -> Any:
    text = diary.calendar(visits, language, now=browser.utc_now())
    return _file(text.encode(), "text/calendar; charset=utf-8", "calendar.ics")


def _file(content: bytes, kind: str, name: str) -> Any:
    reply = guarded(make_response(content))
    reply.headers["Content-Type"] = kind
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply
