"""Sends what waits, oldest first, and fetches what the phone keeps. Nothing is dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from mobile.api_client import ApiClient, Faltering, Refused, SignedOut, Unreachable
from mobile.offline_store import OfflineStore, PendingChange
from shared import routes

Document = dict[str, Any]
TODAY, CLOCK, QUESTIONNAIRE = "today", "clock", "questionnaire:"
KEEP_TODAY = timedelta(days=14)
KEEP_FORMS = timedelta(days=90)
NEEDED = frozenset({"as_of", "series", "appointments", "check_ins"})
"""Without these it is not the clinic that answered."""
PATHS: Mapping[str, tuple[str, str, str]] = {
    "confirm": ("POST", routes.CONFIRM, "appointment_id"),
    "ride": ("POST", routes.RIDE, "appointment_id"),
    "move": ("POST", routes.MOVES, "appointment_id"),
    "answer": ("POST", routes.RESPONSES, "check_in_id"),
    "wishes": ("PUT", routes.WISHES, "patient_id"),
}
"""How and where each kind of change goes, and the id that stands in the address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of one round."""

    sent: int = 0
    refused: int = 0
    left: int = 0
    reached: bool = True
    signed_out: bool = False
    help_line: bool = False
    """Whether an answer just sent calls for showing the help line at once."""


def round_trip(store: OfflineStore, client: ApiClient, *, now: datetime) -> Outcome:
    """Send all that waits, then fetch today. Whatever fails stays as it is for the next round."""
    sent = refused = 0
    help_line = False
    stuck: set[object] = set()
    try:
        for change in store.waiting():
            if _subject(change) in stuck:
                continue  # what was said first about a visit is sent first
            try:
                reply = _sent(store, client, change)
            except Faltering:
                stuck.add(_subject(change))
                continue
            sent, refused = sent + (reply is not None), refused + (reply is None)
            help_line = help_line or bool(reply and reply.get("help_line"))
        fetch(store, client, now=now)
    except (Unreachable, SignedOut) as error:
        ended = isinstance(error, SignedOut)
        left = len(store.waiting())
        return Outcome(
            sent=sent,
            refused=refused,
            left=left,
            reached=ended,
            signed_out=ended,
            help_line=help_line,
        )
    left = len(store.waiting())
    return Outcome(sent=sent, refused=refused, left=left, help_line=help_line)


def fetch(store: OfflineStore, client: ApiClient, *, now: datetime) -> None:
    """Today, with every form it asks for that is not on the phone yet. What is kept expires by the
    clinic's clock: the phone's own may be years off."""
    document = client.ask("GET", routes.TODAY)
    if not document.keys() >= NEEDED:
        raise Unreachable  # well-formed, and not from the clinic
    clinic_now = datetime.fromisoformat(document["as_of"]).astimezone(UTC)
    store.keep(CLOCK, {"behind_seconds": (clinic_now - now).total_seconds()})
    for code in _forms(document):
        if store.document(QUESTIONNAIRE + code, now=clinic_now) is None:
            _fetch_form(store, client, code, clinic_now)
    store.keep(TODAY, document, expires_at=clinic_now + KEEP_TODAY)


def _fetch_form(store: OfflineStore, client: ApiClient, code: str, now: datetime) -> None:
    try:
        form = client.ask("GET", routes.fill(routes.QUESTIONNAIRE, code=code))
    except Refused:
        return  # a form the clinic no longer has: its check-in is simply not shown
    store.keep(QUESTIONNAIRE + code, form, expires_at=now + KEEP_FORMS)


def _forms(document: Document) -> list[str]:
    asked = [each for each in document["check_ins"] if each["status"] == "requested"]
    return sorted({each["questionnaire"] for each in asked})


def _sent(store: OfflineStore, client: ApiClient, change: PendingChange) -> Document | None:
    """The reply, once the change is applied and out of the queue; None where it was refused."""
    if change.kind not in PATHS:  # queued by another edition of the app
        store.refuse(change.id, {"code": "unknown", "reason": ""})
        return None
    method, pattern, name = PATHS[change.kind]
    body = {key: value for key, value in change.body.items() if key not in (name, "if_match")}
    path = routes.fill(pattern, **{name: change.body[name]})
    version = change.body.get("if_match")
    try:
        reply = client.ask(method, path, body, key=change.id, version=version)
    except Refused as refused:
        store.refuse(change.id, {"code": refused.code, "reason": refused.reason})
        return None
    store.done(change.id)
    return reply


def _subject(change: PendingChange) -> object:
    """What a change is about: a visit, a check-in, or the patient."""
    return change.body.get(PATHS[change.kind][2]) if change.kind in PATHS else change.id
