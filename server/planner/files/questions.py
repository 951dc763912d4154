"""A scenario's patients as the planner sees them: a series to place on a calendar."""

from datetime import datetime, time

from server.domain import claims
from server.domain.calendars import Claim, ClinicCalendar
from server.domain.placement import SeriesToPlace
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


def booked_claims(scenario: Scenario, booked: BookedSeries) -> list[Claim]:
    """Everything a booked series takes."""
    visits = scenario.patient(booked.patient).protocol.visits
    return [
        taken.claim
        for visit in visits
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
