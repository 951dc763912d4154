"""How a clinic stands at this moment, counted by the database: no names of patients."""

from datetime import date, datetime

from sqlalchemy import func, select

from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import AlertRow, CheckInRow
from server.persistence.database import db
from server.persistence.follow_ups import FollowUpRow
from server.persistence.outbox import OutboxMessageRow
from server.persistence.people import CredentialRow, PractitionerRow
from server.persistence.series import SeriesRow
from server.persistence.waiting import FreedTimeRow, WaitingRow
from shared.vocabulary import (
    AlertStatus,
    CheckInStatus,
    FollowUpStatus,
    FreedStatus,
    MessageStatus,
    SeriesStatus,
)


def visits_by_status(site_id: str, *, start: datetime, end: datetime) -> dict[str, int]:
    """Visits of a site that begin in a span, by what became of them."""
    a = AppointmentRow
    query = select(a.status, func.count()).where(a.site_id == site_id)
    query = query.where(a.starts_at >= start, a.starts_at < end).group_by(a.status)
    return {str(status): many for status, many in db.session.execute(query)}


def untaken_alerts(clinic_id: str) -> tuple[int, datetime | None]:
    """Answers that nobody has taken on, and since when the oldest waits."""
    query = select(func.count(), func.min(AlertRow.raised_at)).where(
        AlertRow.clinic_id == clinic_id, AlertRow.status == AlertStatus.OPEN
    )
    many, since = db.session.execute(query).one()
    return many, since


def open_follow_ups(clinic_id: str) -> int:
    """Visits that did not take place, or no longer fit, and wait for somebody."""
    f = FollowUpRow
    query = select(func.count()).where(f.clinic_id == clinic_id, f.status == FollowUpStatus.OPEN)
    return db.session.scalar(query) or 0


def overdue_check_ins(clinic_id: str, now: datetime) -> int:
    """Check-ins past their time that can still be answered."""
    c = CheckInRow
    query = select(func.count()).where(c.clinic_id == clinic_id, c.due_at < now)
    query = query.where(c.status == CheckInStatus.REQUESTED, c.closes_at > now)
    return db.session.scalar(query) or 0


def series_without_times(clinic_id: str) -> int:
    """Series that were begun and have no plan yet."""
    s = SeriesRow
    query = select(func.count()).where(s.clinic_id == clinic_id, s.status == SeriesStatus.DRAFT)
    return db.session.scalar(query) or 0


def waiting(clinic_id: str, now: datetime) -> tuple[int, int]:
    """Wishes on the waiting list, and times that came free and are still to be had."""
    wishes = select(func.count()).where(
        WaitingRow.clinic_id == clinic_id, WaitingRow.ended_at.is_(None)
    )
    freed = select(func.count()).where(FreedTimeRow.clinic_id == clinic_id)
    freed = freed.where(FreedTimeRow.status == FreedStatus.OPEN, FreedTimeRow.starts_at > now)
    return db.session.scalar(wishes) or 0, db.session.scalar(freed) or 0


def messages(clinic_id: str, *, since: datetime, late: datetime) -> tuple[int, int]:
    """Messages given up since then, and those that should have gone by `late` and have not."""
    m = OutboxMessageRow
    mine = select(func.count()).where(m.clinic_id == clinic_id)
    failed = mine.where(m.status == MessageStatus.DEAD, m.due_at >= since)
    stuck = mine.where(m.status == MessageStatus.WAITING, m.due_at < late, m.not_after > late)
    return db.session.scalar(failed) or 0, db.session.scalar(stuck) or 0


def licences_until(clinic_id: str, last: date) -> list[tuple[str, str, date]]:
    """Who treats by what that ends by then: name, title and last day, the soonest first."""
    query = (
        select(PractitionerRow.title, CredentialRow.title, CredentialRow.expires_on)
        .join(CredentialRow, CredentialRow.practitioner_id == PractitionerRow.id)
        .where(PractitionerRow.clinic_id == clinic_id, CredentialRow.expires_on <= last)
        .order_by(CredentialRow.expires_on, PractitionerRow.title)
    )
    return [(who, what, day) for who, what, day in db.session.execute(query) if day]
