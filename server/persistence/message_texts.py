"""A clinic's own words for its messages, where it does not use those that come with Tandem."""

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Code, Id, LongText, Ref


class MessageTextRow(Base):
    """What is told of one kind, in one language."""

    __tablename__ = "message_text"
    __table_args__ = (UniqueConstraint("clinic_id", "language", "kind"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    language: Mapped[Code]
    kind: Mapped[Code]
    text: Mapped[LongText]
    changed_at: Mapped[At]
    changed_by: Mapped[Code]


def own(clinic_id: str, language: str) -> dict[str, MessageTextRow]:
    """A clinic's own texts in a language, by kind."""
    row = MessageTextRow
    query = select(row).where(row.clinic_id == clinic_id, row.language == language)
    return {each.kind: each for each in db.session.scalars(query)}
