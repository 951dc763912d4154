"""How a patient gets a login: a code from the clinic, kept only as its hash."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.sign_ins import UserRow
from server.persistence.types import At, Id, Instant, Ref, Title


class InvitationRow(Base):
    """One code for one patient, good once and until a time; a newer one takes its place."""

    __tablename__ = "invitation"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    code_hash: Mapped[Title] = mapped_column(unique=True)
    made_at: Mapped[At]
    expires_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it was used, or replaced by a newer one."""

    @property
    def is_open(self) -> bool:
        """Whether nobody has used or replaced it; its time may be over."""
        return self.ended_at is None


def by_code(code_hash: str) -> InvitationRow | None:
    """The invitation with this code, whatever became of it."""
    return db.session.scalar(select(InvitationRow).where(InvitationRow.code_hash == code_hash))


def open_of(patient_id: str) -> list[InvitationRow]:
    """Those of a patient that nobody has used or replaced."""
    i = InvitationRow
    query = select(i).where(i.patient_id == patient_id, i.ended_at.is_(None))
    return list(db.session.scalars(query))


def login_of(clinic_id: str, patient_id: str) -> UserRow | None:
    """The login a patient has already; the oldest, should there be several."""
    u = UserRow
    query = select(u).where(u.clinic_id == clinic_id, u.patient_id == patient_id)
    return db.session.scalar(query.order_by(u.made_at, u.id).limit(1))
