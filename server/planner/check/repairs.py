"""What is wrong with a repair: bookings changed that must stay, or that still do not hold.

A visit that is frozen or before `now` keeps its start and its choices, takes what it takes also
when its series is given up, and is no breach where it alone breaks a rule.
"""

from collections.abc import Iterator
from dataclasses import replace

from server.planner.check.choices import faults_of_choices
from server.planner.check.plan_file import PlacedSeries, PlacedVisit, PlanFile
from server.planner.check.plans import roll_call, wholeness, wrong_sums
from server.planner.check.supply import over_capacity
from server.planner.check.visits import LaidOut, faults_of_visit, faults_of_windows, lay_out
from server.planner.files.scenario import BookedSeries, Scenario

CHANGED, OTHER_DAY, OTHER_PERSON = 10, 10, 50
"""What changes cost: reference/planner.md section 3, "cost of a repair"."""


def repair_violations(scenario: Scenario, plan: PlanFile) -> list[str]:
    """One line for each, with ids; [] where the repair holds."""
    found = [*roll_call(scenario, plan), *_nobody_new(scenario, plan)]
    repaired = {each.patient: each for each in plan.series}
    laid: list[LaidOut] = []
    free: list[LaidOut] = []
    for booked in scenario.booked:
        staying = _staying(scenario, booked)
        laid += _laid_out(scenario, booked, as_booked(booked), staying)
        if booked.patient in repaired:
            series = repaired[booked.patient]
            codes = frozenset(series.visits) - staying
            moved = _laid_out(scenario, booked, series, codes)
            found += _of_series(scenario, booked, series, staying)
            laid, free = laid + moved, free + moved
    found += over_capacity(laid, free, scenario)
    found += wrong_sums(plan, repair_cost_parts(scenario, plan))
    return found


def _nobody_new(scenario: Scenario, plan: PlanFile) -> Iterator[str]:
    booked = {each.patient for each in scenario.booked}
    for series in plan.series:
        if series.patient not in booked:
            yield f"{series.patient} booked: was not booked, and a repair places nobody new"


def _staying(scenario: Scenario, booked: BookedSeries) -> frozenset[str]:
    placements = booked.placements.values()
    past = {each.visit for each in placements if each.starts_at < scenario.now}
    return frozenset(past | (booked.frozen & set(booked.placements)))


def as_booked(booked: BookedSeries) -> PlacedSeries:
    """A booked series as a plan would hold it."""
    visits = {
        code: PlacedVisit(starts_at=at.starts_at, choices=at.choices)
        for code, at in booked.placements.items()
    }
    return PlacedSeries(patient=booked.patient, choices=booked.choices, visits=visits)


def _laid_out(
    scenario: Scenario, booked: BookedSeries, series: PlacedSeries, codes: frozenset[str]
) -> list[LaidOut]:
    """Some visits of a series at their times."""
    visits = {code: at for code, at in series.visits.items() if code in codes}
    return lay_out(scenario.patient(booked.patient), replace(series, visits=visits))


def _of_series(
    scenario: Scenario, booked: BookedSeries, series: PlacedSeries, staying: frozenset[str]
) -> Iterator[str]:
    patient = scenario.patient(booked.patient)
    yield from wholeness(patient, series)
    yield from _must_stay(booked, series, staying)
    yield from faults_of_choices(patient, series, staying, booked.choices)
    moved = _laid_out(scenario, booked, series, frozenset(series.visits) - staying)
    for one in moved:
        yield from faults_of_visit(one, scenario)
    stays = _laid_out(scenario, booked, as_booked(booked), staying)
    yield from faults_of_windows([*stays, *moved], scenario, staying)


def _must_stay(
    booked: BookedSeries, series: PlacedSeries, staying: frozenset[str]
) -> Iterator[str]:
    for code in sorted(staying):
        now, before = series.visits.get(code), booked.placements[code]
        same = now is not None and now.starts_at == before.starts_at
        if now is None or not same or dict(now.choices) != dict(before.choices):
            yield f"{booked.patient} {code} frozen: may not change"


def repair_cost_parts(scenario: Scenario, plan: PlanFile) -> dict[str, int]:
    """Changes, and series given up; nothing else costs."""
    booked = {each.patient: each for each in scenario.booked}
    given_up = sum(scenario.patient(each).priority for each in plan.unplaced if each in booked)
    parts = dict.fromkeys(("unplaced", "delay", "choice", "preference", "moves"), 0)
    parts["unplaced"] = scenario.weights.unplaced * given_up
    parts["moves"] = sum(
        _moves(scenario, booked[each.patient], each)
        for each in plan.series
        if each.patient in booked
    )
    return parts


def _moves(scenario: Scenario, booked: BookedSeries, series: PlacedSeries) -> int:
    lost = {name for name, who in series.choices.items() if booked.choices.get(name, who) != who}
    movable = frozenset(booked.placements) - _staying(scenario, booked)
    visits = {each.code: each for each in scenario.patient(booked.patient).protocol.visits}
    total = OTHER_PERSON * len(lost)
    for code in movable & set(series.visits):
        claimed = {claim.choice for part in visits[code].parts for claim in part.claims}
        total += _move(scenario, booked, series, code, bool(claimed & lost))
    return total


def _move(
    scenario: Scenario, booked: BookedSeries, series: PlacedSeries, code: str, loses: bool
) -> int:
    now, before, zone = series.visits[code], booked.placements[code], scenario.zone
    same = now.starts_at == before.starts_at and dict(now.choices) == dict(before.choices)
    days = [each.astimezone(zone).date() for each in (now.starts_at, before.starts_at)]
    return CHANGED * (loses or not same) + OTHER_DAY * (days[0] != days[1])
