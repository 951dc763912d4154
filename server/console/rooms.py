"""The pages of the console that somebody's work takes place on, in the order of a day."""

from server.services.access import ACTIONS, Caller
from shared.vocabulary import Role

ROOMS = (
    ("today", "Today", "week.read"),
    ("week", "Week", "week.read"),
    ("patients", "Patients", "patients.list"),
    ("protocols", "Protocols", "protocols.read"),
    ("clinic", "Clinic", "bookables.read"),
    ("reports", "Reports", "reports.read"),
)
"""Page, title, what one must be allowed to do to have it."""
FIRST = {Role.NURSE: "today", Role.FRONT_DESK: "today"}
"""What a role does first in the morning; the others begin with the week."""


def open_to(by: Caller) -> tuple[tuple[str, str], ...]:
    """Page and title of each room that this person may enter."""
    return tuple((page, title) for page, title, action in ROOMS if by.role in ACTIONS[action])


def first(by: Caller) -> str:
    """Where this person's day begins."""
    wanted = FIRST.get(by.role, "week")
    pages = [page for page, _ in open_to(by)]
    return wanted if wanted in pages or not pages else pages[0]
