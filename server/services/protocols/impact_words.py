"""An impact as it is shown and kept: series by series, and in sentences that name nobody."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import cast

from server.domain.placement import Placement, SeriesPlan
from server.services.planning import plan_bodies
from server.services.protocols.carried_over import Carried

Body = dict[str, object]


def series(carried: Carried, number: int, plan: SeriesPlan) -> Body:
    """One series: every visit of its plan with its present time, and whether that changes."""
    shown = plan_bodies.to_body(plan)
    placed = {each.visit: each for each in plan.placements}
    for each in cast(list[Body], shown["visits"]):
        code = str(each["visit"])
        row = carried.picture.live.get(code)
        each["previous"] = carried.picture.placement(code).starts_at.isoformat() if row else None
        each["appointment_id"] = row.id if row else None
        each["moves"] = _moves(carried, plan, placed[code])
    of = carried.picture.row
    return {
        "series_id": of.id,
        "patient_id": of.patient_id,
        "series_version": of.version,
        "edition": number,
        "gone": [
            {"visit": code, "starts_at": each.starts_at.isoformat(), "appointment_id": each.id}
            for code, each in carried.gone.items()
        ],
        "late": list(carried.late),
        **shown,
    }


def _moves(carried: Carried, plan: SeriesPlan, each: Placement) -> bool:
    row = carried.picture.live.get(each.visit)
    if row is None:
        return False
    chosen = {**plan.choices, **each.choices}
    same_people = all(chosen.get(name, who) == who for name, who in row.choices.items())
    return row.starts_at != each.starts_at or not same_people


def unresolved(carried_id: str, patient_id: str, number: int, reasons: list[Body]) -> Body:
    """A series that stays where it is, and why."""
    return {
        "series_id": carried_id,
        "patient_id": patient_id,
        "edition": number,
        "reasons": reasons,
    }


def text(why: str) -> list[Body]:
    """One reason of our own."""
    return [{"text": why}]


def visits(shown: Mapping[str, object]) -> list[Body]:
    """The visits of a series as it is shown."""
    return cast(list[Body], shown["visits"])


def summary(shown: list[Body], stay: list[Body], left: int) -> list[str]:
    """The impact in sentences."""
    every = [each for one in shown for each in visits(one)]
    moved = sum(1 for each in every if each["moves"])
    added = sum(1 for each in every if each["previous"] is None)
    gone = sum(len(cast(list[Body], one["gone"])) for one in shown)
    changes = f"{_count(moved, 'booked visit')} would move, {added} would be booked anew"
    return [
        _running(shown, stay),
        f"{changes}, {gone} would be cancelled.",
        f"{_count(len(stay), 'series', 'series')} cannot be carried over.",
        *([f"{_count(left, 'series', 'series')} more were not looked at."] if left else []),
        "No patient is told anything before it is applied.",
    ]


def _running(shown: list[Body], stay: list[Body]) -> str:
    on = Counter(cast(int, each["edition"]) for each in [*shown, *stay])
    if not on:
        return "No running series is on another edition."
    parts = (f"{_count(many, 'series', 'series')} on edition {n}" for n, many in sorted(on.items()))
    return f"Running now: {', '.join(parts)}."


def counts(shown: Iterable[Body], stay: list[Body]) -> Body:
    """The same as numbers."""
    shown = list(shown)
    every = [each for one in shown for each in visits(one)]
    return {
        "series": len(shown),
        "moved": sum(1 for each in every if each["moves"]),
        "added": sum(1 for each in every if each["previous"] is None),
        "cancelled": sum(len(cast(list[Body], one["gone"])) for one in shown),
        "unresolved": len(stay),
    }


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
