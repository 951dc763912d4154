"""A form that came after its sender was signed out, kept for an hour until they are back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, delete
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Ref

LASTS = timedelta(hours=1)


class KeptFormRow(Base):
    """The last one of a user: where it was sent to, and its fields in their order."""

    __tablename__ = "kept_form"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    address: Mapped[str]
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    kept_at: Mapped[At]


def of_user(user_id: str, now: datetime) -> KeptFormRow | None:
    """What is kept for a user."""
    row = db.session.get(KeptFormRow, user_id)
    return row if row is not None and row.kept_at > now - LASTS else None


def put(row: Mapping[str, object]) -> None:
    """Keep one, instead of an earlier one of that user; old ones of anybody go."""
    drop(str(row["user_id"]))
    db.session.add(KeptFormRow(**row))
    db.session.flush()


def drop(user_id: str) -> None:
    """Keep nothing of a user any more."""
    db.session.execute(delete(KeptFormRow).where(KeptFormRow.user_id == user_id))


def drop_old(now: datetime) -> None:
    """Keep nothing longer than it lasts."""
    db.session.execute(delete(KeptFormRow).where(KeptFormRow.kept_at <= now - LASTS))
