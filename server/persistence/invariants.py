"""What must never be in the database, each as a question that should find nothing."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from server.domain.capacity import peak
from server.persistence.appointments import AppointmentRow, ClaimRow
from server.persistence.bookables import BookableRow
from server.persistence.database import db
from server.persistence.series import PlannedVisitRow, SeriesRow
from shared.vocabulary import LIVE_APPOINTMENT, PlannedVisitStatus, SeriesStatus

LIVE = sorted(LIVE_APPOINTMENT)


def claims_that_overlap() -> Iterator[dict[str, object]]:
    """Two live claims of something that holds one at a time."""
    one, other = aliased(ClaimRow), aliased(ClaimRow)
    overlap = and_(
        one.bookable_id == other.bookable_id,
        one.id < other.id,
        one.starts_at < other.ends_at,
        other.starts_at < one.ends_at,
    )
    query = select(one.bookable_id, one.appointment_id, other.appointment_id).join(other, overlap)
    query = query.where(one.live, other.live, one.exclusive, other.exclusive)
    for bookable_id, first, second in db.session.execute(query):
        yield {"bookable": bookable_id, "appointments": [first, second]}


def patients_in_two_places() -> Iterator[dict[str, object]]:
    """Two live appointments that need one patient at once."""
    one, other = aliased(AppointmentRow), aliased(AppointmentRow)
    overlap = and_(
        one.patient_id == other.patient_id,
        one.id < other.id,
        one.patient_from < other.patient_until,
        other.patient_from < one.patient_until,
    )
    query = select(one.id, other.id).join(other, overlap)
    query = query.where(one.status.in_(LIVE), other.status.in_(LIVE))
    for first, second in db.session.execute(query):
        yield {"appointments": [first, second]}


def over_capacity() -> Iterator[dict[str, object]]:
    """Bookables of which more is claimed at some instant than they can ever hold."""
    query = select(ClaimRow, BookableRow.capacity).join(
        BookableRow, BookableRow.id == ClaimRow.bookable_id
    )
    query = query.where(ClaimRow.live, ClaimRow.units > 0).order_by(ClaimRow.bookable_id)
    rows = list(db.session.execute(query))
    for bookable_id, group in groupby(rows, key=lambda row: row[0].bookable_id):
        found = list(group)
        claims = [row.to_domain() for row, _ in found]
        start = min(claim.starts_at for claim in claims)
        most = peak(claims, start, max(claim.ends_at for claim in claims))
        if most > found[0][1]:
            yield {"bookable": bookable_id, "peak": most, "capacity": found[0][1]}


def orphans() -> Iterator[dict[str, object]]:
    """Claims without a living appointment, and appointments of visits or series that have ended."""
    held_by_dead = (
        select(ClaimRow.id, ClaimRow.appointment_id)
        .join(AppointmentRow, AppointmentRow.id == ClaimRow.appointment_id)
        .where(ClaimRow.live, AppointmentRow.status.not_in(LIVE))
    )
    for claim_id, appointment_id in db.session.execute(held_by_dead):
        yield {"claim": claim_id, "appointment": appointment_id}
    let_go_by_living = (
        select(ClaimRow.id, ClaimRow.appointment_id)
        .join(AppointmentRow, AppointmentRow.id == ClaimRow.appointment_id)
        .where(ClaimRow.live.is_(False), AppointmentRow.status.in_(LIVE))
    )
    for claim_id, appointment_id in db.session.execute(let_go_by_living):
        yield {"claim": claim_id, "appointment": appointment_id}
    yield from _of_ended()


def _of_ended() -> Iterator[dict[str, object]]:
    query = (
        select(AppointmentRow.id)
        .join(PlannedVisitRow, PlannedVisitRow.id == AppointmentRow.planned_visit_id)
        .join(SeriesRow, SeriesRow.id == AppointmentRow.series_id)
        .where(AppointmentRow.status.in_(["pending", "booked", "arrived"]))
        .where(
            (PlannedVisitRow.status != PlannedVisitStatus.ACTIVE)
            | SeriesRow.status.in_([SeriesStatus.REVOKED, SeriesStatus.COMPLETED])
        )
    )
    for (appointment_id,) in db.session.execute(query):
        yield {"appointment": appointment_id}


def open_series() -> list[tuple[str, str]]:
    """Clinic and id of every series that has not ended."""
    query = select(SeriesRow.clinic_id, SeriesRow.id).where(
        SeriesRow.status.in_([SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD])
    )
    return list(db.session.execute(query.order_by(SeriesRow.id)))
