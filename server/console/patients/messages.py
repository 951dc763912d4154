"""What a patient was told and what waits, word for word; what was given up is sent again."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, redirect, request, url_for

from server.console import message_words
from server.console.asking import caller, poster, utc_now
from server.console.clock import time_words
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.patients import tabs
from server.services.access import ACTIONS, Caller
from server.services.clinic import clinics
from server.services.messages import message_texts, outbox
from server.services.people import patients
from server.services.refusals import Conflict
from shared.vocabulary import MessageStatus

PAGE_SIZE = 50
SENT_AGAIN = "It waits to be sent again, and goes within a minute."


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One message."""

    id: str
    kind: str
    way: str
    when: str
    standing: str
    why: str
    text: str | None
    """Word for word, of one that waits: what was sent is kept nowhere."""
    given_up: bool


def show(patient_id: str, status: int = 200, *, fault: str = "") -> Any:
    """The page."""
    by, now = caller(), utc_now()
    patient = patients.patient(by, patient_id, now=now)
    at = page_number()
    found, total = outbox.of_patient(by, patient_id, page=at, page_size=PAGE_SIZE, now=now)
    zone = ZoneInfo(clinics.site(by, patient.site_id).time_zone)
    return staff_page(
        "patients/messages.html",
        by,
        status,
        here="patients",
        patient=patient,
        tabs=tabs.of(by),
        tab="patient_messages",
        lines=[line(row, zone) for row in found],
        may_resend=by.role in ACTIONS["messages.resend"],
        sees_all=by.role in ACTIONS["messages.read"],
        at=at,
        last=max(1, -(-total // PAGE_SIZE)),
        fault=fault,
        done=SENT_AGAIN if "again" in request.args else "",
    )


def page_number() -> int:
    """Which page of a list is asked for."""
    given = request.args.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 5 else 1


def line(row: Any, zone: ZoneInfo) -> Line:
    """One message as a list shows it."""
    return Line(
        id=row.id,
        kind=message_words.kind(row.kind),
        way=message_words.WAYS.get(row.channel, row.channel),
        when=_when(row, zone),
        standing=message_words.STANDINGS[MessageStatus(row.status)],
        why=message_words.why(row.status, row.failure, row.attempts),
        text=message_texts.exactly(row, str(current_app.config["ADDRESS"])),
        given_up=row.status == MessageStatus.DEAD,
    )


def _when(row: Any, zone: ZoneInfo) -> str:
    if row.delivered_at:
        return f"arrived {time_words(row.delivered_at, zone)}"
    if row.sent_at:
        return time_words(row.sent_at, zone)
    return f"due {time_words(row.due_at, zone)}"


def resend(patient_id: str) -> Any:
    """Send again what was given up."""
    by = poster()
    try:
        _again(by, an_id(request.form.get("message")))
    except Conflict as refused:
        return show(patient_id, 409, fault=str(refused))
    return redirect(url_for("console.patient_messages", patient_id=patient_id, again=1), 303)


def _again(by: Caller, message_id: str) -> None:
    outbox.resend(by, message_id, now=utc_now())
