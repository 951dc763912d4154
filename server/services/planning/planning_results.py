"""What a planning run found, as it is kept and shown: plans, sums, and the differences in words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from server.domain.placement import SeriesPlan
from server.planner.demand import ClinicDemand, ClinicPlan
from server.services.planning import plan_bodies
from server.services.planning.pictures import SeriesPicture
from shared.vocabulary import VisitKind

Body = dict[str, object]
Pictures = Mapping[str, SeriesPicture]


def side(
    asked: Pictures,
    demand: ClinicDemand,
    found: ClinicPlan,
    reasons: Mapping[str, Sequence[Mapping[str, object]]],
) -> Body:
    """One plan: every series with its times, who is left out and why, and the weeks in numbers."""
    placed = {one.id: found.placed[one.id] for one in demand.demands if one.id in found.placed}
    return {
        "cost": found.cost,
        "lower_bound": found.lower_bound,
        "seconds": found.seconds,
        "series": [
            {**_about(asked[each]), **plan_bodies.to_body(plan)} for each, plan in placed.items()
        ],
        "unplaced": [
            {**_about(asked[each]), "reasons": list(reasons.get(each, ()))}
            for each in found.unplaced
        ],
        "weeks": _weeks(asked, placed),
    }


def _about(picture: SeriesPicture) -> Body:
    return {"series_id": picture.row.id, "patient_id": picture.patient.id}


def _weeks(asked: Pictures, placed: Mapping[str, SeriesPlan]) -> list[Body]:
    """How many infusions and other visits there are in each week, by its Monday."""
    infusions: Counter[date] = Counter()
    others: Counter[date] = Counter()
    for series_id, plan in placed.items():
        for each in plan.placements:
            on = each.starts_at.astimezone(asked[series_id].zone).date()
            kind = asked[series_id].visit(each.visit).kind
            of_kind = infusions if kind is VisitKind.INFUSION else others
            of_kind[on - timedelta(days=on.weekday())] += 1
    return [
        {"monday": monday.isoformat(), "infusions": infusions[monday], "others": others[monday]}
        for monday in sorted({*infusions, *others})
    ]


def differences(before: Body, after: Body, titles: Mapping[str, str]) -> list[Body]:
    """Series by series, what the changed clinic's plan has otherwise, in words; `titles` names who
    is chosen. A series that is alike is not told."""
    one, other = _by_series(before), _by_series(after)
    told = []
    for series_id in dict.fromkeys([*one, *other]):
        known = one.get(series_id) or other[series_id]
        text = _told(one.get(series_id), other.get(series_id), titles)
        if text:
            about = {"series_id": series_id, "patient_id": known["patient_id"]}
            told.append({**about, "text": text})
    return told


def _by_series(found: Body) -> dict[str, dict[str, Any]]:
    return {each["series_id"]: each for each in cast(list[dict[str, Any]], found["series"])}


def _told(
    one: Mapping[str, Any] | None, other: Mapping[str, Any] | None, titles: Mapping[str, str]
) -> str:
    if one is None:
        return "finds a place now"
    if other is None:
        return "finds no place any more"
    return "; ".join([*_times(one, other), *_people(one, other, titles)])


def _times(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterable[str]:
    """The first visit that lies otherwise, from when to when, and how many more do."""
    before = {each["visit"]: each["starts_at"] for each in one["visits"]}
    moved = [each for each in other["visits"] if before.get(each["visit"]) != each["starts_at"]]
    if moved:
        first = moved[0]
        more = f" and {len(moved) - 1} more" if len(moved) > 1 else ""
        yield f"{_name(first)} {_at(before.get(first['visit']))} -> {_at(first['starts_at'])}{more}"


def _name(visit: Mapping[str, Any]) -> str:
    return str(visit["visit"]).replace("-", " ")


def _at(instant: str | None) -> str:
    return datetime.fromisoformat(instant).strftime("%a %d %b %H:%M") if instant else "no time"


def _people(
    one: Mapping[str, Any], other: Mapping[str, Any], titles: Mapping[str, str]
) -> Iterable[str]:
    for name, who in other["choices"].items():
        before = one["choices"].get(name)
        if before and before != who:
            yield f"{name} {titles.get(before, before)} -> {titles.get(who, who)}"


def plans(result: Mapping[str, object]) -> dict[str, SeriesPlan]:
    """The plans again, by series, with only the visits that are to be booked."""
    after = cast(Body, result["after"])
    return {each: plan_bodies.from_body(body) for each, body in _by_series(after).items()}


def patients(result: Mapping[str, object]) -> set[str]:
    """Whom a result is about."""
    sides = [cast(dict[str, Any], each) for each in (result["before"], result["after"]) if each]
    return {
        str(each["patient_id"])
        for found in sides
        for each in (*found["series"], *found["unplaced"])
    }
