"""What stands in the way of a plan, and the nearest thing that would work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ObstacleCode(StrEnum):
    """Which rule leaves no plan. None is ever renamed."""

    NO_CAPACITY = "no-capacity"
    OUTSIDE_HOURS = "outside-hours"
    CREDENTIALS = "credentials"
    UNKNOWN_BOOKABLE = "unknown-bookable"
    NO_CHOICE = "no-choice"
    KEPT_CHOICE = "kept-choice"
    WINDOW = "window"
    SAME_DAY = "same-day"
    PATIENT_UNAVAILABLE = "patient-unavailable"
    PATIENT_DOUBLE_BOOKED = "patient-double-booked"
    START_BY = "start-by"
    LAST_DAY = "last-day"
    SEVERAL = "several"


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearest:
    """A change with which a plan exists. `changes` is its form for programs (all of them
    together), `start_on` the earliest day on which the series could then begin."""

    change: str
    changes: tuple[Mapping[str, object], ...]
    start_on: date

    def as_json(self) -> dict[str, object]:
        """Plain values only."""
        changes = [dict(each) for each in self.changes]
        start_on = self.start_on.isoformat()
        return {"change": self.change, "changes": changes, "start_on": start_on}


@dataclass(frozen=True, kw_only=True, slots=True)
class Obstacle:
    """One rule that, if it gave way, would let a plan exist; `nearest` is None where nothing that
    was tried would."""

    visit: str
    code: ObstacleCode
    text: str
    bookable: str | None = None
    nearest: Nearest | None = None

    def as_json(self) -> dict[str, object]:
        """Plain values only, as in a plan file."""
        return {
            "visit": self.visit,
            "code": self.code.value,
            "bookable": self.bookable,
            "text": self.text,
            "nearest": self.nearest.as_json() if self.nearest else None,
        }
