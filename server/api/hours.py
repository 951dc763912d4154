"""Weekly rows as they are sent, as the clinic's rules know them."""

from collections.abc import Iterable, Mapping
from typing import Any

from server.services.clinic.availability import WeeklyHours


def hours(rows: Iterable[Mapping[str, Any]]) -> tuple[WeeklyHours, ...]:
    """One frozen row each."""
    return tuple(WeeklyHours(**row) for row in rows)
