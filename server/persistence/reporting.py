"""What took place and what did not, as reports count it: no names, one row an appointment."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.series import SeriesRow
from shared.vocabulary import AppointmentStatus, SeriesStatus, VisitKind

COUNTED = (AppointmentStatus.FULFILLED, AppointmentStatus.NO_SHOW, AppointmentStatus.CANCELLED)
WAITS = (SeriesStatus.DRAFT, SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD)


class Ended(NamedTuple):
    """An appointment that took place, was missed or was cancelled."""

    series_id: str
    protocol_version_id: str
    visit_code: str
    kind: str
    status: str
    starts_at: datetime
    time_zone: str


def ended(clinic_id: str, *, start: datetime, end: datetime) -> list[Ended]:
    """Those of a clinic that began in a span, in order of time."""
    a = AppointmentRow
    query = (
        select(a.series_id, SeriesRow.protocol_version_id, a.visit_code, a.kind, a.status)
        .add_columns(a.starts_at, a.time_zone)
        .join(SeriesRow, SeriesRow.id == a.series_id)
        .where(a.clinic_id == clinic_id, a.status.in_(COUNTED))
        .where(a.starts_at >= start, a.starts_at < end)
        .order_by(a.starts_at)
    )
    return [Ended(*row) for row in db.session.execute(query)]


def fulfilled(clinic_id: str, series_ids: Collection[str]) -> dict[tuple[str, str], datetime]:
    """When each visit of these series took place, by series and visit code."""
    a = AppointmentRow
    query = select(a.series_id, a.visit_code, a.starts_at).where(
        a.clinic_id == clinic_id,
        a.series_id.in_(sorted(series_ids)),
        a.status == AppointmentStatus.FULFILLED,
    )
    return {(series_id, code): at for series_id, code, at in db.session.execute(query)}


def waits(clinic_id: str) -> list[tuple[datetime, datetime | None, str]]:
    """For each series when it was begun, when its first infusion took place, and its status."""
    a = AppointmentRow
    first = (
        select(a.series_id, func.min(a.starts_at).label("at"))
        .where(a.clinic_id == clinic_id, a.kind == VisitKind.INFUSION)
        .where(a.status == AppointmentStatus.FULFILLED)
        .group_by(a.series_id)
        .subquery()
    )
    query = (
        select(SeriesRow.made_at, first.c.at, SeriesRow.status)
        .outerjoin(first, first.c.series_id == SeriesRow.id)
        .where(SeriesRow.clinic_id == clinic_id)
    )
    return [(made_at, at, status) for made_at, at, status in db.session.execute(query)]
