"""Days in what a browser asks for."""

from datetime import date

FIRST_DAY, LAST_DAY = date(2000, 1, 3), date(2199, 12, 22)


def a_day(given: str) -> date | None:
    """The day that was typed or chosen; None for anything else, and for absurd years."""
    try:
        day = date.fromisoformat(given) if len(given) == len("2027-03-03") else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None
