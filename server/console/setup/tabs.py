"""The pages of the clinic's set-up that somebody may see."""

from server.services.access import ACTIONS, Caller

TABS = (
    ("clinic", "Rooms and hours", "bookables.read"),
    ("people", "People", "practitioners.read"),
    ("on_call", "On call", "on_call.read"),
    ("house", "House rules", "clinic.read"),
    ("texts", "Message texts", "message_texts.read"),
    ("places", "Sites and holidays", "bookables.read"),
    ("import_page", "Import", "import.run"),
)
"""Page, title, what one must be allowed to do to have it."""


def of(by: Caller) -> tuple[tuple[str, str], ...]:
    """Page and title of each."""
    return tuple((page, title) for page, title, action in TABS if by.role in ACTIONS[action])
