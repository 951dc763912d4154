"""One document with all that a patient's phone keeps, so that it works with no signal."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from server.persistence import bookables, check_ins, clinics, contact, people, rides
from server.persistence import series as rows
from server.persistence.check_ins import CheckInRow
from server.persistence.people import PatientRow
from server.persistence.transactions import transaction
from server.services.access import Caller, require
from server.services.clinic import help_lines
from server.services.days import today_visits
from server.services.days.today_visits import Said
from server.services.freshness import found
from server.services.planning import pictures
from server.services.planning.pictures import SeriesPicture
from server.services.record import audit
from shared.vocabulary import CheckInStatus, SeriesStatus

OPEN = (SeriesStatus.DRAFT, SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD)
MOST_CHECK_INS = 500
Body = dict[str, object]


def today(by: Caller, *, now: datetime) -> Body:
    """The patient's series, appointments and check-ins, each instant on their clinic's clock."""
    require(by, "me.today")
    patient = found(people.patient(by.clinic_id, by.patient_id or ""))
    site = found(clinics.site(by.clinic_id, patient.site_id))
    zone, picture = ZoneInfo(site.time_zone), _picture(patient)
    document: Body = {
        "as_of": now.astimezone(zone),
        "patient": {"id": patient.id, "language": patient.language},
        "help_line": help_lines.of_clinic(by.clinic_id),
        "series": _series(picture) if picture else None,
        "appointments": _appointments(picture, now) if picture else [],
        "check_ins": _asked(patient, zone),
        "last_ride": _last_ride(patient),
        "wishes": contact.preference(patient.clinic_id, patient.id),
    }
    patient_id = patient.id
    with transaction():
        audit.looked(by, "me.today", [patient_id], now=now)
    return document


def _picture(patient: PatientRow) -> SeriesPicture | None:
    """The series that goes on, or the last one."""
    of_patient, _ = rows.listed(
        patient.clinic_id,
        status=None,
        patient_id=patient.id,
        only_patients=None,
        page=1,
        page_size=100,
    )
    ordered = sorted(of_patient, key=lambda row: (row.status in OPEN, row.made_at))
    return pictures.of_series(patient.clinic_id, ordered[-1].id) if ordered else None


def _series(picture: SeriesPicture) -> Body:
    return {
        "id": picture.row.id,
        "status": picture.row.status,
        "title": picture.protocol.title,
        "path": today_visits.path(picture),
    }


def _appointments(picture: SeriesPicture, now: datetime) -> list[Body]:
    live = {row.id: row for row in picture.live.values()}
    spoken = {row_id: contact.confirmation(row_id) for row_id in live}
    said = Said(
        confirmed={row_id: row for row_id, row in spoken.items() if row},
        rides=rides.rides(live),
        names=_names(picture, {who for row in live.values() for who in row.choices.values()}),
    )
    return today_visits.bodies(picture, said, now=now)


def _names(picture: SeriesPicture, bookable_ids: Iterable[str]) -> dict[str, str]:
    wanted = set(bookable_ids)
    at_site = bookables.at_site(picture.row.clinic_id, picture.row.site_id)
    return {row.id: row.title for row in at_site if row.id in wanted}


def _asked(patient: PatientRow, zone: ZoneInfo) -> list[Body]:
    asked, _ = check_ins.of_patient(patient.clinic_id, patient.id, page=1, page_size=MOST_CHECK_INS)
    return [_check_in(row, zone) for row in asked if row.status != CheckInStatus.FAILED]


def _check_in(row: CheckInRow, zone: ZoneInfo) -> Body:
    answered = row.response
    return {
        "id": row.id,
        "code": row.code,
        "title": row.title,
        "questionnaire": row.questionnaire,
        "opens_at": row.opens_at.astimezone(zone),
        "due_at": row.due_at.astimezone(zone),
        "closes_at": row.closes_at.astimezone(zone),
        "status": row.status,
        "version": row.version,
        "answered_at": answered.answered_at.astimezone(zone) if answered else None,
        "total": answered.total if answered else None,
    }


def _last_ride(patient: PatientRow) -> Body | None:
    """Whom the patient named last, else the contact they gave the clinic."""
    if last := rides.last_named(patient.clinic_id, patient.id):
        return {"name": last.name, "phone": last.phone}
    if patient.contact_name:
        return {"name": patient.contact_name, "phone": patient.contact_phone}
    return None
