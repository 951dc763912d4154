"""Who did what, and who looked at whom: for one patient, or for the clinic."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from server.console.asking import caller, utc_now
from server.console.clock import time_words
from server.console.days import a_day
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.patients import tabs
from server.console.patients.messages import page_number
from server.console.record import words
from server.services.access import ACTIONS, Caller
from server.services.clinic import clinics
from server.services.people import patients
from server.services.record import audit

PAGE_SIZE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing on record."""

    when: str
    who: str
    role: str
    what: str
    look: bool
    patient_id: str | None


def of_patient(patient_id: str) -> Any:
    """Who looked at one patient, and who changed what."""
    by, now = caller(), utc_now()
    patient = patients.patient(by, patient_id, now=now)
    zone = ZoneInfo(clinics.site(by, patient.site_id).time_zone)
    return staff_page(
        "record/of_patient.html",
        by,
        here="patients",
        patient=patient,
        tabs=tabs.of(by),
        tab="looked",
        **_lines(by, {"patient_id": patient_id}, zone, now),
    )


def of_clinic() -> Any:
    """The same for the clinic, by person, patient and day."""
    by, now = caller(), utc_now()
    sites = clinics.sites(by)
    zone = ZoneInfo(sites[0].time_zone if sites else "UTC")
    asked = {"who": request.args.get("who", ""), "patient": request.args.get("patient", "")}
    first, last = (a_day(request.args.get(name, "")) for name in ("first", "last"))
    wanted = {
        "by_user_id": an_id(asked["who"]) if asked["who"] else None,
        "patient_id": an_id(asked["patient"]) if asked["patient"] else None,
        "since": datetime.combine(first, time(), zone) if first else None,
        "until": datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
    }
    return staff_page(
        "record/of_clinic.html",
        by,
        here="record",
        staff=audit.staff(by),
        asked=asked,
        first=first,
        latest=last,
        links=by.role in ACTIONS["patients.read"],
        **_lines(by, wanted, zone, now),
    )


def _lines(by: Caller, wanted: dict[str, Any], zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    at = page_number()
    rows, total = audit.listed(by, now=now, page=at, page_size=PAGE_SIZE, **wanted)
    names = audit.actors(by, rows)
    lines = [
        Line(
            when=time_words(row.at, zone),
            who=names.get(row.by_user_id or "", "Tandem itself"),
            role=row.role.replace("_", " "),
            what=words.did(row.action),
            look=words.is_look(row.action),
            patient_id=row.patient_id,
        )
        for row in rows
    ]
    return {"lines": lines, "at": at, "total": total, "last": max(1, -(-total // PAGE_SIZE))}
