"""What became of reminders, check-ins and hours, counted by the database; no names."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

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
    """A stretch that visits took of one kind of bookable, and how many units of it in all."""

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


def taken(site_ids: Collection[str], *, start: datetime, end: datetime) -> list[Taken]:
    """What visits of some sites took, or will, in a span; those that took alike together."""
    c, a = ClaimRow, AppointmentRow
    mine = (a.site_id.in_(sorted(site_ids)), a.starts_at >= start, a.starts_at < end)
    ends = select(func.min(a.clinic_id), func.max(a.ends_at)).where(*mine)
    found: Any = db.session.execute(ends).one()
    clinic_id, last = found
    if last is None:
        return []
    query = (
        select(BookableRow.kind, c.starts_at, c.ends_at, func.sum(c.units))
        .join(a, a.id == c.appointment_id)
        .join(BookableRow, BookableRow.id == c.bookable_id)
        .where(*mine, c.live, c.units > 0)
        # A visit claims nothing before it begins or after it ends, so not all claims are read.
        .where(c.clinic_id == clinic_id, c.starts_at >= start, c.starts_at < last)
        .group_by(BookableRow.kind, c.starts_at, c.ends_at)
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
