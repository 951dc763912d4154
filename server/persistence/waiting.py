"""Who waits for a sooner time, which times came free, and to whom they were offered."""

from collections.abc import Collection
from contextvars import ContextVar
from datetime import date, datetime
from typing import cast

from sqlalchemy import JSON, ForeignKey, Index, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.calendars import Claim
from server.persistence.appointments import AppointmentRow
from server.persistence.database import Base, db
from server.persistence.outbox import clock
from server.persistence.pages import page_of
from server.persistence.series import SeriesRow
from server.persistence.types import At, Code, Id, Instant, Ref, new_id
from shared.vocabulary import FreedStatus, OfferStatus

WAITS = "ended_at IS NULL"


class WaitingRow(Base):
    """A patient waits for a time for one visit of a series: a sooner one where it has one.

    Only local dates from `not_before` to `not_after` and weekdays in `weekdays` (Monday is 0;
    empty: any) will do, and no sooner than `notice_hours` from the offer.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        Index(
            "uq_waiting_open",
            "series_id",
            "visit_code",
            unique=True,
            postgresql_where=text(WAITS),
            sqlite_where=text(WAITS),
        ),
    )

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    series_id: Mapped[Ref] = mapped_column(ForeignKey("series.id"))
    visit_code: Mapped[Code]
    not_before: Mapped[date | None]
    not_after: Mapped[date | None]
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    notice_hours: Mapped[int] = mapped_column(default=24)
    made_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class FreedTimeRow(Base):
    """A stretch that an appointment gave up. While `held_until` lies ahead its `claims` are kept
    for those it is offered to; `next_look_at` is when somebody is looked for again."""

    __tablename__ = "freed_time"
    __table_args__ = (Index("ix_freed_time_site_id_status", "site_id", "status"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    site_id: Mapped[Ref] = mapped_column(ForeignKey("site.id"))
    appointment_id: Mapped[Ref] = mapped_column(ForeignKey("appointment.id"))
    kind: Mapped[Code]
    starts_at: Mapped[At]
    ends_at: Mapped[At]
    claims: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    status: Mapped[Code] = mapped_column(default=FreedStatus.OPEN)
    offered: Mapped[bool] = mapped_column(default=False)
    """Somebody of the staff wants it offered, whatever the clinic's habit."""
    held_until: Mapped[datetime | None] = mapped_column(Instant)
    next_look_at: Mapped[At]
    made_at: Mapped[At]
    version: Mapped[int] = mapped_column(default=1)

    offers: Mapped[list["SlotOfferRow"]] = relationship(
        lazy="selectin", order_by="SlotOfferRow.made_at"
    )

    __mapper_args__ = {"version_id_col": version}


