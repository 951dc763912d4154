"""How much of everything there is."""

from datetime import datetime

from sqlalchemy import func, select

from server.persistence.appointments import AppointmentRow
from server.persistence.clinics import ClinicRow
from server.persistence.database import db
from server.persistence.series import SeriesRow
from shared.vocabulary import LIVE_APPOINTMENT, AppointmentStatus


def clinics() -> int:
    """Clinics in this database."""
    return db.session.scalar(select(func.count()).select_from(ClinicRow)) or 0


def series_by_status() -> dict[str, int]:
    """Series in each status."""
    query = select(SeriesRow.status, func.count()).group_by(SeriesRow.status)
    return {str(status): how_many for status, how_many in db.session.execute(query)}


def live_appointments() -> int:
    """Appointments that took place or will."""
    live = AppointmentRow.status.in_(sorted(LIVE_APPOINTMENT))
    return db.session.scalar(select(func.count()).select_from(AppointmentRow).where(live)) or 0


def a_patient_under_way(clinic_id: str, now: datetime) -> str | None:
    """Who has most visits ahead of those who have been here before: at any hour the same one."""
    before = select(AppointmentRow.patient_id).where(
        AppointmentRow.status == AppointmentStatus.FULFILLED
    )
    query = select(AppointmentRow.patient_id).where(
        AppointmentRow.clinic_id == clinic_id,
        AppointmentRow.status == AppointmentStatus.BOOKED,
        AppointmentRow.starts_at > now,
        AppointmentRow.patient_id.in_(before),
    )
    ahead = func.count(AppointmentRow.id).desc(), func.min(AppointmentRow.starts_at)
    ordered = query.group_by(AppointmentRow.patient_id).order_by(*ahead, AppointmentRow.patient_id)
    return db.session.scalars(ordered).first()
