"""What became of reminders, check-ins and hours, counted by the database; no names."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from server.persistence.appointments import AppointmentRow, ClaimRow
from server.persistence.bookables import BookableRow
from server.persistence.check_ins import CheckInRow
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from shared.vocabulary import LIVE_APPOINTMENT, CheckInStatus


class Told(NamedTuple):
    """Messages to patients of one kind that stand alike."""

    kind: str
    status: str
    many: int
    arrived: int


class Asked(NamedTuple):
    """Check-ins of one form that stand alike."""

    questionnaire: str
    status: str
    many: int


class Taken(NamedTuple):
    """A stretch that visits took of something bookable."""

    bookable_id: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    units: int


def told(clinic_id: str, *, start: datetime, end: datetime) -> list[Told]:
    """Messages to patients that were due in a span."""
    m = OutboxMessageRow
    query = (
        select(m.kind, m.status, func.count(), func.count(m.delivered_at))
        .where(m.clinic_id == clinic_id, m.patient_id.is_not(None))
        .where(m.due_at >= start, m.due_at < end)
        .group_by(m.kind, m.status)
    )
    return [Told(*row) for row in db.session.execute(query)]


def asked(clinic_id: str, *, start: datetime, end: datetime) -> list[Asked]:
    """Check-ins that were due in a span and not called off."""
    c = CheckInRow
    query = (
        select(c.questionnaire, c.status, func.count())
        .where(c.clinic_id == clinic_id, c.status != CheckInStatus.CANCELLED)
        .where(c.due_at >= start, c.due_at < end)
        .group_by(c.questionnaire, c.status)
    )
    return [Asked(*row) for row in db.session.execute(query)]


def taken(site_id: str, *, start: datetime, end: datetime) -> list[Taken]:
    """What visits of a site took, or will, in a span."""
    c, a = ClaimRow, AppointmentRow
    query = (
        select(c.bookable_id, BookableRow.kind, c.starts_at, c.ends_at, c.units)
        .join(a, a.id == c.appointment_id)
        .join(BookableRow, BookableRow.id == c.bookable_id)
        .where(a.site_id == site_id, a.starts_at >= start, a.starts_at < end)
        .where(c.live, c.units > 0)
    )
    return [Taken(*row) for row in db.session.execute(query)]


def live_codes(series_ids: Collection[str]) -> dict[str, set[str]]:
    """For each of these series the visits that have a time or took place."""
    a = AppointmentRow
    query = select(a.series_id, a.visit_code).where(
        a.series_id.in_(sorted(series_ids)), a.status.in_(LIVE_APPOINTMENT)
    )
    found: dict[str, set[str]] = {each: set() for each in series_ids}
    for series_id, code in db.session.execute(query):
        found[series_id].add(code)
    return found