class SlotOfferRow(Base):
    """A freed time offered to one who waits; `plan` is what is booked or moved if they take it."""

    __tablename__ = "slot_offer"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    freed_time_id: Mapped[Ref] = mapped_column(ForeignKey("freed_time.id"), index=True)
    waiting_id: Mapped[Ref] = mapped_column(ForeignKey("waiting.id"), index=True)
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patient.id"), index=True)
    series_id: Mapped[Ref] = mapped_column(ForeignKey("series.id"))
    visit_code: Mapped[Code]
    starts_at: Mapped[At]
    time_zone: Mapped[Code]
    plan: Mapped[dict[str, object]] = mapped_column(JSON)
    status: Mapped[Code] = mapped_column(default=OfferStatus.OFFERED)
    made_at: Mapped[At]
    expires_at: Mapped[At]
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Whether it may still be taken."""
        return self.status == OfferStatus.OFFERED


W, F, S = WaitingRow, FreedTimeRow, SlotOfferRow
serving: ContextVar[str | None] = ContextVar("serving", default=None)
"""The freed time that is just being given to somebody: its hold does not stand against them."""


def note_freed(row: AppointmentRow, now: datetime) -> None:
    """Put down, in the present transaction, the stretch that an appointment gives up."""
    claims = [_as_json(claim.to_domain()) for claim in row.claims if claim.units > 0]
    db.session.add(
        F(
            id=new_id(),
            clinic_id=row.clinic_id,
            site_id=row.site_id,
            appointment_id=row.id,
            kind=row.kind,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            claims=claims,
            next_look_at=now,
            made_at=now,
        )
    )


def _as_json(claim: Claim) -> dict[str, object]:
    return {
        "bookable": claim.bookable_id,
        "from": claim.starts_at.isoformat(),
        "to": claim.ends_at.isoformat(),
        "units": claim.units,
    }


def _claim(body: dict[str, object]) -> Claim:
    return Claim(
        bookable_id=str(body["bookable"]),
        starts_at=datetime.fromisoformat(str(body["from"])),
        ends_at=datetime.fromisoformat(str(body["to"])),
        units=cast(int, body["units"]),
    )


def held(
    site_id: str, bookable_ids: Collection[str], *, start: datetime, end: datetime
) -> list[Claim]:
    """What is kept at a site, between two instants, for those it was offered to; by the database's
    clock."""
    query = select(F.claims).where(
        F.site_id == site_id,
        F.status == FreedStatus.OPEN,
        F.held_until > clock(),
        F.starts_at < end,
        F.ends_at > start,
    )
    if (mine := serving.get()) is not None:
        query = query.where(F.id != mine)
    found = [_claim(each) for claims in db.session.scalars(query) for each in claims]
    return [each for each in found if each.bookable_id in bookable_ids]


def waits(site_id: str) -> bool:
    """Whether anybody waits for a time at a site."""
    query = select(W.id).join(SeriesRow, SeriesRow.id == W.series_id)
    query = query.where(SeriesRow.site_id == site_id, text(WAITS)).limit(1)
    return db.session.scalar(query) is not None


def in_fair_order(site_id: str) -> list[WaitingRow]:
    """Everybody who waits at a site: those who were offered the fewest times first, and of these
    those who have waited longest."""
    offered = select(func.count()).where(S.waiting_id == W.id).scalar_subquery()
    query = select(W).join(SeriesRow, SeriesRow.id == W.series_id)
    query = query.where(SeriesRow.site_id == site_id, text(WAITS))
    return list(db.session.scalars(query.order_by(offered, W.made_at, W.id)))


def entry(clinic_id: str, waiting_id: str) -> WaitingRow | None:
    """One of this clinic."""
    return db.session.scalar(select(W).where(W.clinic_id == clinic_id, W.id == waiting_id))


def open_entry(series_id: str, visit_code: str) -> WaitingRow | None:
    """Who waits for a time for this visit."""
    query = select(W).where(W.series_id == series_id, W.visit_code == visit_code, text(WAITS))
    return db.session.scalar(query)


def entries(
    clinic_id: str, *, only_patients: Collection[str] | None, page: int, page_size: int
) -> tuple[list[WaitingRow], int]:
    """A page of those who wait, longest first, and how many there are."""
    query = select(W).where(W.clinic_id == clinic_id, text(WAITS))
    if only_patients is not None:
        query = query.where(W.patient_id.in_(sorted(only_patients)))
    return page_of(query.order_by(W.made_at, W.id), page=page, page_size=page_size)


def of_patient(clinic_id: str, patient_id: str) -> list[WaitingRow]:
    """What a patient waits for."""
    query = select(W).where(W.clinic_id == clinic_id, W.patient_id == patient_id, text(WAITS))
    return list(db.session.scalars(query.order_by(W.made_at, W.id)))


def freed(clinic_id: str, freed_id: str) -> FreedTimeRow | None:
    """A freed time of this clinic."""
    return db.session.scalar(select(F).where(F.clinic_id == clinic_id, F.id == freed_id))


def freed_by(appointment_ids: list[str]) -> list[FreedTimeRow]:
    """The times still open that these appointments gave up."""
    query = select(F).where(F.appointment_id.in_(appointment_ids), F.status == FreedStatus.OPEN)
    return list(db.session.scalars(query))


def freed_times(
    clinic_id: str, *, after: datetime, page: int, page_size: int
) -> tuple[list[FreedTimeRow], int]:
    """A page of the times still open that begin after an instant, soonest first."""
    query = select(F).where(
        F.clinic_id == clinic_id, F.status == FreedStatus.OPEN, F.starts_at > after
    )
    return page_of(query.order_by(F.starts_at, F.id), page=page, page_size=page_size)


def to_look_at(at: datetime, limit: int) -> list[tuple[str, str]]:
    """Clinic and id of open freed times that somebody is to be looked for now."""
    query = select(F.clinic_id, F.id).where(F.status == FreedStatus.OPEN, F.next_look_at <= at)
    query = query.order_by(F.starts_at).limit(limit)
    return [(clinic, one) for clinic, one in db.session.execute(query)]


def offer(clinic_id: str, offer_id: str) -> SlotOfferRow | None:
    """An offer of this clinic."""
    return db.session.scalar(select(S).where(S.clinic_id == clinic_id, S.id == offer_id))


def offers_to(clinic_id: str, patient_id: str) -> list[SlotOfferRow]:
    """Everything offered to a patient, newest first."""
    query = select(S).where(S.clinic_id == clinic_id, S.patient_id == patient_id)
    return list(db.session.scalars(query.order_by(S.made_at.desc(), S.id).limit(50)))
