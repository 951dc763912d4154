"""What a repair changes, as it is shown and kept: series by series, and in sentences."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import cast

from server.domain.placement import Placement, SeriesPlan
from server.planner.demand import ClinicDemand, ClinicPlan
from server.services.planning import plan_bodies
from server.services.planning.pictures import SeriesPicture

Body = dict[str, object]


def body(
    asked: Mapping[str, SeriesPicture],
    demand: ClinicDemand,
    found: ClinicPlan,
    reasons: Mapping[str, list[Body]],
) -> Body:
    """Each changed series with every visit that moves, from where to where; what is given up."""
    changed = {
        one.id: _changed(asked[one.id], found.placed[one.id])
        for one in demand.demands
        if one.id in found.placed
    }
    changed = {series_id: plan for series_id, plan in changed.items() if plan.placements}
    return {
        "cost": found.cost,
        "lower_bound": found.lower_bound,
        "series": [_series(asked[each], plan) for each, plan in changed.items()],
        "unresolved": [
            {
                "series_id": each,
                "patient_id": asked[each].patient.id,
                "reasons": reasons.get(each, []),
            }
            for each in found.unplaced
        ],
        "summary": summary(asked, changed, len(found.unplaced)),
    }


def touched(shown: Mapping[str, object]) -> list[str]:
    """Ids of the series that a repair is about."""
    both = [*cast(list[Body], shown["series"]), *cast(list[Body], shown["unresolved"])]
    return [str(each["series_id"]) for each in both]


def plans(shown: Mapping[str, object]) -> dict[str, Body]:
    """The changes by series, each as a plan body whose visits tell their previous start."""
    return {str(each["series_id"]): each for each in cast(list[Body], shown["series"])}


def _changed(picture: SeriesPicture, plan: SeriesPlan) -> SeriesPlan:
    """Only the visits whose time or people change."""
    moved = tuple(each for each in plan.placements if _moves(picture, plan, each))
    return SeriesPlan(placements=moved, choices=plan.choices, cost=plan.cost)


def _moves(picture: SeriesPicture, plan: SeriesPlan, each: Placement) -> bool:
    row = picture.live[each.visit]
    chosen = {**plan.choices, **each.choices}
    same_people = all(chosen.get(name, who) == who for name, who in row.choices.items())
    return row.starts_at != each.starts_at or not same_people


def _series(picture: SeriesPicture, plan: SeriesPlan) -> Body:
    shown = plan_bodies.to_body(plan)
    for each in cast(list[Body], shown["visits"]):
        code = str(each["visit"])
        each["previous"] = picture.placement(code).starts_at.isoformat()
        each["appointment_id"] = picture.live[code].id
    return {"series_id": picture.row.id, "patient_id": picture.patient.id, **shown}


def summary(
    asked: Mapping[str, SeriesPicture], changed: Mapping[str, SeriesPlan], given_up: int
) -> list[str]:
    """The repair in sentences that name nobody who is treated."""
    visits = sum(len(plan.placements) for plan in changed.values())
    if not visits and not given_up:
        return ["Everything that is booked holds; nothing has to change."]
    patients = {asked[each].patient.id for each in changed}
    first = f"{_count(visits, 'visit')} of {_count(len(patients), 'patient')} change."
    return [
        first,
        *_days(asked, changed),
        _people(asked, changed),
        *([f"{_count(given_up, 'series', 'series')} cannot be saved."] if given_up else []),
    ]


def _days(asked: Mapping[str, SeriesPicture], changed: Mapping[str, SeriesPlan]) -> Iterable[str]:
    """For each visit, from which day to which, soonest first; alike ones counted together."""
    told = Counter(
        (picture.placement(each.visit).starts_at.date(), _day(picture, each))
        for picture, plan in ((asked[series_id], plan) for series_id, plan in changed.items())
        for each in plan.placements
    )
    return [f"{count} x {sentence}." for (_, sentence), count in sorted(told.items())]


def _day(picture: SeriesPicture, each: Placement) -> str:
    before = picture.placement(each.visit).starts_at
    after = each.starts_at.astimezone(picture.zone)
    kind = picture.visit(each.visit).kind.value.replace("_", " ")
    if before == after:
        return f"{kind} on {before:%a %-d %b} with somebody else"
    if before.date() == after.date():
        return f"{kind} on {before:%a %-d %b} at another time"
    return f"{kind} goes from {before:%a %-d %b} to {after:%a %-d %b}"


def _people(asked: Mapping[str, SeriesPicture], changed: Mapping[str, SeriesPlan]) -> str:
    lost = sum(_loses_somebody(asked[each], plan) for each, plan in changed.items())
    if not lost:
        return "Nobody loses their therapist."
    return f"{_count(lost, 'patient')} will be seen by somebody else."


def _loses_somebody(picture: SeriesPicture, plan: SeriesPlan) -> bool:
    so_far = picture.row.choices
    return any(so_far.get(name, who) != who for name, who in plan.choices.items())


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
