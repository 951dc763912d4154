"""What is to be done after a visit did not take place, with a ready plan beside it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, exists, select, text
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.appointments import AppointmentRow
from server.persistence.database import Base, db
from server.persistence.house_rules import HouseRulesRow
from server.persistence.pages import page_of
from server.persistence.series import PlannedVisitRow, SeriesRow
from server.persistence.types import At, Code, Id, Instant, Ref, Title
from shared.vocabulary import (
    LIVE_APPOINTMENT,
    AppointmentStatus,
    FollowUpCause,
    FollowUpStatus,
    PlannedVisitStatus,
    SeriesStatus,
)

OPEN = "status = 'open'"


class FollowUpRow(Base):
    """One a visit that needs somebody's attention; at most one of a visit is open.

    `plan` is a plan body whose visits say their `previous` time (None: had none), made at
    `planned_at`; None where nothing needs other times or nothing fits: then `obstacles` says why.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        Index(
            "uq_follow_up_open",
            "series_id",
            "visit_code",
            unique=True,
            postgresql_where=text(OPEN),
            sqlite_where=text(OPEN),
        ),
        Index("ix_follow_up_clinic_id_status", "clinic_id", "status"),
    )

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    series_id: Mapped[Ref] = mapped_column(ForeignKey("series.id"))
    visit_code: Mapped[Code]
    cause: Mapped[Code]
    status: Mapped[Code] = mapped_column(default=FollowUpStatus.OPEN)
    remedy: Mapped[Code] = mapped_column(default="")
    decisions: Mapped[list[str]] = mapped_column(JSON, default=list)
    pair_with: Mapped[Code | None]
    plan: Mapped[dict[str, object] | None] = mapped_column(JSON)
    obstacles: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    planned_at: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[At]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[Code | None]
    outcome: Mapped[Title] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Whether somebody must still do something."""
        return self.status == FollowUpStatus.OPEN


F, A, P = FollowUpRow, AppointmentRow, PlannedVisitRow


def follow_up(clinic_id: str, follow_up_id: str) -> FollowUpRow | None:
    """One of this clinic."""
    return db.session.scalar(select(F).where(F.clinic_id == clinic_id, F.id == follow_up_id))


def open_of(series_id: str, visit_code: str) -> FollowUpRow | None:
    """What is open about a visit."""
    query = select(F).where(F.series_id == series_id, F.visit_code == visit_code, text(OPEN))
    return db.session.scalar(query)


def told(series_id: str, visit_code: str) -> bool:
    """Whether something is open about a visit, or it was told before that its window had closed."""
    once = (F.status == FollowUpStatus.OPEN) | (F.cause == FollowUpCause.WINDOW_CLOSED)
    query = select(F.id).where(F.series_id == series_id, F.visit_code == visit_code, once)
    return db.session.scalar(query.limit(1)) is not None


def listed(
    clinic_id: str,
    *,
    status: str | None,
    only_patients: Collection[str] | None,
    page: int,
    page_size: int,
) -> tuple[list[FollowUpRow], int]:
    """A page of a clinic's, oldest first, and how many there are."""
    query = select(F).where(F.clinic_id == clinic_id)
    if status:
        query = query.where(F.status == status)
    if only_patients is not None:
        query = query.where(F.patient_id.in_(sorted(only_patients)))
    return page_of(query.order_by(F.made_at, F.id), page=page, page_size=page_size)


def without_plan(limit: int) -> list[tuple[str, str]]:
    """Clinic and id of those nobody has looked for a plan for yet."""
    query = select(F.clinic_id, F.id).where(text(OPEN), F.planned_at.is_(None)).limit(limit)
    return [(clinic, one) for clinic, one in db.session.execute(query)]


def over(limit: int) -> list[tuple[str, str]]:
    """Clinic and id of open ones that nothing is left to do about: the visit has a new time or
    took place, was given up, or the series has ended."""
    there = (AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED)
    live = exists().where(
        A.series_id == F.series_id,
        A.visit_code == F.visit_code,
        A.status.in_(LIVE_APPOINTMENT),
        A.status.in_(there) | (A.ends_at > F.made_at),
    )
    due = exists().where(
        P.series_id == F.series_id, P.code == F.visit_code, P.status == PlannedVisitStatus.ACTIVE
    )
    going = (SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD)
    of = exists().where(SeriesRow.id == F.series_id, SeriesRow.status.in_(going))
    query = select(F.clinic_id, F.id).where(text(OPEN), live | ~due | ~of).limit(limit)
    return [(clinic, one) for clinic, one in db.session.execute(query)]


def unsaid(before: datetime, limit: int, *, after: str = "") -> list[AppointmentRow]:
    """Appointments that ended by then and of which nobody has said what became of them, by id: all
    in clinics where such a visit counts as missed, elsewhere those on nobody's list yet."""
    awaited = (AppointmentStatus.PENDING, AppointmentStatus.BOOKED)
    same = (F.series_id == A.series_id, F.visit_code == A.visit_code)
    known = exists().where(*same, F.made_at >= A.ends_at)
    rules = HouseRulesRow
    ruled = exists().where(rules.clinic_id == A.clinic_id, rules.noshow_after_minutes.is_not(None))
    query = select(A).where(A.status.in_(awaited), A.ends_at <= before, A.id > after)
    query = query.where(~known | ruled)
    return list(db.session.scalars(query.order_by(A.id).limit(limit)))


def series_with_a_gap() -> list[tuple[str, str]]:
    """Clinic and id of active series that have begun and have a visit due without a time of which
    nothing is open yet, nor was told before that its window had closed."""
    live = exists().where(A.planned_visit_id == P.id, A.status.in_(LIVE_APPOINTMENT))
    once = (F.status == FollowUpStatus.OPEN) | (F.cause == FollowUpCause.WINDOW_CLOSED)
    known = exists().where(F.series_id == P.series_id, F.visit_code == P.code, once)
    begun = exists().where(A.series_id == P.series_id, A.status == AppointmentStatus.FULFILLED)
    query = (
        select(SeriesRow.clinic_id, SeriesRow.id)
        .join(P, P.series_id == SeriesRow.id)
        .where(SeriesRow.status == SeriesStatus.ACTIVE, P.status == PlannedVisitStatus.ACTIVE)
        .where(~live, ~known, begun)
        .distinct()
    )
    return [(clinic, one) for clinic, one in db.session.execute(query)]
