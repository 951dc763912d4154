"""Forms that the clinic itself must fill in around a visit: a rating by a clinician, a form that a
programme wants within days, answers given on paper."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.pages import page_of
from server.persistence.types import At, Code, Id, Instant, Ref, Title
from shared.vocabulary import PaperworkStatus


class PaperworkRow(Base):
    """FHIR Task: a form to be filled in by somebody of the clinic from `opens_at`, at the latest
    by `closes_at`; after that it is overdue and waits on. It follows the appointment it is counted
    from. `total` is the score alone where the items may not be kept here."""

    __tablename__ = "paperwork"
    __table_args__ = (
        UniqueConstraint("series_id", "code"),
        Index("ix_paperwork_clinic_id_status_due_at", "clinic_id", "status", "due_at"),
        Index("ix_paperwork_status_tell_at", "status", "tell_at"),
    )

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    series_id: Mapped[Ref] = mapped_column(ForeignKey("series.id"))
    appointment_id: Mapped[Ref] = mapped_column(ForeignKey("appointment.id"))
    code: Mapped[Code]
    title: Mapped[Title]
    instrument: Mapped[Code]
    of_patient: Mapped[bool] = mapped_column(default=False)
    """Whether the patient answers it, on paper, because its items are not kept here."""
    status: Mapped[Code]
    opens_at: Mapped[At]
    due_at: Mapped[At]
    closes_at: Mapped[At]
    tell_at: Mapped[datetime | None] = mapped_column(Instant)
    """When staff are told of it next; None: they have been."""
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by: Mapped[Code | None]
    total: Mapped[int | None]
    note: Mapped[Title] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Whether somebody must still fill it in."""
        return self.status == PaperworkStatus.REQUESTED


P = PaperworkRow


def paperwork(clinic_id: str, paperwork_id: str) -> PaperworkRow | None:
    """One of this clinic."""
    return db.session.scalar(select(P).where(P.clinic_id == clinic_id, P.id == paperwork_id))


def of_series(series_id: str) -> dict[str, PaperworkRow]:
    """A series' forms by their code."""
    rows = db.session.scalars(select(P).where(P.series_id == series_id))
    return {row.code: row for row in rows}


def listed(
    clinic_id: str,
    *,
    status: str | None,
    due_by: datetime | None,
    only_patients: Iterable[str] | None,
    page: int,
    page_size: int,
) -> tuple[list[PaperworkRow], int]:
    """A page of a clinic's forms, what is due first first, and how many there are. `due_by`: only
    what is due until then."""
    query = select(P).where(P.clinic_id == clinic_id, P.status != PaperworkStatus.CANCELLED)
    if status:
        query = query.where(P.status == status)
    if due_by is not None:
        query = query.where(P.due_at <= due_by)
    if only_patients is not None:
        query = query.where(P.patient_id.in_(sorted(only_patients)))
    return page_of(query.order_by(P.due_at, P.id), page=page, page_size=page_size)


def to_tell(at: datetime, limit: int) -> list[PaperworkRow]:
    """Open forms of whatever clinic of which staff are to be told now."""
    query = select(P).where(P.status == PaperworkStatus.REQUESTED, P.tell_at <= at)
    return list(db.session.scalars(query.order_by(P.tell_at, P.id).limit(limit)))
