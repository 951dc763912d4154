"""Repairing a site after an absence or a closure: shown first, then applied exactly so."""

from collections.abc import Mapping
from typing import Any

from server.console.asking import poster, utc_now
from server.console.clock import instant_words
from server.console.pages import staff_page
from server.console.patients.planning import said
from server.services.access import Caller
from server.services.clinic import clinics
from server.services.people import patients
from server.services.planning import repairs
from server.services.refusals import Conflict, Refused, Stale

STALE = "Something changed since this repair was shown, so nothing was done. Have it shown again."


def preview(site_id: str) -> Any:
    """What would change so that everything booked at a site holds again; nothing changes yet."""
    by = poster()
    site = clinics.site(by, site_id)
    row = repairs.preview(by, site_id, now=utc_now())
    repair_id, body = row.id, row.body
    return staff_page(
        "clinic/repair.html",
        by,
        here="clinic",
        site=site,
        repair_id=repair_id,
        summary=body["summary"],
        changes=list(_changes(by, body)),
        lost=list(_lost(by, body)),
    )


def apply(repair_id: str) -> Any:
    """Change exactly what was shown, or say why not."""
    by = poster()
    try:
        done = len(repairs.apply(by, repair_id, now=utc_now()))
    except Stale:
        return _told(by, 409, STALE)
    except Conflict as refused:
        return _told(by, 409, str(refused))
    except Refused as refused:
        return _told(by, 409, " ".join(("Nothing was changed.", *said(refused))))
    return _told(by, 200, f"{done} visits were changed, exactly as shown. Their patients are told.")


def _told(by: Caller, status: int, words: str) -> Any:
    return staff_page("clinic/repaired.html", by, status, here="clinic", words=words)


def _changes(by: Caller, body: Mapping[str, Any]) -> Any:
    for series in body["series"]:
        name = patients.patient(by, series["patient_id"], now=utc_now()).full_name
        visits = [
            (
                each["visit"].replace("-", " "),
                instant_words(each["previous"]),
                instant_words(each["starts_at"]),
            )
            for each in series["visits"]
        ]
        yield name, series["patient_id"], visits


def _lost(by: Caller, body: Mapping[str, Any]) -> Any:
    for series in body["unresolved"]:
        name = patients.patient(by, series["patient_id"], now=utc_now()).full_name
        texts = [each.get("text") or each.get("sentence") or "" for each in series["reasons"]]
        yield name, series["patient_id"], [text for text in texts if text]
