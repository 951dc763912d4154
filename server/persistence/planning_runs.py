"""Planning runs: what was asked of the planner, how far it is, and what it found."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.appointments import AppointmentRow
from server.persistence.database import Base, db
from server.persistence.pages import page_of
from server.persistence.series import PlannedVisitRow, SeriesRow
from server.persistence.types import At, Code, Document, Id, Instant, Ref
from shared.planning_words import PlanningRunStatus
from shared.vocabulary import LIVE_APPOINTMENT, PlannedVisitStatus, SeriesStatus


class PlanningRunRow(Base):
    """One run. `attempt` counts how often it was begun: what an earlier attempt still writes is
    dropped. `percent`, `placed`, `cost` and `bound` tell how far it is."""

    __tablename__ = "planning_run"
    __table_args__ = (Index("ix_planning_run_status_made_at", "status", "made_at"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    site_id: Mapped[Ref] = mapped_column(ForeignKey("site.id"))
    asked: Mapped[Document]
    status: Mapped[Code]
    attempt: Mapped[int] = mapped_column(default=0)
    percent: Mapped[int] = mapped_column(default=0)
    series: Mapped[int] = mapped_column(default=0)
    """How many series want a place."""
    placed: Mapped[int] = mapped_column(default=0)
    cost: Mapped[int | None]
    bound: Mapped[int | None]
    result: Mapped[Document | None]
    made_by: Mapped[Code]
    made_at: Mapped[At]
    began_at: Mapped[datetime | None] = mapped_column(Instant)
    beat_at: Mapped[datetime | None] = mapped_column(Instant)
    """When its worker was last heard of."""
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    booked_at: Mapped[datetime | None] = mapped_column(Instant)


R, S = PlanningRunRow, PlanningRunStatus


def run(clinic_id: str, run_id: str) -> PlanningRunRow | None:
    """A run of this clinic."""
    return db.session.scalar(select(R).where(R.clinic_id == clinic_id, R.id == run_id))


def anywhere(run_id: str) -> PlanningRunRow | None:
    """A run of whatever clinic: for its worker."""
    return db.session.get(R, run_id)


def listed(clinic_id: str, *, page: int, page_size: int) -> tuple[list[PlanningRunRow], int]:
    """A page of a clinic's runs, the latest first."""
    query = select(R).where(R.clinic_id == clinic_id).order_by(R.made_at.desc(), R.id)
    return page_of(query, page=page, page_size=page_size)


def under_way(clinic_id: str) -> int:
    """How many of a clinic's runs wait or run."""
    query = select(func.count()).where(
        R.clinic_id == clinic_id, R.status.in_((S.WAITING, S.RUNNING))
    )
    return db.session.scalar(query) or 0


def oldest_waiting() -> PlanningRunRow | None:
    """The run that has waited longest, held against other workers until this transaction ends."""
    query = select(R).where(R.status == S.WAITING).order_by(R.made_at, R.id).limit(1)
    return db.session.scalar(query.with_for_update(skip_locked=True))


def tell(run_id: str, attempt: int, values: Mapping[str, object]) -> bool:
    """Put down how far an attempt is. False where it counts no more: it was stopped, given up for
    lost, or begun anew."""
    written = (
        update(R)
        .where(R.id == run_id, R.attempt == attempt, R.status == S.RUNNING)
        .values(**values)
        .execution_options(synchronize_session=False)
        .returning(R.id)
    )
    return db.session.scalar(written) is not None


def silent(since: datetime, at: datetime) -> int:
    """Give up for lost the runs of which nothing was heard since then. How many is returned."""
    lost = (
        update(R)
        .where(R.status == S.RUNNING, R.beat_at < since)
        .values(status=S.INTERRUPTED, ended_at=at)
        .execution_options(synchronize_session=False)
        .returning(R.id)
    )
    return len(list(db.session.scalars(lost)))


def waiting_series(clinic_id: str, site_id: str) -> list[str]:
    """Ids of series at a site with a visit that is to take place and has no time yet; those ready
    longest first."""
    p, a = PlannedVisitRow, AppointmentRow
    taken = select(a.id).where(
        a.series_id == p.series_id,
        a.visit_code == p.code,
        a.status.in_(LIVE_APPOINTMENT),
    )
    open_visit = select(p.id).where(
        p.series_id == SeriesRow.id, p.status == PlannedVisitStatus.ACTIVE, ~taken.exists()
    )
    query = (
        select(SeriesRow.id)
        .where(
            SeriesRow.clinic_id == clinic_id,
            SeriesRow.site_id == site_id,
            SeriesRow.status.in_((SeriesStatus.DRAFT, SeriesStatus.ACTIVE)),
            open_visit.exists(),
        )
        .order_by(SeriesRow.ready_on, SeriesRow.made_at, SeriesRow.id)
    )
    return list(db.session.scalars(query))
