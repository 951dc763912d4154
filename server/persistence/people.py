"""Practitioners with their credentials, and patients with when they can come."""

import unicodedata
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from server.domain.calendars import WeeklyHours
from server.domain.replies import number_key
from server.persistence.database import Base, db
from server.persistence.pages import page_of
from server.persistence.types import At, Code, Id, LongText, Ref, Title

if TYPE_CHECKING:
    from server.persistence.bookables import BookableRow


class PractitionerRow(Base):
    """Somebody who treats."""

    __tablename__ = "practitioner"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    title: Mapped[Title]
    role: Mapped[Code]
    version: Mapped[int] = mapped_column(default=1)

    bookable: Mapped["BookableRow | None"] = relationship("BookableRow", lazy="selectin")
    """What appointments claim of a therapist or prescriber; a nurse is claimed from a pool."""
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
    name_key: Mapped[LongText]
    """The name as people type it into a search; follows `full_name` by itself."""
    language: Mapped[Code] = mapped_column(default="en")
    email: Mapped[Title] = mapped_column(default="")
    phone: Mapped[Code] = mapped_column(default="")
    phone_key: Mapped[Code] = mapped_column(default="", index=True)
    """The digits of `phone`, by which an answer finds its sender; follows it by itself."""
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

    @validates("full_name")
    def _follow_name(self, _column: str, name: str) -> str:
        self.name_key = name_key(name)
        return name

    @validates("phone")
    def _follow_phone(self, _column: str, phone: str) -> str:
        self.phone_key = number_key(phone)
        return phone

    def weekly_hours(self) -> tuple[WeeklyHours, ...] | None:
        """The frozen rows, or None for always."""
        if self.weekly is None:
            return None
        return tuple(
            WeeklyHours(days=tuple(row["days"]), opens=row["opens"], closes=row["closes"])  # type: ignore[arg-type]
            for row in self.weekly
        )


def name_key(name: str) -> str:
    """A name without case and accents, so that "zoe" finds "Zoë" on either database."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def patient(clinic_id: str, patient_id: str) -> PatientRow | None:
    """A patient of this clinic."""
    query = select(PatientRow).where(PatientRow.clinic_id == clinic_id, PatientRow.id == patient_id)
    return db.session.scalar(query)


def names(clinic_id: str, patient_ids: Collection[str]) -> dict[str, str]:
    """What these patients of the clinic are called, by id."""
    query = select(PatientRow.id, PatientRow.full_name).where(
        PatientRow.clinic_id == clinic_id, PatientRow.id.in_(sorted(patient_ids))
    )
    return dict(db.session.execute(query).all())


def language_of(patient_id: str) -> str:
    """The language a patient reads."""
    return db.session.get_one(PatientRow, patient_id).language


def with_number(key: str) -> list[PatientRow]:
    """Everybody, of any clinic, with this phone (as by `number_key`)."""
    if not key:
        return []
    query = select(PatientRow).where(PatientRow.phone_key == key).order_by(PatientRow.id)
    return list(db.session.scalars(query))


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
    return {who: on for who, on in db.session.execute(query) if on is not None}


def patients(
    clinic_id: str,
    *,
    name: str = "",
    site_id: str | None = None,
    only: Collection[str] | None = None,
    page: int = 1,
    page_size: int = 100,
) -> tuple[list[PatientRow], int]:
    """A page of patients whose name holds `name`, in order of name, and how many there are."""
    query = select(PatientRow).where(PatientRow.clinic_id == clinic_id)
    if key := name_key(name):
        query = query.where(PatientRow.name_key.contains(key, autoescape=True))
    if site_id:
        query = query.where(PatientRow.site_id == site_id)
    if only is not None:
        query = query.where(PatientRow.id.in_(sorted(only)))
    query = query.order_by(PatientRow.name_key, PatientRow.id)
    return page_of(query, page=page, page_size=page_size)


def practitioners(
    clinic_id: str, *, page: int = 1, page_size: int = 100
) -> tuple[list[PractitionerRow], int]:
    """A page of practitioners, in order of name, and how many there are."""
    query = select(PractitionerRow).where(PractitionerRow.clinic_id == clinic_id)
    query = query.order_by(PractitionerRow.title, PractitionerRow.id)
    return page_of(query, page=page, page_size=page_size)


def known(clinic_id: str) -> list[tuple[str, ...]]:
    """Everybody of a clinic as an import tells them apart: patients also by e-mail and phone."""
    who = select(PatientRow.name_key, PatientRow.email, PatientRow.phone)
    patients = db.session.execute(who.where(PatientRow.clinic_id == clinic_id))
    staff = select(PractitionerRow.role, PractitionerRow.title)
    practitioners = db.session.execute(staff.where(PractitionerRow.clinic_id == clinic_id))
    return [
        *(("patient", name, email.casefold(), phone) for name, email, phone in patients),
        *((role, name_key(title)) for role, title in practitioners),
    ]
