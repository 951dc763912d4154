"""A plan as JSON and back: what is shown to a person is exactly what can be booked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from server.domain.placement import Placement, SeriesPlan

Body = dict[str, object]


def to_body(plan: SeriesPlan, reasons: Mapping[str, Iterable[Body]] | None = None) -> Body:
    """Instants as text with the clinic's offset, visits in order of time."""
    placements = sorted(plan.placements, key=lambda each: each.starts_at)
    return {
        "choices": dict(plan.choices),
        "cost": plan.cost,
        "visits": [
            {
                "visit": each.visit,
                "starts_at": each.starts_at.isoformat(),
                "choices": dict(each.choices),
                "reasons": list((reasons or {}).get(each.visit, ())),
            }
            for each in placements
        ],
    }


def from_body(body: Mapping[str, object]) -> SeriesPlan:
    """The plan again, without its reasons."""
    visits = cast(list[Mapping[str, object]], body["visits"])
    return SeriesPlan(
        placements=tuple(_placement(each) for each in visits),
        choices=dict(cast(Mapping[str, str], body["choices"])),
        cost=cast(int, body.get("cost", 0)),
    )


def _placement(each: Mapping[str, object]) -> Placement:
    return Placement(
        visit=str(each["visit"]),
        starts_at=datetime.fromisoformat(str(each["starts_at"])),
        choices=dict(cast(Mapping[str, str], each["choices"])),
    )
