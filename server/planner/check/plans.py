"""What is wrong with a plan: where patients are, and whether what was booked still stands."""

from collections.abc import Iterator, Mapping

from server.planner.check.choices import faults_of_choices
from server.planner.check.costs import cost_parts
from server.planner.check.plan_file import PlacedSeries, PlanFile
from server.planner.check.supply import over_capacity
from server.planner.check.visits import LaidOut, faults_of_visit, faults_of_windows, lay_out
from server.planner.files.scenario import BookedSeries, Scenario, ScenarioPatient


def plan_violations(scenario: Scenario, plan: PlanFile) -> list[str]:
    """Of a plan: series that are booked already must stand as they are; what is wrong with them
    alone is inherited, and not counted."""
    found = [*roll_call(scenario, plan), *_kept(scenario, plan)]
    patients = {each.id: each for each in scenario.patients}
    booked = {each.patient: each for each in scenario.booked}
    laid: list[LaidOut] = []
    for series in plan.series:
        if series.patient in patients:
            visits = lay_out(patients[series.patient], series)
            laid += visits
            if series.patient in booked:
                found += _unchanged(series, booked[series.patient])
            else:
                found += _of_series(patients[series.patient], series, visits, scenario)
    free = [one for one in laid if one.patient.id not in booked]
    found += over_capacity(laid, free, scenario)
    found += _costs(scenario, plan)
    return found


def roll_call(scenario: Scenario, plan: PlanFile) -> Iterator[str]:
    """Every patient once, in `series` or in `unplaced`."""
    if plan.scenario != scenario.name:
        yield "plan scenario: is another one's plan"
    seen = [each.patient for each in plan.series] + list(plan.unplaced)
    known = [each.id for each in scenario.patients]
    for patient in known:
        if seen.count(patient) != 1:
            yield f"{patient} listed: {seen.count(patient)} times instead of once"
    for patient in sorted(set(seen) - set(known)):
        yield f"{patient} unknown: is no patient of the scenario"


def _kept(scenario: Scenario, plan: PlanFile) -> Iterator[str]:
    for one in scenario.booked:
        if one.patient in plan.unplaced:
            yield f"{one.patient} booked: has lost a booked series"


def _unchanged(series: PlacedSeries, booked: BookedSeries) -> Iterator[str]:
    for code in sorted(set(series.visits) | set(booked.placements)):
        now, before = series.visits.get(code), booked.placements.get(code)
        same = now and before and now.starts_at == before.starts_at
        if not same or dict(now.choices) != dict(before.choices):  # type: ignore[union-attr]
            yield f"{series.patient} {code} booked: is not as it was booked"
    if dict(series.choices) != dict(booked.choices):
        yield f"{series.patient} booked: the kept choices are not as they were booked"


def wholeness(patient: ScenarioPatient, series: PlacedSeries) -> Iterator[str]:
    """Every visit of the protocol, and no other."""
    codes = {each.code for each in patient.protocol.visits}
    for code in sorted(codes - set(series.visits)):
        yield f"{patient.id} {code} missing: the series is not whole"
    for code in sorted(set(series.visits) - codes):
        yield f"{patient.id} {code} unknown: is no visit of the protocol"


def _of_series(
    patient: ScenarioPatient, series: PlacedSeries, visits: list[LaidOut], scenario: Scenario
) -> Iterator[str]:
    yield from wholeness(patient, series)
    yield from faults_of_choices(patient, series)
    for one in visits:
        yield from faults_of_visit(one, scenario)
    yield from faults_of_windows(visits, scenario)


def _costs(scenario: Scenario, plan: PlanFile) -> Iterator[str]:
    right = cost_parts(scenario, plan)
    yield from wrong_sums(plan, right)


def wrong_sums(plan: PlanFile, right: Mapping[str, int]) -> Iterator[str]:
    """Where the plan's own sums are not the right ones."""
    for name, cost in right.items():
        if plan.parts[name] != cost:
            yield f"plan cost: {name} is {cost}, not {plan.parts[name]:g}"
    total = sum(right.values())
    if plan.cost != total:
        yield f"plan cost: is {total}, not {plan.cost:g}"
    if plan.lower_bound is not None and plan.lower_bound > total:
        yield f"plan bound: {plan.lower_bound:g} is above the cost"
