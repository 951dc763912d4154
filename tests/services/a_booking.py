"""One booked hour of a patient, written straight into the tables."""

from datetime import datetime, timedelta

from server.persistence.appointments import AppointmentRow, ClaimRow
from server.persistence.people import PatientRow
from server.persistence.protocols import ProtocolRow, ProtocolVersionRow
from server.persistence.series import PlannedVisitRow, SeriesRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.access import Caller
from tests.services.a_clinic import NOW


def an_hour(
    by: Caller, site_id: str, bookable_id: str, starts_at: datetime, *, units: int = 1
) -> str:
    """Book an hour of a bookable for a new patient; the appointment's id."""
    ids = {"clinic_id": by.clinic_id}
    patient = PatientRow(id=new_id(), site_id=site_id, full_name="Robin", made_at=NOW, **ids)
    protocol = ProtocolRow(id=new_id(), code=new_id(), title="", **ids)
    version = ProtocolVersionRow(
        id=new_id(),
        protocol_id=protocol.id,
        number=1,
        status="published",
        document={},
        made_at=NOW,
        **ids,
    )
    series = SeriesRow(
        id=new_id(),
        site_id=site_id,
        patient_id=patient.id,
        protocol_version_id=version.id,
        status="active",
        ready_on=NOW.date(),
        made_at=NOW,
        **ids,
    )
    visit = PlannedVisitRow(id=new_id(), place=0, code="infusion-1", status="active", **ids)
    series.planned_visits = [visit]
    row = _appointment(series, visit, starts_at)
    row.claims = [
        ClaimRow(
            bookable_id=bookable_id,
            part="infusion",
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            units=units,
            **ids,
        )
    ]
    with transaction() as session:
        for each in (patient, protocol, version, series, row):
            session.add(each)
            session.flush()
    return row.id


def _appointment(series: SeriesRow, visit: PlannedVisitRow, starts_at: datetime) -> AppointmentRow:
    return AppointmentRow(
        id=new_id(),
        clinic_id=series.clinic_id,
        site_id=series.site_id,
        patient_id=series.patient_id,
        series_id=series.id,
        planned_visit_id=visit.id,
        visit_code=visit.code,
        kind="infusion",
        status="booked",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        wall_time=starts_at.isoformat(),
        time_zone=str(starts_at.tzinfo),
        made_at=NOW,
    )
