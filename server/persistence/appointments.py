"""Booked times, and the stretches of bookables they claim."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.calendars import Busy, Claim
from server.persistence.database import Base, db
from server.persistence.pages import page_of
from server.persistence.series import SeriesRow
from server.persistence.types import At, Code, Id, Instant, Ref, Title
from shared.vocabulary import LIVE_APPOINTMENT, AppointmentStatus, SeriesStatus, Stage

FIRST_INFUSION_SQL = "kind = 'infusion' AND status = 'fulfilled'"
LIVE_SQL = "status IN ('pending', 'booked', 'arrived', 'fulfilled')"


class AppointmentRow(Base):
    """A booked time. `starts_at` to `ends_at` is the whole visit, turnover included.

    `patient_from` to `patient_until` is what the patient is there for (None: not needed).
    `wall_time` and `time_zone` keep what was agreed, should a zone's rules change.
    `schedule_version` counts the times it was given: a reminder for an older one is dead. `stage`
    is how far an infusion is whose patient arrived, since `stage_at`.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        Index(
            "uq_appointment_live_planned_visit_id",
            "planned_visit_id",
            unique=True,
            postgresql_where=text(LIVE_SQL),
            sqlite_where=text(LIVE_SQL),
        ),
        Index("ix_appointment_site_id_starts_at", "site_id", "starts_at"),
        # What reports ask for stands beside the key, so that they need not read the rows.
        Index(
            "ix_appointment_clinic_id_starts_at",
            "clinic_id",
            "starts_at",
            postgresql_include=["status", "kind", "series_id", "visit_code", "wall_time"],
        ),
        Index(
            "ix_appointment_series_id_visit_code",
            "series_id",
            "visit_code",
            postgresql_include=["status", "starts_at", "wall_time"],
        ),
        Index(
            "ix_appointment_first_infusion",
            "clinic_id",
            "series_id",
            "starts_at",
            postgresql_where=text(FIRST_INFUSION_SQL),
            sqlite_where=text(FIRST_INFUSION_SQL),
        ),
    )

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    site_id: Mapped[Ref] = mapped_column(ForeignKey("site.id"))
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    series_id: Mapped[Ref] = mapped_column(ForeignKey("series.id"))
    planned_visit_id: Mapped[Ref] = mapped_column(ForeignKey("planned_visit.id"))
    visit_code: Mapped[Code]
    kind: Mapped[Code]
    status: Mapped[Code]
    starts_at: Mapped[At]
    ends_at: Mapped[At]
    patient_from: Mapped[datetime | None] = mapped_column(Instant)
    patient_until: Mapped[datetime | None] = mapped_column(Instant)
    wall_time: Mapped[Code]
    time_zone: Mapped[Code]
    choices: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Who was chosen for this visit, the series' kept choices included."""
    reason: Mapped[Title] = mapped_column(default="")
    """Why it was cancelled or missed, in the clinic's words."""
    stage: Mapped[Code] = mapped_column(default=Stage.ARRIVED, server_default=Stage.ARRIVED)
    stage_at: Mapped[datetime | None] = mapped_column(Instant)
    schedule_version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[At]
    version: Mapped[int] = mapped_column(default=1)

    claims: Mapped[list["ClaimRow"]] = relationship(
        cascade="all, delete-orphan", order_by="ClaimRow.starts_at"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def live(self) -> bool:
        """Whether it holds its claims against everybody else."""
        return AppointmentStatus(self.status) in LIVE_APPOINTMENT


LONGEST_CLAIM = timedelta(days=2)
"""No claim lasts so long: a part of a visit lasts a day at most. Bounds what an index looks at."""


class ClaimRow(Base):
    """A stretch of a bookable taken by an appointment.

    `exclusive` is set where the bookable holds one at a time: an exclusion constraint (PostgreSQL)
    or trigger (SQLite) then refuses any overlap; a trigger recounts the others.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("units >= 0", name="units_not_negative"),
        # What planning asks for stands beside the key, so that it need not read the rows.
        Index(
            "ix_claim_bookable_id_starts_at",
            "bookable_id",
            "starts_at",
            postgresql_include=["ends_at", "units", "live", "appointment_id"],
        ),
        Index("ix_claim_clinic_id_starts_at", "clinic_id", "starts_at"),
    )

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    appointment_id: Mapped[Ref] = mapped_column(ForeignKey("appointment.id"), index=True)
    bookable_id: Mapped[Ref] = mapped_column(ForeignKey("bookable.id"))
    part: Mapped[Code]
    starts_at: Mapped[At]
    ends_at: Mapped[At]
    units: Mapped[int] = mapped_column(default=1)
    exclusive: Mapped[bool] = mapped_column(default=False)
    live: Mapped[bool] = mapped_column(default=True)

    def to_domain(self) -> Claim:
        """The frozen value."""
        return Claim(
            bookable_id=self.bookable_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            units=self.units,
        )


def appointment(clinic_id: str, appointment_id: str) -> AppointmentRow | None:
    """An appointment of this clinic."""
    query = select(AppointmentRow).where(
        AppointmentRow.clinic_id == clinic_id, AppointmentRow.id == appointment_id
    )
    return db.session.scalar(query)


def of_series(series_id: str) -> list[AppointmentRow]:
    """Every appointment a series ever had, in order of time."""
    a = AppointmentRow
    return list(db.session.scalars(select(a).where(a.series_id == series_id).order_by(a.starts_at)))


def ids_of(clinic_id: str, patient_id: str) -> list[str]:
    """All appointments a patient ever had, by id."""
    a = AppointmentRow
    mine = a.clinic_id == clinic_id, a.patient_id == patient_id
    return list(db.session.scalars(select(a.id).where(*mine)))


def that_took_place(
    clinic_id: str, patient_id: str, statuses: Iterable[str]
) -> list[AppointmentRow]:
    """A patient's appointments that stand so, over all their series, the oldest first."""
    a = AppointmentRow
    mine = a.clinic_id == clinic_id, a.patient_id == patient_id, a.status.in_(list(statuses))
    return list(db.session.scalars(select(a).where(*mine).order_by(a.starts_at, a.id)))


def coming_of(patient_id: str, now: datetime) -> list[AppointmentRow]:
    """Everything booked for a patient that has not begun yet, soonest first."""
    a = AppointmentRow
    query = select(a).where(a.patient_id == patient_id, a.starts_at > now, text(LIVE_SQL))
    return list(db.session.scalars(query.order_by(a.starts_at, a.id)))


def coming(now: datetime) -> list[AppointmentRow]:
    """Every clinic's appointments to come."""
    a = AppointmentRow
    query = select(a).where(a.starts_at > now, a.status.in_(LIVE_APPOINTMENT))
    return list(db.session.scalars(query.order_by(a.starts_at, a.id)))


def claimed_on(site_id: str, start: datetime, end: datetime) -> set[str]:
    """What the visits still to come at a site claim that begin between two instants."""
    a, awaited = AppointmentRow, (AppointmentStatus.PENDING, AppointmentStatus.BOOKED)
    query = select(ClaimRow.bookable_id).join(a, a.id == ClaimRow.appointment_id)
    query = query.where(a.site_id == site_id, a.starts_at >= start, a.starts_at < end)
    return set(db.session.scalars(query.where(a.status.in_(awaited)).distinct()))


def live_claims(
    bookable_ids: Iterable[str],
    *,
    start: datetime,
    end: datetime,
    without: list[str] | None = None,
) -> list[Claim]:
    """What is claimed of these bookables between two instants, but for some appointments; what is
    taken of a pool from and to the same time is one claim."""
    stretch = (ClaimRow.bookable_id, ClaimRow.starts_at, ClaimRow.ends_at)
    query = select(*stretch, func.sum(ClaimRow.units)).group_by(*stretch)
    query = query.where(*_claimed(bookable_ids, start, end))
    if without:
        query = query.where(ClaimRow.appointment_id.not_in(without))
    return [_as_claim(*row) for row in db.session.execute(query)]


def claims_of_each(
    bookable_ids: Iterable[str], *, start: datetime, end: datetime
) -> list[tuple[str, Claim]]:
    """The same claim by claim, each with its appointment's id."""
    c = ClaimRow
    query = select(c.appointment_id, c.bookable_id, c.starts_at, c.ends_at, c.units)
    found = db.session.execute(query.where(*_claimed(bookable_ids, start, end)))
    return [(of, _as_claim(who, begins, ends, units)) for of, who, begins, ends, units in found]


def _claimed(bookable_ids: Iterable[str], start: datetime, end: datetime) -> tuple[Any, ...]:
    return (
        ClaimRow.bookable_id.in_(sorted(bookable_ids)),
        ClaimRow.live,
        ClaimRow.units > 0,
        ClaimRow.starts_at > start - LONGEST_CLAIM,
        ClaimRow.starts_at < end,
        ClaimRow.ends_at > start,
    )


def _as_claim(bookable_id: str, starts_at: datetime, ends_at: datetime, units: int) -> Claim:
    return Claim(bookable_id=bookable_id, starts_at=starts_at, ends_at=ends_at, units=units)


def patient_busy(patient_id: str) -> list[tuple[str, Busy]]:
    """When a patient already has to be somewhere, each with its appointment's id."""
    a = AppointmentRow
    query = select(a.id, a.patient_from, a.patient_until).where(
        a.patient_id == patient_id,
        a.status.in_(sorted(LIVE_APPOINTMENT)),
        a.patient_from.is_not(None),
    )
    return [
        (appointment_id, Busy(starts_at=begins, ends_at=ends))
        for appointment_id, begins, ends in db.session.execute(query)
        if begins is not None and ends is not None
    ]


def between(
    clinic_id: str,
    *,
    start: datetime,
    end: datetime,
    site_id: str | None = None,
    patient_id: str | None = None,
    bookable_id: str | None = None,
    only_patients: set[str] | None = None,
    page: int = 1,
    page_size: int = 100,
) -> tuple[list[AppointmentRow], int]:
    """A page of appointments that touch the span, in order of time, and how many there are."""
    query = select(AppointmentRow).where(
        AppointmentRow.clinic_id == clinic_id,
        AppointmentRow.starts_at < end,
        AppointmentRow.ends_at > start,
    )
    if site_id:
        query = query.where(AppointmentRow.site_id == site_id)
    if patient_id:
        query = query.where(AppointmentRow.patient_id == patient_id)
    if only_patients is not None:
        query = query.where(AppointmentRow.patient_id.in_(sorted(only_patients)))
    if bookable_id:
        claimed = select(ClaimRow.appointment_id).where(ClaimRow.bookable_id == bookable_id)
        query = query.where(AppointmentRow.id.in_(claimed))
    query = query.order_by(AppointmentRow.starts_at, AppointmentRow.id)
    return page_of(query, page=page, page_size=page_size)


def latest_fulfilled(kind: str, *, before: datetime) -> AppointmentRow | None:
    """The last one of a kind that took place before an instant in a series that goes on."""
    query = (
        select(AppointmentRow)
        .join(SeriesRow, SeriesRow.id == AppointmentRow.series_id)
        .where(
            AppointmentRow.kind == kind,
            AppointmentRow.status == AppointmentStatus.FULFILLED,
            AppointmentRow.starts_at < before,
            SeriesRow.status == SeriesStatus.ACTIVE,
        )
        .order_by(AppointmentRow.starts_at.desc(), AppointmentRow.id)
    )
    return db.session.scalars(query).first()
