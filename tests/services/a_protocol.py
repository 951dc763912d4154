"""A small protocol document that a clinic could write, and a clinic that can run it."""

from copy import deepcopy

from server.domain import protocol_safety
from server.domain.calendars import WeeklyHours
from server.domain.protocol_safety import NONE_NEEDED
from server.library import loader
from server.services.access import Caller
from server.services.clinic import availability, bookables
from server.services.people import practitioners
from server.services.people.practitioners import NewPractitioner
from shared.vocabulary import BookableKind, Role
from tests.services.a_clinic import NOW, a_clinic, a_site, colleague

POOLS = {
    "chairs": BookableKind.CHAIR,
    "nurses": BookableKind.NURSE,
    "prescriber-on-site": BookableKind.PRESCRIBER,
    "therapy-rooms": BookableKind.ROOM,
}
DEMO = "demo-ketamine-integration"


GUESSES = {
    "phases[0].visits[0].parts[0].minutes": 60,
    "phases[1].visits[0].parts[2].minutes": 120,
    "no_drive.until": "next-day",
    "escort.required": True,
}
"""What a prescriber might fill into the draft of Shiroma's trial where nothing else is said."""


def demo(**changed: object) -> dict[str, object]:
    """The complete invented protocol of the library."""
    return {**loader.drafts()[DEMO], **changed}


def a_draft(code: str = "shiroma-pe-rct") -> dict[str, object]:
    """A published protocol whose safety fields are open in part."""
    return deepcopy(loader.drafts()[code])


def recalled() -> dict[str, object]:
    """The demonstration protocol, its infusion's length only recalled from memory."""
    document = demo()
    document["arms"][0]["duration"]["evidence"] = "R"  # type: ignore[index]
    return document


def fills(document: dict[str, object]) -> dict[str, object]:
    """What a prescriber might sign for every open field: as recalled, none needed, or a guess."""
    return {
        each.path: each.value
        if each.value is not None
        else (NONE_NEEDED if each.none_allowed else GUESSES.get(each.path, 2))
        for each in protocol_safety.open_safety_fields(document)
    }


def an_equipped_clinic(title: str = "Larkfield") -> Caller:
    """A clinic with everything the library's protocols claim."""
    by = a_clinic(title)
    site_id = a_site(by)
    for code, kind in POOLS.items():
        row = bookables.create(
            by, kind=kind, code=code, title=code, site_id=site_id, capacity=4, now=NOW
        )
        opened(by, row.id, capacity=4)
    for role in (Role.THERAPIST, Role.PRESCRIBER):
        new = NewPractitioner(title=f"{role} Example", role=role, site_id=site_id)
        made = practitioners.create(by, new, now=NOW)
        assert made.bookable
        opened(by, made.bookable.id)
    return by


def opened(by: Caller, bookable_id: str, capacity: int = 1) -> None:
    week = [WeeklyHours(days=(0, 1, 2, 3, 4, 5), opens=420, closes=1200, capacity=capacity)]
    availability.set_weekly(by, bookable_id, week, expected_version=1, now=NOW)


def a_prescriber(by: Caller) -> Caller:
    """The clinic's prescriber, with a name to sign with."""
    found, _ = practitioners.practitioners(by)
    who = next((row for row in found if row.role == Role.PRESCRIBER), None) or (
        practitioners.create(
            by, NewPractitioner(title="Dr. Example", role=Role.PRESCRIBER), now=NOW
        )
    )
    return colleague(by, Role.PRESCRIBER, practitioner_id=who.id)
