"""What is claimed at a site through a span of days, as a wall calendar shows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from server.persistence.appointments import LONGEST_CLAIM, AppointmentRow, ClaimRow
from server.persistence.database import db
from server.persistence.people import PatientRow
from server.persistence.series import SeriesRow


class ClaimedStretch(NamedTuple):
    """A claim with what a wall calendar shows of its appointment."""

    bookable_id: str
    starts_at: datetime
    ends_at: datetime
    units: int
    part: str
    appointment_id: str
    series_id: str
    visit_code: str
    kind: str
    status: str
    patient_id: str
    patient_name: str
    protocol_version_id: str
    visit_starts_at: datetime


def claimed_between(
    site_id: str, bookable_ids: Iterable[str], *, start: datetime, end: datetime
) -> list[ClaimedStretch]:
    """Every live claim that visits at a site make of these bookables and that touches the span, in
    order of time."""
    a, c, p, s = AppointmentRow, ClaimRow, PatientRow, SeriesRow
    query = (
        select(c.bookable_id, c.starts_at, c.ends_at, c.units, c.part, a.id, a.series_id)
        .add_columns(a.visit_code, a.kind, a.status, a.patient_id, p.full_name)
        .add_columns(s.protocol_version_id, a.starts_at)
        .join(a, a.id == c.appointment_id)
        .join(p, p.id == a.patient_id)
        .join(s, s.id == a.series_id)
        .where(c.bookable_id.in_(sorted(bookable_ids)), c.starts_at > start - LONGEST_CLAIM)
        .where(c.starts_at < end, c.ends_at > start, c.live, a.site_id == site_id)
        .order_by(c.starts_at, c.part)
    )
    return [ClaimedStretch._make(row) for row in db.session.execute(query)]
