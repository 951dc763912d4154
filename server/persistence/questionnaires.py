"""Questionnaires that a clinic loaded itself, each with why it may use them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.check_ins import CheckInRow, ResponseRow
from server.persistence.database import Base, db
from server.persistence.paperwork import PaperworkRow
from server.persistence.series import SeriesRow
from server.persistence.types import At, Code, Id, Instant, Ref, Title
from shared.vocabulary import CheckInStatus, PaperworkStatus, SeriesStatus


class QuestionnaireRow(Base):
    """A form by its code, as the clinic gave it. `may_use` is the clinic's evidence of its licence:
    a number, a letter, a name. Withdrawn, its items are shown to nobody any more."""

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("clinic_id", "code"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    code: Mapped[Code]
    title: Mapped[Title]
    document: Mapped[dict[str, object]] = mapped_column(JSON)
    may_use: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[At]
    loaded_by: Mapped[Code]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


Q = QuestionnaireRow


def of_clinic(clinic_id: str) -> Mapping[str, QuestionnaireRow]:
    """A clinic's own forms by their code, withdrawn ones too."""
    rows = db.session.scalars(select(Q).where(Q.clinic_id == clinic_id).order_by(Q.code))
    return {row.code: row for row in rows}


def is_answered(clinic_id: str, code: str) -> bool:
    """Whether anybody has answered a form here."""
    r = ResponseRow
    found = select(exists().where(r.clinic_id == clinic_id, r.questionnaire == code))
    return bool(db.session.scalar(found))


def asked(clinic_id: str, code: str) -> list[CheckInRow]:
    """Check-ins that still wait for an answer to a form."""
    c = CheckInRow
    query = select(c).where(
        c.clinic_id == clinic_id,
        c.questionnaire == code,
        c.status == CheckInStatus.REQUESTED,
    )
    return list(db.session.scalars(query))


def series_on_paper(limit: int) -> list[tuple[str, str]]:
    """Active series, by clinic and id, with a form on paper whose items the clinic has loaded."""
    p = PaperworkRow
    query = (
        select(SeriesRow.clinic_id, SeriesRow.id)
        .join(p, p.series_id == SeriesRow.id)
        .join(Q, (Q.clinic_id == p.clinic_id) & (Q.code == p.instrument))
        .where(
            Q.withdrawn_at.is_(None),
            p.status == PaperworkStatus.REQUESTED,
            p.of_patient.is_(True),
            SeriesRow.status == SeriesStatus.ACTIVE,
        )
        .distinct()
        .limit(limit)
    )
    return [(clinic_id, series_id) for clinic_id, series_id in db.session.execute(query)]
