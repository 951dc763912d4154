"""How much of everything there is."""

from sqlalchemy import func, select

from server.persistence.appointments import AppointmentRow
from server.persistence.clinics import ClinicRow
from server.persistence.database import db
from server.persistence.series import SeriesRow
from shared.vocabulary import LIVE_APPOINTMENT


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
