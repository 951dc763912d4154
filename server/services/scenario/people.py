"""The patients of a scenario, each with a series that is due, and the series booked already."""

from collections.abc import Mapping
from datetime import datetime

from server.domain import booking
from server.domain.breaches import Breach, sentence
from server.domain.placement import Placement, SeriesPlan
from server.persistence.appointments import AppointmentRow
from server.persistence.contact import ContactPreferenceRow
from server.persistence.database import db
from server.persistence.people import PatientRow
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.series import PlannedVisitRow, SeriesRow
from server.persistence.types import new_id
from server.planner.files.scenario import BookedSeries, Scenario, ScenarioPatient
from server.services.booking import bookings
from server.services.planning import pictures, questions
from server.services.planning.pictures import SeriesPicture
from server.services.record.doctor import FORGIVEN
from server.services.scenario.editions import Edition
from server.services.scenario.places import Place
from shared.vocabulary import AppointmentStatus, PlannedVisitStatus, SeriesStatus


def enrol(
    place: Place,
    patient: ScenarioPatient,
    edition: Edition,
    version: ProtocolVersionRow,
    *,
    now: datetime,
) -> SeriesRow:
    """Add a patient and their series, nothing of it booked. They have no address, and nothing is
    sent to them."""
    row = _patient(place, patient, now)
    series = SeriesRow(
        id=new_id(),
        clinic_id=row.clinic_id,
        site_id=row.site_id,
        patient_id=row.id,
        protocol_version_id=version.id,
        status=SeriesStatus.DRAFT,
        ready_on=patient.ready_on,
        start_by=patient.start_by,
        candidates={
            edition.names.choices[name]: [place.bookables[each].id for each in who]
            for name, who in patient.candidates.items()
        },
        choices={},
        made_at=now,
    )
    series.planned_visits = [
        PlannedVisitRow(
            clinic_id=row.clinic_id, place=n, code=visit.code, status=PlannedVisitStatus.ACTIVE
        )
        for n, visit in enumerate(edition.read.visits)
    ]
    stopped = ContactPreferenceRow(patient_id=row.id, clinic_id=row.clinic_id, stopped_at=now)
    for each in (row, stopped, series):
        db.session.add(each)
        db.session.flush()
    return series


def _patient(place: Place, patient: ScenarioPatient, now: datetime) -> PatientRow:
    weekly = patient.times.weekly
    hours = None if weekly is None else [row for row in weekly if row.days]
    return PatientRow(
        id=new_id(),
        clinic_id=place.site.clinic_id,
        site_id=place.site.id,
        full_name=patient.id,
        prefers=patient.times.prefers,
        weekly=hours
        and [
            {"days": sorted(set(row.days)), "opens": row.opens, "closes": row.closes}
            for row in hours
        ],
        away=sorted(on.isoformat() for on in patient.times.away),
        made_at=now,
    )


def book(
    place: Place,
    series: SeriesRow,
    booked: BookedSeries,
    edition: Edition,
    scenario: Scenario,
    *,
    now: datetime,
) -> list[str]:
    """Book what is booked; what was over before the scenario began is done. [] where every rule
    holds, else each rule it breaks, and then nothing of it is written."""
    plan = _plan(place, booked, edition)
    picture = pictures.of_series(series.clinic_id, series.id)
    if found := _breaches(picture, plan, scenario):
        return [f"{each.visit or ''}: {sentence(each)}" for each in found]
    series.status = SeriesStatus.ACTIVE
    over_by = min(scenario.now, now)
    for row in bookings.write(picture, plan, now=now):
        if row.ends_at <= over_by:
            _done(series, row)
    return []


def _breaches(picture: SeriesPicture, plan: SeriesPlan, scenario: Scenario) -> list[Breach]:
    """As the doctor would find them, seen from before the first visit."""
    seen_from = min([scenario.now, *(each.starts_at for each in plan.placements)])
    free = {each.visit for each in plan.placements}
    asked = questions.question(picture, now=seen_from, free=free, proving=plan)
    found = booking.breaches(asked.series, plan, asked.calendar, now=seen_from)
    return [each for each in found if each.code not in FORGIVEN]


def _plan(place: Place, booked: BookedSeries, edition: Edition) -> SeriesPlan:
    def chosen(choices: Mapping[str, str]) -> dict[str, str]:
        named = edition.names.choices
        return {named[name]: place.bookables[who].id for name, who in choices.items()}

    return SeriesPlan(
        placements=tuple(
            Placement(
                visit=edition.names.visits[each.visit],
                starts_at=each.starts_at,
                choices=chosen(each.choices),
            )
            for each in booked.placements.values()
        ),
        choices=chosen(booked.choices),
    )


def _done(series: SeriesRow, row: AppointmentRow) -> None:
    row.status = AppointmentStatus.FULFILLED
    for visit in series.planned_visits:
        if visit.code == row.visit_code:
            visit.status = PlannedVisitStatus.COMPLETED
