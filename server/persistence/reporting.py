"""What took place and what did not, as reports count it: no names, one row an appointment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.series import SeriesRow
from shared.vocabulary import AppointmentStatus, SeriesStatus, VisitKind

COUNTED = (AppointmentStatus.FULFILLED, AppointmentStatus.NO_SHOW, AppointmentStatus.CANCELLED)
WAITS = (SeriesStatus.DRAFT, SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
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
    query = _ended(clinic_id).where(
        AppointmentRow.starts_at >= start, AppointmentRow.starts_at < end
    )
    return _read(query)


def fulfilled(clinic_id: str, series_ids: Collection[str]) -> list[Ended]:
    """All that ever took place in these series."""
    query = _ended(clinic_id).where(
        AppointmentRow.series_id.in_(sorted(series_ids)),
        AppointmentRow.status == AppointmentStatus.FULFILLED,
    )
    return _read(query)


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


def _ended(clinic_id: str) -> Any:
    a = AppointmentRow
    return (
        select(a.series_id, SeriesRow.protocol_version_id, a.visit_code, a.kind, a.status)
        .add_columns(a.starts_at, a.time_zone)
        .join(SeriesRow, SeriesRow.id == a.series_id)
        .where(a.clinic_id == clinic_id, a.status.in_(COUNTED))
        .order_by(a.starts_at)
    )


def _read(query: Any) -> list[Ended]:
    names = Ended.__dataclass_fields__
    return [Ended(**dict(zip(names, row, strict=True))) for row in db.session.execute(query)]
