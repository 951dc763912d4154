"""What an edition of a protocol would do to series on others, as it was shown."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.series import SeriesRow
from server.persistence.types import At, Document, Id, Instant, Ref
from shared.vocabulary import SeriesStatus

RUNNING = (SeriesStatus.DRAFT, SeriesStatus.ACTIVE, SeriesStatus.ON_HOLD)


class ImpactRow(Base):
    """An impact on offer, whole. Applying proves it again; it may be stale by then."""

    __tablename__ = "impact"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    version_id: Mapped[Ref] = mapped_column(ForeignKey("protocol_version.id"), index=True)
    body: Mapped[Document]
    made_at: Mapped[At]
    expires_at: Mapped[At]
    applied_at: Mapped[datetime | None] = mapped_column(Instant)


def impact(clinic_id: str, impact_id: str) -> ImpactRow | None:
    """An impact of this clinic."""
    query = select(ImpactRow).where(ImpactRow.clinic_id == clinic_id, ImpactRow.id == impact_id)
    return db.session.scalar(query)


def running_on_others(version: ProtocolVersionRow) -> list[tuple[str, int]]:
    """Series on other editions of the same protocol that have not ended, and the number of the
    edition each is on; those ready first coming first."""
    s, v = SeriesRow, ProtocolVersionRow
    query = select(s.id, v.number).join(v, v.id == s.protocol_version_id)
    query = query.where(
        s.clinic_id == version.clinic_id,
        v.protocol_id == version.protocol_id,
        v.id != version.id,
        s.status.in_(RUNNING),
    )
    return [(each, number) for each, number in db.session.execute(query.order_by(s.ready_on, s.id))]
