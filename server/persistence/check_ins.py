"""Forms asked of patients at a time, what they answered, and what a clinician must see of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, case, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.duty import Duty
from server.persistence.database import Base, db
from server.persistence.pages import page_of
from server.persistence.types import At, Code, Id, Instant, Ref, Title
from shared.vocabulary import AlertStatus, CheckInStatus


class CheckInRow(Base):
    """FHIR Task: a form asked of a patient between `opens_at` and `closes_at`.

    It follows the appointment it is counted from; `version` moves on with every new time, and with
    it all reminders for the old one are dead.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("series_id", "code"),
        Index("ix_check_in_status_closes_at", "status", "closes_at"),
    )

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    series_id: Mapped[Ref] = mapped_column(ForeignKey("series.id"))
    appointment_id: Mapped[Ref] = mapped_column(ForeignKey("appointment.id"))
    code: Mapped[Code]
    title: Mapped[Title]
    questionnaire: Mapped[Code]
    status: Mapped[Code]
    opens_at: Mapped[At]
    due_at: Mapped[At]
    closes_at: Mapped[At]
    version: Mapped[int] = mapped_column(default=1)

    response: Mapped["ResponseRow | None"] = relationship(lazy="selectin")

    __mapper_args__ = {"version_id_col": version}

    @property
    def asked(self) -> bool:
        """Whether it waits for an answer."""
        return self.status == CheckInStatus.REQUESTED


class ResponseRow(Base):
    """FHIR QuestionnaireResponse. `answered_at` is the patient's own time, `received_at` ours."""

    __tablename__ = "response"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    check_in_id: Mapped[Ref] = mapped_column(ForeignKey("check_in.id"), unique=True)
    questionnaire: Mapped[Code]
    answers: Mapped[dict[str, int | str | None]] = mapped_column(JSON)
    total: Mapped[int | None]
    score: Mapped[dict[str, object] | None] = mapped_column(JSON)
    help_line: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[At]
    received_at: Mapped[At]


class AlertRow(Base):
    """An answer that a clinician must see; it climbs from one person to the next until somebody
    has acknowledged it, and is never closed by itself."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_status_climbs_at", "status", "climbs_at"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    check_in_id: Mapped[Ref] = mapped_column(ForeignKey("check_in.id"))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[Code]
    raised_at: Mapped[At]
    step: Mapped[int] = mapped_column(default=0)
    """How many have been told so far."""
    climbs_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None]
    outcome: Mapped[Title] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    steps: Mapped[list["AlertStepRow"]] = relationship(
        order_by="AlertStepRow.place", lazy="selectin", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Whether nobody has taken it on yet."""
        return self.status == AlertStatus.OPEN


class AlertStepRow(Base):
    """Who was told of an alert, or did something about it, and when."""

    __tablename__ = "alert_step"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    alert_id: Mapped[Ref] = mapped_column(ForeignKey("alert.id"), index=True)
    place: Mapped[int]
    at: Mapped[At]
    what: Mapped[Code]
    user_id: Mapped[str | None]


