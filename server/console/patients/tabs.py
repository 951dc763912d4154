"""The pages of one patient that somebody may see."""

from server.services.access import ACTIONS, Caller

TABS = (
    ("patient", "Series", "series.read"),
    ("course", "How they are", "check_ins.read"),
    ("patient_messages", "Messages", "appointments.read"),
    ("looked", "Who looked", "audit.read"),
)
"""Page, title, what one must be allowed to do to have it."""


def of(by: Caller) -> tuple[tuple[str, str], ...]:
    """Page and title of each."""
    return tuple((page, title) for page, title, action in TABS if by.role in ACTIONS[action])
