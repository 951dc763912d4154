"""Writes what was found as tandem.plan/1, and proposals as one JSON line a patient."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from server.domain.placement import FREE, Placement, SeriesPlan
from server.planner.demand import ClinicPlan
from server.planner.files.questions import calendar_of, series_of
from server.planner.files.scenario import BookedSeries, Scenario
from server.planner.place import cost_of

FORMAT = "tandem.plan/1"


def plan_body(
    scenario: Scenario, found: ClinicPlan, reasons: Mapping[str, object]
) -> dict[str, object]:
    """A plan file: every patient once, placed or not; the booked ones as they are."""
    booked = {each.patient: each for each in scenario.booked}
    plans = {each: _as_plan(one) for each, one in booked.items()} | dict(found.placed)
    parts = _parts(scenario, plans, found)
    whole = replace(found, lower_bound=_bound(parts, found))
    return _body(scenario, plans, parts, whole, reasons)


def repair_body(
    scenario: Scenario, found: ClinicPlan, reasons: Mapping[str, object]
) -> dict[str, object]:
    """The plan file of a repair: booked series as they are from now on; whoever has none, unplaced.
    Only changes and series given up cost."""
    missing = set(found.unplaced)
    given_up = sum(each.priority for each in scenario.patients if each.id in missing)
    parts = dict.fromkeys(("unplaced", "delay", "choice", "preference", "moves"), 0)
    parts["unplaced"] = scenario.weights.unplaced * given_up
    parts["moves"] = found.cost - parts["unplaced"]
    plans = {
        each.patient: _repaired(each, found)
        for each in scenario.booked
        if each.patient in found.placed
    }
    return _body(scenario, plans, parts, found, reasons)


def _body(
    scenario: Scenario,
    plans: Mapping[str, SeriesPlan],
    parts: Mapping[str, int],
    found: ClinicPlan,
    reasons: Mapping[str, object],
) -> dict[str, object]:
    """Every patient once, in the order of the scenario."""
    ids = [each.id for each in scenario.patients]
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "series": [{"patient": n, **_series(plans[n], scenario)} for n in ids if n in plans],
        "unplaced": [{"patient": n, "reasons": reasons.get(n, [])} for n in ids if n not in plans],
        "cost": sum(parts.values()),
        "cost_parts": dict(parts),
        "lower_bound": found.lower_bound,
        "seconds": found.seconds,
        "seed": found.seed,
    }


def _repaired(booked: BookedSeries, found: ClinicPlan) -> SeriesPlan:
    """What stays, and what was found; in the order of the booking."""
    plan = found.placed.get(booked.patient, SeriesPlan(placements=()))
    moved = {each.visit: each for each in plan.placements}
    placements = tuple(moved.get(code, at) for code, at in booked.placements.items())
    return SeriesPlan(placements=placements, choices={**booked.choices, **plan.choices})


def _bound(parts: Mapping[str, int], found: ClinicPlan) -> int | None:
    """The booked series cost what they cost; to that comes what is proved for the others."""
    if found.lower_bound is None:
        return None
    booked = sum(parts.values()) - found.cost
    return found.lower_bound + booked


def _as_plan(booked: BookedSeries) -> SeriesPlan:
    return SeriesPlan(placements=tuple(booked.placements.values()), choices=booked.choices)


def _parts(
    scenario: Scenario, plans: Mapping[str, SeriesPlan], found: ClinicPlan
) -> dict[str, int]:
    """What a plan costs, by reason."""
    weights, calendar = scenario.weights, replace(calendar_of(scenario), claims=())
    kinds = {
        "delay": replace(FREE, delay_day=weights.delay_day),
        "choice": replace(FREE, not_first_choice=weights.not_first_choice),
        "preference": replace(FREE, against_preference=weights.against_preference),
    }
    missing = set(found.unplaced)
    unplaced = sum(each.priority for each in scenario.patients if each.id in missing)
    parts = {"unplaced": weights.unplaced * unplaced}
    asked = {each.id: series_of(scenario, each) for each in scenario.patients if each.id in plans}
    for name, only in kinds.items():
        parts[name] = sum(cost_of(plans[n], one, calendar, only) for n, one in asked.items())
    return parts | {"moves": 0}


def _series(plan: SeriesPlan, scenario: Scenario) -> dict[str, object]:
    return {
        "choices": dict(sorted(plan.choices.items())),
        "visits": {each.visit: _visit(each, scenario) for each in plan.placements},
    }


def _visit(placed: Placement, scenario: Scenario) -> dict[str, object]:
    starts_at = placed.starts_at.astimezone(scenario.zone).isoformat()
    return {"start": starts_at, "choices": dict(sorted(placed.choices.items()))}


def proposal_line(
    scenario: Scenario,
    patient: str,
    plans: Iterable[SeriesPlan],
    reasons: list[dict[str, object]],
    milliseconds: float,
) -> str:
    """One line: the best plans with their costs, or why there is none."""
    body = {
        "patient": patient,
        "plans": [{"cost": each.cost, **_series(each, scenario)} for each in plans],
        "reasons": reasons,
        "milliseconds": round(milliseconds, 3),
    }
    return json.dumps(body, ensure_ascii=False)
