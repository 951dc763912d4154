"""Repairs that were shown: what would change so that the bookings of a site hold again."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.appointments import AppointmentRow
from server.persistence.database import Base, db
from server.persistence.types import At, Document, Id, Instant, Ref
from shared.vocabulary import LIVE_APPOINTMENT


class RepairRow(Base):
    """A repair on offer, whole. Applying proves it again; it may be stale by then."""

    __tablename__ = "repair"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    site_id: Mapped[Ref] = mapped_column(ForeignKey("site.id"), index=True)
    body: Mapped[Document]
    made_at: Mapped[At]
    expires_at: Mapped[At]
    applied_at: Mapped[datetime | None] = mapped_column(Instant)


def repair(clinic_id: str, repair_id: str) -> RepairRow | None:
    """A repair of this clinic."""
    query = select(RepairRow).where(RepairRow.clinic_id == clinic_id, RepairRow.id == repair_id)
    return db.session.scalar(query)


def series_booked_after(site_id: str, now: datetime) -> list[str]:
    """Ids of series with a live appointment at a site that begins later; in a settled order."""
    query = (
        select(AppointmentRow.series_id)
        .where(
            AppointmentRow.site_id == site_id,
            AppointmentRow.starts_at > now,
            AppointmentRow.status.in_(LIVE_APPOINTMENT),
        )
        .distinct()
        .order_by(AppointmentRow.series_id)
    )
    return list(db.session.scalars(query))
