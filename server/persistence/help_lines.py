"""Whom a patient can call: the clinic, and a line for a bad hour."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import Code, Title


class HelpLineRow(Base):
    """What a clinic set; without a row the usual one of its country holds."""

    __tablename__ = "help_line"

    clinic_id: Mapped[str] = mapped_column(ForeignKey("clinic.id"), primary_key=True)
    title: Mapped[Title]
    phone: Mapped[Code]
    clinic_phone: Mapped[Code] = mapped_column(default="")


def help_line(clinic_id: str) -> HelpLineRow | None:
    """What the clinic set, if it did."""
    return db.session.get(HelpLineRow, clinic_id)
