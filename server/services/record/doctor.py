"""Lists every broken invariant; an empty list is the only good answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from server.domain import booking, claims
from server.domain.breaches import BreachCode
from server.domain.placement import SeriesPlan
from server.persistence import invariants
from server.persistence.appointments import AppointmentRow
from server.persistence.transactions import transaction
from server.services.planning import pictures, questions
from server.services.planning.pictures import SeriesPicture
from server.services.refusals import Conflict

QUESTIONS = {
    "overlap": invariants.claims_that_overlap,
    "patient-in-two-places": invariants.patients_in_two_places,
    "over-capacity": invariants.over_capacity,
    "orphan": invariants.orphans,
}
FORGIVEN = {BreachCode.BEFORE_READY, BreachCode.AFTER_LAST_DAY, BreachCode.AFTER_START_BY}
"""Wishes of planning that a booking made earlier need not meet for ever."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One broken invariant, with ids only."""

    code: str
    facts: Mapping[str, object]

    def __str__(self) -> str:
        facts = " ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} {facts}"


def examine(*, now: datetime) -> list[Finding]:
    """Every overlap, over-capacity instant, orphan, and every booked visit that breaks a rule."""
    with transaction():
        found = [
            Finding(code=code, facts=facts) for code, ask in QUESTIONS.items() for facts in ask()
        ]
        for clinic_id, series_id in invariants.open_series():
            found += _of_one(clinic_id, series_id, now)
        return found


def _of_one(clinic_id: str, series_id: str, now: datetime) -> Iterator[Finding]:
    try:
        picture = pictures.of_series(clinic_id, series_id)
    except Conflict:
        yield Finding(code="site-lacks-bookable", facts={"series": series_id})
    else:
        yield from _of_series(picture, now)


def _of_series(picture: SeriesPicture, now: datetime) -> Iterator[Finding]:
    yield from _breaches(picture, now)
    for row in picture.live.values():
        if row.status in pictures.MOVABLE and _claimed(row) != _due(picture, row):
            yield Finding(code="claims-differ", facts={"appointment": row.id})


def _breaches(picture: SeriesPicture, now: datetime) -> Iterator[Finding]:
    later = picture.movable(now)
    asked = questions.question(picture, now=now, free=later)
    placements = tuple(picture.placement(code) for code in sorted(later))
    plan = SeriesPlan(placements=placements, choices=picture.row.choices)
    for breach in booking.breaches(asked.series, plan, asked.calendar, now=now):
        if breach.code not in FORGIVEN:
            facts = {"series": picture.row.id, "visit": breach.visit, **breach.facts}
            yield Finding(code=breach.code, facts=facts)


Taken = set[tuple[str, str, datetime, datetime, int]]


def _claimed(row: AppointmentRow) -> Taken:
    return {(c.part, c.bookable_id, c.starts_at, c.ends_at, c.units) for c in row.claims}


def _due(picture: SeriesPicture, row: AppointmentRow) -> Taken:
    visit = picture.visit(row.visit_code)
    return {
        (t.part, t.claim.bookable_id, t.claim.starts_at, t.claim.ends_at, t.claim.units)
        for t in claims.taken(visit, row.starts_at, row.choices)
    }
