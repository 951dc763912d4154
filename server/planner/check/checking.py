"""Every rule a plan breaks, found with arithmetic of its own: nothing here asks the engine."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from datetime import datetime

from server.planner.check.costs import cost_parts
from server.planner.check.hours import capacity_at
from server.planner.check.plan_file import PlacedSeries, PlanFile
from server.planner.check.visits import (
    MINUTE,
    LaidOut,
    Taking,
    faults_of_visit,
    faults_of_windows,
    lay_out,
)
from server.planner.files.scenario import BookedSeries, Scenario, ScenarioPatient


def violations(scenario: Scenario, plan: PlanFile) -> list[str]:
    """One line for each, with ids; [] where the plan holds. Series that are booked already must
    stand as they are; what is wrong with them alone is inherited, and not counted."""
    found = list(_roll_call(scenario, plan))
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
    found += _capacity(laid, set(booked), scenario)
    found += _costs(scenario, plan)
    return found


def _roll_call(scenario: Scenario, plan: PlanFile) -> Iterator[str]:
    if plan.scenario != scenario.name:
        yield "plan scenario: is another one's plan"
    seen = [each.patient for each in plan.series] + list(plan.unplaced)
    known = [each.id for each in scenario.patients]
    for patient in known:
        if seen.count(patient) != 1:
            yield f"{patient} listed: {seen.count(patient)} times instead of once"
    for patient in sorted(set(seen) - set(known)):
        yield f"{patient} unknown: is no patient of the scenario"
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


def _of_series(
    patient: ScenarioPatient, series: PlacedSeries, visits: list[LaidOut], scenario: Scenario
) -> Iterator[str]:
    codes = {each.code for each in patient.protocol.visits}
    for code in sorted(codes - set(series.visits)):
        yield f"{patient.id} {code} missing: the series is not whole"
    for code in sorted(set(series.visits) - codes):
        yield f"{patient.id} {code} unknown: is no visit of the protocol"
    yield from _of_choices(patient, series)
    for one in visits:
        yield from faults_of_visit(one, scenario)
    yield from faults_of_windows(visits, scenario)


def _of_choices(patient: ScenarioPatient, series: PlacedSeries) -> Iterator[str]:
    kept = {each.name for each in patient.protocol.choices if each.kept}
    needed = set()
    for visit in patient.protocol.visits:
        claimed = {claim.choice for part in visit.parts for claim in part.claims if claim.choice}
        needed |= claimed & kept
        if (placed := series.visits.get(visit.code)) is not None:
            yield from _chosen(
                f"{patient.id} {visit.code}", patient, placed.choices, claimed - kept
            )
    yield from _chosen(patient.id, patient, series.choices, needed, also=kept)


def _chosen(
    who: str,
    patient: ScenarioPatient,
    made: Mapping[str, str],
    needed: Set[str],
    also: Set[str] = frozenset(),
) -> Iterator[str]:
    for name in sorted(needed - set(made)):
        yield f"{who} choice: {name} is not chosen"
    for name, chosen in sorted(made.items()):
        if name not in needed | also:
            yield f"{who} choice: {name} is not chosen here"
        elif chosen not in patient.candidates.get(name, ()):
            yield f"{who} choice: {chosen} may not be chosen as {name}"


def _capacity(laid: list[LaidOut], booked: set[str], scenario: Scenario) -> Iterator[str]:
    """At every minute, the units taken are at most those there; where a new series takes part."""
    by_bookable: dict[str, list[tuple[LaidOut, Taking]]] = defaultdict(list)
    for one in laid:
        for taking in one.takes:
            by_bookable[taking.bookable].append((one, taking))
    for name, takings in sorted(by_bookable.items()):
        if name not in scenario.bookables:
            yield f"{name} unknown: is no bookable of the scenario"
            continue
        told: set[str] = set()
        for one, taking in takings:
            if one.patient.id in booked or str(one) in told:
                continue
            at = _first_shortage(name, taking, takings, scenario)
            if at is not None:
                told.add(str(one))
                yield f"{one} capacity: {name} is over capacity or closed at {at.isoformat()}"


def _first_shortage(
    name: str, taking: Taking, takings: list[tuple[LaidOut, Taking]], scenario: Scenario
) -> datetime | None:
    bookable, at = scenario.bookables[name], taking.begins
    near = [
        each
        for _, each in takings
        if each.units and each.begins < taking.ends and taking.begins < each.ends
    ]
    while at < taking.ends:
        there = capacity_at(bookable, at, scenario.zone)
        used = sum(each.units for each in near if each.begins <= at < each.ends)
        if (taking.units and used > there) or there < 1:
            return at.astimezone(scenario.zone)
        at += MINUTE
    return None


def _costs(scenario: Scenario, plan: PlanFile) -> Iterator[str]:
    right = cost_parts(scenario, plan)
    for name, cost in right.items():
        if plan.parts[name] != cost:
            yield f"plan cost: {name} is {cost}, not {plan.parts[name]:g}"
    total = sum(right.values())
    if plan.cost != total:
        yield f"plan cost: is {total}, not {plan.cost:g}"
    if plan.lower_bound is not None and plan.lower_bound > total:
        yield f"plan bound: {plan.lower_bound:g} is above the cost"
