"""Patients: how to reach them, whom they named, and when they can come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from server.domain.calendars import WeeklyHours
from server.domain.opening_hours import weekly_faults
from server.persistence import clinics, people, series
from server.persistence.people import PatientRow
from server.persistence.transactions import Locks, patient_lock, transaction
from server.persistence.types import new_id
from server.services import reach
from server.services.access import Caller, Relation, require
from server.services.freshness import found, unchanged
from server.services.reach import require_patient
from server.services.record import audit
from server.services.refusals import Invalid
from shared.problems import FieldFault
from shared.vocabulary import DayPart


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientDetails:
    """What a clinic knows of a patient. `weekly` None means they can always come, () never."""

    site_id: str
    full_name: str
    language: str = "en"
    email: str = ""
    phone: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    prefers: DayPart | None = None
    weekly: tuple[WeeklyHours, ...] | None = None
    away: frozenset[date] = frozenset()


def patients(
    by: Caller,
    *,
    name: str = "",
    site_id: str | None = None,
    page: int = 1,
    page_size: int = 50,
    now: datetime,
) -> tuple[list[PatientRow], int]:
    """A page of the patients this person may see, by name, and how many there are."""
    reach = require(by, "patients.list")
    with transaction():
        found_rows, total = people.patients(
            by.clinic_id,
            name=name,
            site_id=site_id,
            only=_caseload(by) if reach is Relation.CASELOAD else None,
            page=page,
            page_size=page_size,
        )
        audit.looked(by, "patients.list", [row.id for row in found_rows], now=now)
    return found_rows, total


def patient(by: Caller, patient_id: str, *, now: datetime) -> PatientRow:
    """One patient's details."""
    require_patient(by, "patients.read", patient_id)
    with transaction():
        row = found(people.patient(by.clinic_id, patient_id))
        audit.looked(by, "patients.read", [row.id], now=now)
    return row


def named(by: Caller, patient_ids: Iterable[str], *, now: datetime) -> dict[str, str]:
    """What those of these patients within reach are called, by id: one question and one entry on
    record for a whole list."""
    only, asked = reach.only_patients(by, "patients.read"), set(patient_ids)
    with transaction():
        known = people.names(by.clinic_id, asked if only is None else asked & only)
        audit.looked(by, "patients.read", known, now=now)
    return known


def create(by: Caller, details: PatientDetails, *, now: datetime) -> PatientRow:
    """Add a patient."""
    require(by, "patients.create")
    with transaction() as session:
        row = made(by, details, now=now)
        session.add(row)
        audit.changed(by, "patients.create", now=now, patient_id=row.id, subject_id=row.id)
    return row


def made(by: Caller, details: PatientDetails, *, now: datetime) -> PatientRow:
    """A new patient, for a transaction that may do this."""
    row = PatientRow(id=new_id(), clinic_id=by.clinic_id, made_at=now)
    _set(row, details)
    return row


def change(
    by: Caller, patient_id: str, details: PatientDetails, *, expected_version: int, now: datetime
) -> PatientRow:
    """Replace a patient's details."""
    require_patient(by, "patients.change", patient_id)
    with transaction(Locks(names=frozenset({patient_lock(patient_id)}))):
        row = unchanged(people.patient(by.clinic_id, patient_id), expected_version)
        _set(row, details)
        audit.changed(by, "patients.change", now=now, patient_id=row.id, subject_id=row.id)
    return row


def _caseload(by: Caller) -> set[str]:
    return series.caseload(by.clinic_id, by.practitioner_id) if by.practitioner_id else set()


def _set(row: PatientRow, details: PatientDetails) -> None:
    if clinics.site(row.clinic_id, details.site_id) is None:
        raise Invalid.field("site_id", "there is no such site")
    if faults := weekly_faults(details.weekly or (), most=1000):
        raise Invalid(FieldFault(f"weekly.{path}", reason) for path, reason in faults)
    row.site_id, row.full_name, row.language = details.site_id, details.full_name, details.language
    row.email, row.phone = details.email, details.phone
    row.contact_name, row.contact_phone = details.contact_name, details.contact_phone
    row.prefers = details.prefers
    row.weekly = None if details.weekly is None else [_hours(each) for each in details.weekly]
    row.away = sorted(on.isoformat() for on in details.away)


def _hours(row: WeeklyHours) -> dict[str, object]:
    return {"days": sorted(row.days), "opens": row.opens, "closes": row.closes}
