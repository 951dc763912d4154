"""Practitioners with their credentials, and patients with when they can come."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.calendars import WeeklyHours
from server.persistence.database import Base, db
from server.persistence.types import At, Code, Id, Ref, Title


class PractitionerRow(Base):
    """Somebody who treats."""

    __tablename__ = "practitioner"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    title: Mapped[Title]
    role: Mapped[Code]
    version: Mapped[int] = mapped_column(default=1)

    credentials: Mapped[list["CredentialRow"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="CredentialRow.title"
    )

    __mapper_args__ = {"version_id_col": version}


class CredentialRow(Base):
    """A licence or certificate; past `expires_on` its holder cannot be claimed."""

    __tablename__ = "credential"
    __table_args__ = (UniqueConstraint("practitioner_id", "title"),)

    id: Mapped[Id]
    practitioner_id: Mapped[Ref] = mapped_column(ForeignKey("practitioner.id"), index=True)
    title: Mapped[Title]
    expires_on: Mapped[date | None]


class PatientRow(Base):
    """A patient: how to reach them, whom they named, and when they can come."""

    __tablename__ = "patient"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    site_id: Mapped[Ref] = mapped_column(ForeignKey("site.id"), index=True)
    full_name: Mapped[Title]
    language: Mapped[Code] = mapped_column(default="en")
    email: Mapped[Title] = mapped_column(default="")
    phone: Mapped[Code] = mapped_column(default="")
    contact_name: Mapped[Title] = mapped_column(default="")
    contact_phone: Mapped[Code] = mapped_column(default="")
    prefers: Mapped[str | None]
    weekly: Mapped[list[dict[str, object]] | None] = mapped_column(JSON)
    """Rows of days, opens, closes (minutes); None means always, [] never."""
    away: Mapped[list[str]] = mapped_column(JSON, default=list)
    """ISO dates on which the patient cannot come."""
    made_at: Mapped[At]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def weekly_hours(self) -> tuple[WeeklyHours, ...] | None:
        """The frozen rows, or None for always."""
        if self.weekly is None:
            return None
        return tuple(
            WeeklyHours(days=tuple(row["days"]), opens=row["opens"], closes=row["closes"])  # type: ignore[arg-type]
            for row in self.weekly
        )


def patient(clinic_id: str, patient_id: str) -> PatientRow | None:
    """A patient of this clinic."""
    query = select(PatientRow).where(PatientRow.clinic_id == clinic_id, PatientRow.id == patient_id)
    return db.session.scalar(query)


def practitioner(clinic_id: str, practitioner_id: str) -> PractitionerRow | None:
    """A practitioner of this clinic."""
    query = select(PractitionerRow).where(
        PractitionerRow.clinic_id == clinic_id, PractitionerRow.id == practitioner_id
    )
    return db.session.scalar(query)


def usable_until(clinic_id: str) -> dict[str, date]:
    """For each practitioner with an expiring credential, the first date one of them ends."""
    query = (
        select(CredentialRow.practitioner_id, func.min(CredentialRow.expires_on))
        .join(PractitionerRow, PractitionerRow.id == CredentialRow.practitioner_id)
        .where(
            PractitionerRow.clinic_id == clinic_id,
            CredentialRow.expires_on.is_not(None),
        )
        .group_by(CredentialRow.practitioner_id)
    )
    return dict(db.session.execute(query).tuples().all())
