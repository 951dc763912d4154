"""The pages of the console that somebody's work takes place on, in the order of a day."""

from server.services.access import ACTIONS, Caller
from shared.vocabulary import Role

ROOMS = (
    ("health", "Health", "health.read"),
    ("today", "Today", "week.read"),
    ("needs", "Needs you", "follow_ups.read"),
    ("week", "Week", "week.read"),
    ("patients", "Patients", "patients.list"),
    ("planning", "Planning", "planning_runs.make"),
    ("protocols", "Protocols", "protocols.read"),
    ("clinic", "Clinic", "bookables.read"),
    ("reports", "Reports", "reports.read"),
    ("record", "Record", "audit.read"),
)
"""Page, title, what one must be allowed to do to have it."""
FIRST = {
    Role.NURSE: "today",
    Role.FRONT_DESK: "today",
    Role.THERAPIST: "timeline",
    Role.PRESCRIBER: "week",
    Role.ADMINISTRATOR: "health",
}
"""What a role does first in the morning (a therapist: their own week; an administrator: how the
clinic stands); the others begin with the clinic's week. All of it is open to them."""


def open_to(by: Caller) -> tuple[tuple[str, str], ...]:
    """Page and title of each room that this person may enter."""
    return tuple((page, title) for page, title, action in ROOMS if by.role in ACTIONS[action])


def first(by: Caller) -> str:
    """Where this person's day begins."""
    if by.role in FIRST:
        return FIRST[by.role]
    pages = [page for page, _ in open_to(by)]
    return "week" if "week" in pages or not pages else pages[0]
