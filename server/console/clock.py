"""Days and times as pages say them, always on a clinic's own clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_words(on: date) -> str:
    """ "Mon 30 Nov 2026" """
    return on.strftime("%a %-d %b %Y")


def time_words(at: datetime, zone: ZoneInfo | None = None) -> str:
    """ "Mon 30 Nov 2026, 08:15"; without a zone, on the clock that the instant carries."""
    there = at.astimezone(zone) if zone else at
    return f"{day_words(there.date())}, {there:%H:%M}"


def instant_words(text: str) -> str:
    """The same for an instant as plans write it, with the clinic's offset."""
    return time_words(datetime.fromisoformat(text))
