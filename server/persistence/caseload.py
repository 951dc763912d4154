"""How far the series of some patients have come: what a list of patients shows of each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.series import SeriesRow
from shared.vocabulary import AppointmentStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Booked:
    """A series' appointments in numbers; `next_at` is the first that lies ahead."""

    done: int = 0
    booked: int = 0
    next_at: datetime | None = None


def latest_series(clinic_id: str, patient_ids: Collection[str]) -> dict[str, SeriesRow]:
    """The series begun last of each of these patients who has any."""
    query = select(SeriesRow).where(
        SeriesRow.clinic_id == clinic_id, SeriesRow.patient_id.in_(sorted(patient_ids))
    )
    rows = db.session.scalars(query.order_by(SeriesRow.made_at, SeriesRow.id))
    return {row.patient_id: row for row in rows}


def series_of(clinic_id: str, patient_id: str) -> list[str]:
    """The ids of a patient's series, the newest first."""
    query = select(SeriesRow.id).where(
        SeriesRow.clinic_id == clinic_id, SeriesRow.patient_id == patient_id
    )
    return list(db.session.scalars(query.order_by(SeriesRow.made_at.desc(), SeriesRow.id)))


def booked(series_ids: Collection[str], *, now: datetime) -> dict[str, Booked]:
    """By series, how much of it took place and lies ahead."""
    a = AppointmentRow
    mine = a.series_id.in_(sorted(series_ids))
    came = (
        select(a.series_id, func.count())
        .where(mine, a.status == AppointmentStatus.FULFILLED)
        .group_by(a.series_id)
    )
    comes = (
        select(a.series_id, func.count(), func.min(a.starts_at))
        .where(mine, a.starts_at > now)
        .where(a.status.in_([AppointmentStatus.BOOKED, AppointmentStatus.PENDING]))
        .group_by(a.series_id)
    )
    done = dict(db.session.execute(came).all())
    ahead = {each: (count, at) for each, count, at in db.session.execute(comes)}
    return {
        each: Booked(
            done=done.get(each, 0),
            booked=ahead.get(each, (0, None))[0],
            next_at=ahead.get(each, (0, None))[1],
        )
        for each in series_ids
    }