class OnCallRow(Base):
    """Who is told of an alert, in this order and at these hours (minutes after midnight, on the
    clinic's clock), and how long each has to acknowledge it."""

    __tablename__ = "on_call"
    __table_args__ = (UniqueConstraint("clinic_id", "place"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    place: Mapped[int]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id"))
    within_minutes: Mapped[int]
    days: Mapped[list[int]] = mapped_column(JSON)
    opens: Mapped[int]
    closes: Mapped[int]

    @property
    def duty(self) -> Duty:
        """When they are on duty."""
        return Duty(days=tuple(self.days), opens=self.opens, closes=self.closes)


class DraftRow(Base):
    """Answers that a patient put aside to go on later; gone as soon as the form is answered."""

    __tablename__ = "check_in_draft"

    check_in_id: Mapped[str] = mapped_column(ForeignKey("check_in.id"), primary_key=True)
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept_at: Mapped[At]


def draft(check_in_id: str) -> DraftRow | None:
    """What was put aside of a form."""
    return db.session.get(DraftRow, check_in_id)


def drop_draft(check_in_id: str) -> None:
    """Nothing is put aside any more."""
    db.session.execute(delete(DraftRow).where(DraftRow.check_in_id == check_in_id))


def check_in(clinic_id: str, check_in_id: str) -> CheckInRow | None:
    """A check-in of this clinic."""
    c = CheckInRow
    return db.session.scalar(select(c).where(c.clinic_id == clinic_id, c.id == check_in_id))


def of_series(series_id: str) -> dict[str, CheckInRow]:
    """A series' check-ins by their code."""
    rows = db.session.scalars(select(CheckInRow).where(CheckInRow.series_id == series_id))
    return {row.code: row for row in rows}


def of_patient(
    clinic_id: str, patient_id: str, *, page: int, page_size: int
) -> tuple[list[CheckInRow], int]:
    """A page of a patient's check-ins that were not called off, soonest first."""
    c = CheckInRow
    query = select(c).where(
        c.clinic_id == clinic_id,
        c.patient_id == patient_id,
        c.status != CheckInStatus.CANCELLED,
    )
    return page_of(query.order_by(c.opens_at, c.id), page=page, page_size=page_size)


def asked_of(patient_id: str) -> list[CheckInRow]:
    """Everything a patient is still asked, or will be."""
    row = CheckInRow
    query = select(row).where(row.patient_id == patient_id, row.status == CheckInStatus.REQUESTED)
    return list(db.session.scalars(query.order_by(row.opens_at, row.id)))


def unanswered(at: datetime, limit: int) -> list[CheckInRow]:
    """Check-ins whose time has gone by without an answer."""
    c = CheckInRow
    query = select(c).where(c.status == CheckInStatus.REQUESTED, c.closes_at <= at)
    return list(db.session.scalars(query.order_by(c.closes_at).limit(limit)))


def totals(patient_id: str, questionnaire: str) -> list[tuple[datetime, int]]:
    """When a patient answered a form, and what it came to; oldest first."""
    r = ResponseRow
    query = select(r.answered_at, r.total).where(
        r.patient_id == patient_id, r.questionnaire == questionnaire, r.total.is_not(None)
    )
    rows = db.session.execute(query.order_by(r.answered_at))
    return [(at, total) for at, total in rows if total is not None]


def alert(clinic_id: str, alert_id: str) -> AlertRow | None:
    """An alert of this clinic."""
    a = AlertRow
    return db.session.scalar(select(a).where(a.clinic_id == clinic_id, a.id == alert_id))


def alerts(
    clinic_id: str,
    *,
    status: str | None,
    only_patients: Iterable[str] | None,
    page: int,
    page_size: int,
) -> tuple[list[AlertRow], int]:
    """A page of alerts, newest first, and how many there are."""
    query = select(AlertRow).where(AlertRow.clinic_id == clinic_id)
    if status:
        query = query.where(AlertRow.status == status)
    if only_patients is not None:
        query = query.where(AlertRow.patient_id.in_(sorted(only_patients)))
    query = query.order_by(AlertRow.raised_at.desc(), AlertRow.id)
    return page_of(query, page=page, page_size=page_size)


def alerts_of(clinic_id: str, patient_id: str) -> list[AlertRow]:
    """Every alert there ever was about a patient, newest first."""
    a = AlertRow
    query = select(a).where(a.clinic_id == clinic_id, a.patient_id == patient_id)
    return list(db.session.scalars(query.order_by(a.raised_at.desc(), a.id)))


def untaken_of(clinic_id: str, patient_ids: Iterable[str]) -> dict[str, int]:
    """How many alerts about each of these patients nobody has taken on."""
    a = AlertRow
    query = select(a.patient_id, func.count()).where(
        a.clinic_id == clinic_id,
        a.patient_id.in_(sorted(patient_ids)),
        a.status == AlertStatus.OPEN,
    )
    return dict(db.session.execute(query.group_by(a.patient_id)).all())


def lapsed_of(
    clinic_id: str, patient_ids: Iterable[str], at: datetime
) -> dict[str, tuple[int, int]]:
    """For each of these patients how many check-ins were missed, and how many are overdue."""
    c = CheckInRow
    late = (c.status == CheckInStatus.REQUESTED) & (c.due_at < at) & (c.closes_at > at)
    gone = c.status == CheckInStatus.FAILED
    query = select(
        c.patient_id, func.sum(case((gone, 1), else_=0)), func.sum(case((late, 1), else_=0))
    ).where(c.clinic_id == clinic_id, c.patient_id.in_(sorted(patient_ids)))
    rows = db.session.execute(query.group_by(c.patient_id))
    return {patient_id: (int(missed), int(overdue)) for patient_id, missed, overdue in rows}


def open_about(clinic_id: str) -> list[str]:
    """The patients whom alerts are about that nobody has taken on, once for each alert."""
    a = AlertRow
    query = select(a.patient_id).where(a.clinic_id == clinic_id, a.status == AlertStatus.OPEN)
    return list(db.session.scalars(query))


def climbing(at: datetime, limit: int) -> list[str]:
    """Alerts that nobody has acknowledged in time, by id."""
    a = AlertRow
    query = select(a.id).where(a.status == AlertStatus.OPEN, a.climbs_at <= at)
    return list(db.session.scalars(query.order_by(a.climbs_at).limit(limit)))


def anywhere(alert_id: str) -> AlertRow | None:
    """An alert of whatever clinic: for the clock, which serves all."""
    return db.session.get(AlertRow, alert_id)


def on_call(clinic_id: str) -> list[OnCallRow]:
    """A clinic's people on call, in the order in which they are told."""
    query = select(OnCallRow).where(OnCallRow.clinic_id == clinic_id)
    return list(db.session.scalars(query.order_by(OnCallRow.place)))
