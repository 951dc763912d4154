"""What is looked for comes as a form, so that no name ever stands in an address."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for

from server.console import rooms
from server.console.asking import caller, poster, utc_now
from server.console.pages import page, staff_page
from server.console.sent import text
from server.console.setup import tabs
from server.services.access import ACTIONS, Caller
from server.services.people import patients, practitioners
from server.services.protocols import protocols

MOST = 8
LONGEST = 60
MORE = (
    ("timeline", "Week as a timeline", "week.read"),
    ("waiting", "Waiting list and freed times", "waiting.list"),
    ("new_patient", "New patient", "patients.create"),
    ("keys", "Keys of the keyboard", "me.read"),
)
"""Pages inside rooms: page, title, what one must be allowed to do to have it."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something found, and where it is."""

    kind: str
    title: str
    address: str


def show() -> Any:
    """The empty form."""
    return staff_page("finding/find.html", caller(), here="", asked="", hits=[])


def find() -> Any:
    """Everything whose name holds what was typed."""
    by, asked = poster(), text("q", LONGEST)
    return staff_page("finding/find.html", by, here="", asked=asked, hits=list(_hits(by, asked)))


def quick() -> Any:
    """The same as a part of a page, for the palette."""
    by, asked = poster(), text("q", LONGEST)
    return page("finding/hits.html", asked=asked, hits=list(_hits(by, asked)))


def keys() -> Any:
    """Every key that does something."""
    return staff_page("finding/keys.html", caller(), here="")


def _hits(by: Caller, asked: str) -> Iterator[Hit]:
    if not asked:
        return
    yield from _pages(by, asked)
    yield from _patients(by, asked)
    yield from _people(by, asked)
    yield from _protocols(by, asked)


def _pages(by: Caller, asked: str) -> Iterator[Hit]:
    inside = ((name, title) for name, title, action in MORE if by.role in ACTIONS.get(action, ()))
    for name, title in dict.fromkeys((*rooms.open_to(by), *tabs.of(by), *inside)):
        if asked.lower() in title.lower():
            yield Hit(kind="Page", title=title, address=url_for(f"console.{name}"))


def _patients(by: Caller, asked: str) -> Iterator[Hit]:
    if by.role in ACTIONS["patients.list"]:
        found, _ = patients.patients(by, name=asked, page_size=MOST, now=utc_now())
        for row in found:
            address = url_for("console.patient", patient_id=row.id)
            yield Hit(kind="Patient", title=row.full_name, address=address)


def _people(by: Caller, asked: str) -> Iterator[Hit]:
    """Whoever treats, on the page of the clinic's people."""
    if by.role in ACTIONS["practitioners.read"]:
        found, _ = practitioners.practitioners(by, page_size=500)
        titles = [row.title for row in found if asked.lower() in row.title.lower()]
        for title in titles[:MOST]:
            yield Hit(kind="Person", title=title, address=url_for("console.people"))


def _protocols(by: Caller, asked: str) -> Iterator[Hit]:
    if by.role in ACTIONS["protocols.read"]:
        found, _ = protocols.protocols(by, page_size=200)
        for row in [each for each in found if asked.lower() in each.title.lower()][:MOST]:
            address = url_for("console.protocol", protocol_id=row.id)
            yield Hit(kind="Protocol", title=row.title, address=address)
