"""Whether the clock is alive: each job puts down when it ran, and whoever asks is told how long
that is ago."""

from datetime import datetime, timedelta

from server.persistence import contact, outbox
from server.persistence.transactions import transaction

LATE_AFTER = timedelta(seconds=60)
WATCHED = "send"
SILENT_AFTER = timedelta(seconds=30)
"""As long as no job of a living clock takes, one of which runs every few seconds."""


def now() -> datetime:
    """The database's clock."""
    return outbox.now()


def ticked(job: str) -> None:
    """A job has run through."""
    with transaction():
        contact.ticked(job, outbox.now())


def is_late() -> bool:
    """Whether messages have not been looked after for a minute. An installation whose clock has
    never run is late too, and so is one whose last run seems to lie ahead: its clock was set back.
    """
    last = contact.last_tick(WATCHED)
    return last is None or abs(outbox.now() - last) > LATE_AFTER


def is_silent() -> bool:
    """Whether no job at all has run through for longer than a living clock lets pass."""
    last = contact.last_sign_of_life()
    return last is None or abs(outbox.now() - last) > SILENT_AFTER
