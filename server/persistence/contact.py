"""How a patient wants to be written to, and when the clock process last looked."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Code, Instant, Ref
from shared.vocabulary import ChannelName, MessageDetail


class ContactPreferenceRow(Base):
    """A patient's wishes; without a row those of `DEFAULT` hold. `stopped_at`: wants nothing."""

    __tablename__ = "contact_preference"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    channel: Mapped[Code] = mapped_column(default=ChannelName.EMAIL)
    detail: Mapped[Code] = mapped_column(default=MessageDetail.TIMES)
    time_zone: Mapped[Code] = mapped_column(default="")
    """Where the patient lives; empty means the site's."""
    quiet_from: Mapped[int] = mapped_column(default=21 * 60)
    quiet_until: Mapped[int] = mapped_column(default=7 * 60)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def stopped(self) -> bool:
        """Whether the patient wants to hear nothing."""
        return self.stopped_at is not None


class ConfirmationRow(Base):
    """A patient's word that they come, for one time of an appointment."""

    __tablename__ = "confirmation"

    appointment_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    schedule_version: Mapped[int]
    confirmed_at: Mapped[At]


class TickRow(Base):
    """When each job of the clock last ran through: what the watchdog looks at."""

    __tablename__ = "tick"

    job: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[At]


def preference(clinic_id: str, patient_id: str) -> ContactPreferenceRow:
    """A patient's wishes, or a row with the usual ones that is not kept yet."""
    found = db.session.get(ContactPreferenceRow, patient_id)
    if found is not None and found.clinic_id == clinic_id:
        return found
    return usual(clinic_id, patient_id)


def preferences(patient_ids: Iterable[str]) -> dict[str, ContactPreferenceRow]:
    """The wishes of those who have said any."""
    row = ContactPreferenceRow
    query = select(row).where(row.patient_id.in_(list(patient_ids)))
    return {each.patient_id: each for each in db.session.scalars(query)}


def usual(clinic_id: str, patient_id: str) -> ContactPreferenceRow:
    """What holds for who has said nothing; a row that is not kept."""
    return ContactPreferenceRow(
        patient_id=patient_id,
        clinic_id=clinic_id,
        channel=ChannelName.EMAIL,
        detail=MessageDetail.TIMES,
        time_zone="",
        quiet_from=21 * 60,
        quiet_until=7 * 60,
        version=1,
    )


def confirmation(appointment_id: str) -> ConfirmationRow | None:
    """What a patient said about an appointment."""
    return db.session.get(ConfirmationRow, appointment_id)


def ticked(job: str, at: datetime) -> None:
    """A job ran through."""
    db.session.merge(TickRow(job=job, at=at))


def last_tick(job: str) -> datetime | None:
    """When a job last ran through."""
    row = db.session.get(TickRow, job)
    return row.at if row else None


def last_sign_of_life() -> datetime | None:
    """When any job last ran through."""
    return db.session.scalar(select(TickRow.at).order_by(TickRow.at.desc()).limit(1))
