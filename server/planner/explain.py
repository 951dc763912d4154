"""Why a plan is a good one, why there is none, and the nearest thing that would work."""

from server.domain.calendars import ClinicCalendar
from server.domain.placement import SeriesToPlace, Weights
from server.planner.calendar import Shelf
from server.planner.patience import Patience
from server.planner.place import STANDARD
from server.planner.reasons import why_not as inquiry
from server.planner.reasons.changes import all_changed, changed
from server.planner.reasons.crowd import Crowd
from server.planner.reasons.obstacles import Nearest, Obstacle, ObstacleCode
from server.planner.reasons.reasons import Reason, VisitReasons, reasons

unknown = inquiry.unknown
"""Said where nobody waited for the reason."""

__all__ = [
    "Crowd",
    "Nearest",
    "Obstacle",
    "ObstacleCode",
    "Patience",
    "Reason",
    "VisitReasons",
    "all_changed",
    "changed",
    "reasons",
    "unknown",
    "why_not",
]


def why_not(
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    *,
    weights: Weights = STANDARD,
    patience: Patience | None = None,
    shelf: Shelf | None = None,
) -> list[Obstacle]:
    """What leaves the series without a plan, each with the nearest change that would give it one,
    the smallest change first; [] where there is a plan. Each was found by the search: `changed`
    applies it, and a plan exists then. Costs play no part, whatever the `weights`.
    Where patience ends, what was found by then. The `shelf` keeps what questions about the same
    calendar share."""
    del weights
    return inquiry.why_not(series, calendar, patience, shelf)
