"""What is asked of a planning run, and how it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from server.planner.what_if import Change
from shared.planning_words import PlanningScope, WhatIf

__all__ = ["Change", "Wanted", "from_body", "to_body"]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to plan at a site: some series or all that wait, for how long, and on which changes; and
    for how many urgent starts within how many days room is kept."""

    scope: PlanningScope = PlanningScope.WAITING
    seconds: float = 30
    series_ids: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    urgent: int = 0
    urgent_days: int = 14


def to_body(wanted: Wanted) -> dict[str, object]:
    """What was asked, as it is kept."""
    return {
        "scope": str(wanted.scope),
        "seconds": wanted.seconds,
        "series_ids": list(wanted.series_ids),
        "urgent": wanted.urgent,
        "urgent_days": wanted.urgent_days,
        "changes": [
            {
                "kind": str(each.kind),
                "bookable_id": each.bookable_id,
                "capacity": each.capacity,
                "weekday": each.weekday,
                "first": each.first.isoformat() if each.first else None,
                "last": each.last.isoformat() if each.last else None,
            }
            for each in wanted.changes
        ],
    }


def from_body(body: Mapping[str, object]) -> Wanted:
    """What was asked, again."""
    changes, ids = body["changes"], body["series_ids"]
    return Wanted(
        scope=PlanningScope(str(body["scope"])),
        seconds=float(str(body["seconds"])),
        series_ids=tuple(ids) if isinstance(ids, list) else (),
        urgent=int(str(body.get("urgent", 0))),
        urgent_days=int(str(body.get("urgent_days", Wanted.urgent_days))),
        changes=tuple(map(_change, changes)) if isinstance(changes, list) else (),
    )


def _change(kept: Mapping[str, str | int | None]) -> Change:
    first, last = kept["first"], kept["last"]
    return Change(
        kind=WhatIf(str(kept["kind"])),
        bookable_id=None if kept["bookable_id"] is None else str(kept["bookable_id"]),
        capacity=None if kept["capacity"] is None else int(kept["capacity"]),
        weekday=None if kept["weekday"] is None else int(kept["weekday"]),
        first=date.fromisoformat(str(first)) if first else None,
        last=date.fromisoformat(str(last)) if last else None,
    )
