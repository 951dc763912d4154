"""A scenario's patients as the planner sees them: a series to place on a calendar."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time

from server.domain import claims
from server.domain.calendars import Busy, Claim, ClinicCalendar
from server.domain.placement import Placement, SeriesToPlace
from server.planner.demand import ClinicDemand, Demand
from server.planner.files.scenario import BookedSeries, Scenario, ScenarioPatient


def series_of(scenario: Scenario, patient: ScenarioPatient) -> SeriesToPlace:
    """The series of a patient who is not booked."""
    protocol = patient.protocol
    opens = datetime.combine(scenario.first_day, time(), scenario.zone)
    return SeriesToPlace(
        visits=protocol.visits,
        start_visit=protocol.start_visit,
        choices=protocol.choices,
        candidates=patient.candidates,
        patient=patient.times,
        ready_on=patient.ready_on,
        last_day=scenario.last_day,
        start_by=patient.start_by,
        not_before=max(scenario.now, opens),
    )


def booked_series_of(scenario: Scenario, booked: BookedSeries) -> SeriesToPlace:
    """A booked series whose visits are held where they are; those that are frozen or past stay."""
    patient = scenario.patient(booked.patient)
    fixed = {code: booked.placements[code] for code in stays_put(scenario, booked)}
    held = {code: at for code, at in booked.placements.items() if code not in fixed}
    return replace(
        series_of(scenario, patient),
        patient=replace(patient.times, busy=tuple(_busy(patient, fixed))),
        fixed=fixed,
        held=held,
        held_choices=booked.choices,
    )


def stays_put(scenario: Scenario, booked: BookedSeries) -> list[str]:
    """The codes of visits that no repair may change."""
    placements = booked.placements.values()
    past = {each.visit for each in placements if each.starts_at < scenario.now}
    return [code for code in booked.placements if code in past | booked.frozen]


def _busy(patient: ScenarioPatient, fixed: Mapping[str, Placement]) -> Iterator[Busy]:
    """When the patient is at visits that stay where they are."""
    for code, at in fixed.items():
        for each in claims.stretches(patient.protocol.visit(code), at.starts_at):
            if each.part.with_patient and each.starts_at < each.ends_at:
                yield Busy(starts_at=each.starts_at, ends_at=each.ends_at)


def repair_demand_of(scenario: Scenario) -> ClinicDemand:
    """All booked series, to be changed as little as possible."""
    taken = [
        claim
        for each in scenario.booked
        for claim in booked_claims(scenario, each, stays_put(scenario, each))
    ]
    demands = tuple(
        Demand(
            id=each.patient,
            series=booked_series_of(scenario, each),
            priority=scenario.patient(each.patient).priority,
        )
        for each in scenario.booked
    )
    calendar = replace(calendar_of(scenario), claims=tuple(taken))
    return ClinicDemand(calendar=calendar, demands=demands, weights=scenario.weights)


def booked_claims(
    scenario: Scenario, booked: BookedSeries, codes: Collection[str] | None = None
) -> list[Claim]:
    """Everything a booked series takes, or only some of its visits."""
    visits = scenario.patient(booked.patient).protocol.visits
    return [
        taken.claim
        for visit in visits
        if codes is None or visit.code in codes
        for taken in claims.taken(
            visit,
            booked.placements[visit.code].starts_at,
            {**booked.choices, **booked.placements[visit.code].choices},
        )
    ]


def calendar_of(scenario: Scenario) -> ClinicCalendar:
    """The calendar with the claims of everything that is booked."""
    taken = [claim for each in scenario.booked for claim in booked_claims(scenario, each)]
    return ClinicCalendar(
        zone=scenario.zone,
        grid_minutes=scenario.grid_minutes,
        bookables=scenario.bookables,
        claims=tuple(taken),
    )


def demand_of(scenario: Scenario) -> ClinicDemand:
    """All patients who wait, in the order of the file."""
    demands = tuple(
        Demand(id=each.id, series=series_of(scenario, each), priority=each.priority)
        for each in scenario.waiting
    )
    return ClinicDemand(calendar=calendar_of(scenario), demands=demands, weights=scenario.weights)
