"""The visits of one site on one day, with what a board shows of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select

from server.persistence.appointments import AppointmentRow, ClaimRow
from server.persistence.bookables import BookableRow
from server.persistence.database import db
from server.persistence.people import PatientRow
from server.persistence.series import SeriesRow
from shared.vocabulary import BookableKind

Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, kw_only=True, slots=True)
class DayVisit:
    """An appointment as the front desk knows it."""

    appointment_id: str
    version: int
    status: str
    reason: str
    kind: str
    visit_code: str
    starts_at: datetime
    ends_at: datetime
    patient_from: datetime | None
    patient_id: str
    patient_name: str
    series_status: str
    protocol_version_id: str
    stage: str
    stage_at: datetime | None


def visits(clinic_id: str, site_id: str, *, start: datetime, end: datetime) -> list[DayVisit]:
    """Every appointment that begins in the span, whatever became of it, in order of time."""
    a, p, s = AppointmentRow, PatientRow, SeriesRow
    query = (
        select(a.id, a.version, a.status, a.reason, a.kind, a.visit_code, a.starts_at, a.ends_at)
        .add_columns(a.patient_from, a.patient_id, p.full_name, s.status, s.protocol_version_id)
        .add_columns(a.stage, a.stage_at)
        .order_by(a.starts_at, p.name_key, a.id)
    )
    names = DayVisit.__dataclass_fields__
    found = db.session.execute(_within(query, clinic_id, site_id, start, end))
    return [DayVisit(**dict(zip(names, row, strict=True))) for row in found]


def marks(
    clinic_id: str, site_id: str, *, start: datetime, end: datetime
) -> list[tuple[object, ...]]:
    """What is different whenever such a list would be: ids, versions and times, no names."""
    a, p, s = AppointmentRow, PatientRow, SeriesRow
    query = select(a.id, a.version, p.version, s.version, a.status)
    query = query.add_columns(a.starts_at, a.ends_at, a.patient_from).order_by(a.id)
    found = db.session.execute(_within(query, clinic_id, site_id, start, end))
    return [tuple(row) for row in found]


def claimed(appointment_ids: list[str]) -> dict[str, list[str]]:
    """For each of these appointments the titles of all that it claims, in order of time: who and
    where, so not that there is a nurse among several."""
    somebody = or_(BookableRow.kind != BookableKind.NURSE, BookableRow.capacity == 1)
    query = (
        select(ClaimRow.appointment_id, BookableRow.title)
        .join(BookableRow, BookableRow.id == ClaimRow.bookable_id)
        .where(ClaimRow.appointment_id.in_(appointment_ids), ClaimRow.units > 0, somebody)
        .order_by(ClaimRow.starts_at, BookableRow.title)
    )
    found: dict[str, list[str]] = {}
    for appointment_id, title in db.session.execute(query):
        titles = found.setdefault(appointment_id, [])
        if title not in titles:
            titles.append(title)
    return found


def parts(appointment_ids: list[str]) -> dict[tuple[str, str], tuple[datetime, datetime]]:
    """From when to when each part of these appointments is planned, by id and part."""
    c = ClaimRow
    query = select(c.appointment_id, c.part, func.min(c.starts_at), func.max(c.ends_at))
    query = query.where(c.appointment_id.in_(appointment_ids)).group_by(c.appointment_id, c.part)
    return {(of, part): (start, end) for of, part, start, end in db.session.execute(query)}


def _within(query: Q, clinic_id: str, site_id: str, start: datetime, end: datetime) -> Q:
    a = AppointmentRow
    return (
        query.select_from(a)
        .join(PatientRow, PatientRow.id == a.patient_id)
        .join(SeriesRow, SeriesRow.id == a.series_id)
        .where(a.clinic_id == clinic_id, a.site_id == site_id)
        .where(a.starts_at >= start, a.starts_at < end)
    )
