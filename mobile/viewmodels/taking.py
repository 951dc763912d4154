"""What a patient takes along: visits for a calendar, and a copy of all that the clinic keeps."""

import json
from collections.abc import Callable, Iterator

from mobile.viewmodels.phone import Document, Phone
from mobile.viewmodels.visits import at
from shared import diary, routes

CALENDAR, CALENDAR_KIND = "calendar.ics", "text/calendar"
COPY, COPY_KIND = "my-data.txt", "text/plain"
AWAITED = ("booked", "pending")


def calendar_file(phone: Phone, appointment_id: str = "") -> bytes:
    """One visit, or all that are ahead; it says when, and never what for."""
    document = phone.document("today") or {}
    visits = [
        {**each, "starts_at": at(each["starts_at"]), "ends_at": at(each["ends_at"])}
        for each in document.get("appointments", ())
        if each["id"] == appointment_id or (not appointment_id and each["status"] in AWAITED)
    ]
    return diary.calendar(visits, phone.words.language, now=phone.now()).encode()


def everything(phone: Phone, then: Callable[[bytes | None], None]) -> None:
    """A copy to read, from the clinic itself; None where it cannot be reached."""

    def came(reply: Document | None, _: str) -> None:
        then(None if reply is None else _readable(reply).encode())

    phone.ask("GET", routes.EXPORT, came)


def _readable(document: Document) -> str:
    return "\n".join(_lines(json.loads(json.dumps(document)), 0)) + "\n"


def _lines(value: object, depth: int) -> Iterator[str]:
    """A name and what stands there, each on its line, what belongs together moved in."""
    pairs = value.items() if isinstance(value, dict) else enumerate(_listed(value), start=1)
    for name, each in pairs:
        lead = "  " * depth + str(name).replace("_", " ")
        if isinstance(each, dict | list):
            yield f"{lead}:"
            yield from _lines(each, depth + 1)
        else:
            yield f"{lead}: {'-' if each is None else each}"


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
