"""One patient's run of a protocol: its planned visits, holds, and the plans on offer for it."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, cast, false, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from server.persistence.bookables import BookableRow
from server.persistence.database import Base, db
from server.persistence.pages import page_of
from server.persistence.types import At, Code, Document, Id, Instant, Ref, Title


class SeriesRow(Base):
    """A series. `version` changes with everything that happens to it (If-Match)."""

    __tablename__ = "series"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    site_id: Mapped[Ref] = mapped_column(ForeignKey("site.id"))
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    protocol_version_id: Mapped[Ref] = mapped_column(ForeignKey("protocol_version.id"), index=True)
    arm: Mapped[str | None]
    status: Mapped[Code]
    ready_on: Mapped[date]
    start_by: Mapped[date | None]
    candidates: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    """For each choice of the protocol the eligible bookables, the wished one first."""
    choices: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """The kept choices once booked."""
    made_at: Mapped[At]
    version: Mapped[int] = mapped_column(default=1)

    planned_visits: Mapped[list["PlannedVisitRow"]] = relationship(
        order_by="PlannedVisitRow.place", cascade="all, delete-orphan", lazy="selectin"
    )
    holds: Mapped[list["HoldRow"]] = relationship(
        order_by="HoldRow.began_at", cascade="all, delete-orphan", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}


class PlannedVisitRow(Base):
    """A visit due in a series, by its code in the protocol version ("infusion-3")."""

    __tablename__ = "planned_visit"
    __table_args__ = (UniqueConstraint("series_id", "code"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    series_id: Mapped[Ref] = mapped_column(ForeignKey("series.id"))
    place: Mapped[int]
    code: Mapped[Code]
    status: Mapped[Code]
    decision: Mapped[str | None]
    """What a prescriber decided after it was missed: "resume" opens its latest time, "deviation"
    gives it up and with it the windows counted from it."""
    decision_reason: Mapped[Title] = mapped_column(default="")


class HoldRow(Base):
    """A clinical stop: nothing of the series is booked or moved until it ends."""

    __tablename__ = "hold"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    series_id: Mapped[Ref] = mapped_column(ForeignKey("series.id"), index=True)
    reason: Mapped[Title]
    by_user_id: Mapped[Ref]
    began_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ProposedPlanRow(Base):
    """A plan on offer for a series, whole. Booking proves it again; it may be stale by then."""

    __tablename__ = "proposed_plan"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    series_id: Mapped[Ref] = mapped_column(ForeignKey("series.id"), index=True)
    place: Mapped[int]
    body: Mapped[Document]
    made_at: Mapped[At]
    expires_at: Mapped[At]


def series(clinic_id: str, series_id: str) -> SeriesRow | None:
    """A series of this clinic."""
    query = select(SeriesRow).where(SeriesRow.clinic_id == clinic_id, SeriesRow.id == series_id)
    return db.session.scalar(query)


def proposed_plan(clinic_id: str, plan_id: str) -> ProposedPlanRow | None:
    """A plan on offer in this clinic."""
    query = select(ProposedPlanRow).where(
        ProposedPlanRow.clinic_id == clinic_id, ProposedPlanRow.id == plan_id
    )
    return db.session.scalar(query)


def caseload(clinic_id: str, practitioner_id: str, patient_id: str | None = None) -> set[str]:
    """The patients whose series names this practitioner, as chosen or as a candidate; of one
    patient only, if they are named."""
    mine = set(
        db.session.scalars(
            select(BookableRow.id).where(BookableRow.practitioner_id == practitioner_id)
        )
    )
    kept = (SeriesRow.candidates, SeriesRow.choices)
    named = [cast(column, String).contains(each) for each in mine for column in kept]
    query = select(SeriesRow.patient_id, *kept).where(SeriesRow.clinic_id == clinic_id)
    if patient_id is not None:
        query = query.where(SeriesRow.patient_id == patient_id)
    rows = db.session.execute(query.where(or_(false(), *named)))
    return {
        patient_id
        for patient_id, candidates, choices in rows
        if mine & {*choices.values(), *(who for named in candidates.values() for who in named)}
    }


def open_of_patient(clinic_id: str, patient_id: str, statuses: Iterable[str]) -> list[SeriesRow]:
    """The patient's series in one of these statuses."""
    query = select(SeriesRow).where(
        SeriesRow.clinic_id == clinic_id,
        SeriesRow.patient_id == patient_id,
        SeriesRow.status.in_(list(statuses)),
    )
    return list(db.session.scalars(query))


def touch(row: SeriesRow) -> None:
    """Count a change that stands only in the series' visits or appointments: the ETag moves on."""
    flag_modified(row, "status")


def in_status(clinic_id: str, status: str) -> list[SeriesRow]:
    """A clinic's series in one status, those ready first coming first."""
    query = select(SeriesRow).where(SeriesRow.clinic_id == clinic_id, SeriesRow.status == status)
    return list(db.session.scalars(query.order_by(SeriesRow.ready_on, SeriesRow.id)))


def listed(
    clinic_id: str,
    *,
    status: str | None,
    patient_id: str | None,
    only_patients: set[str] | None,
    page: int,
    page_size: int,
) -> tuple[list[SeriesRow], int]:
    """A page of series, those ready first coming first, and how many there are."""
    query = select(SeriesRow).where(SeriesRow.clinic_id == clinic_id)
    if status:
        query = query.where(SeriesRow.status == status)
    if patient_id:
        query = query.where(SeriesRow.patient_id == patient_id)
    if only_patients is not None:
        query = query.where(SeriesRow.patient_id.in_(sorted(only_patients)))
    query = query.order_by(SeriesRow.ready_on, SeriesRow.id)
    return page_of(query, page=page, page_size=page_size)
