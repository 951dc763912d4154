"""Who takes a patient home from an appointment."""

from collections.abc import Iterable

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Code, Ref, Title


class RideHomeRow(Base):
    """The companion that a patient named; it holds whatever time the appointment is given."""

    __tablename__ = "ride_home"

    appointment_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    name: Mapped[Title]
    phone: Mapped[Code]
    named_at: Mapped[At]


def ride(appointment_id: str) -> RideHomeRow | None:
    """Who was named for an appointment."""
    return db.session.get(RideHomeRow, appointment_id)


def rides(appointment_ids: Iterable[str]) -> dict[str, RideHomeRow]:
    """Who was named, by appointment."""
    wanted = RideHomeRow.appointment_id.in_(sorted(appointment_ids))
    return {
        row.appointment_id: row for row in db.session.scalars(select(RideHomeRow).where(wanted))
    }


def last_named(clinic_id: str, patient_id: str) -> RideHomeRow | None:
    """The companion a patient named last, who is offered the next time."""
    r = RideHomeRow
    query = select(r).where(r.clinic_id == clinic_id, r.patient_id == patient_id)
    return db.session.scalars(query.order_by(r.named_at.desc(), r.appointment_id)).first()
