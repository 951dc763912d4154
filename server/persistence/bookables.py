"""Chairs, rooms, pools and practitioners as something that can be claimed, and when they work."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.calendars import AvailabilityException, Bookable, WeeklyHours
from server.persistence.clinics import SiteRow
from server.persistence.database import Base, db
from server.persistence.pages import page_of
from server.persistence.types import Code, Id, Ref, Title
from shared.vocabulary import BookableKind


class BookableRow(Base):
    """Something an appointment can claim. Without a site it serves every site of its clinic.

    `capacity` is the most it can ever hold; the database refuses more at any instant. What it
    holds hour by hour stands in its availability.
    """

    __tablename__ = "bookable"
    __table_args__ = (
        UniqueConstraint("clinic_id", "site_id", "code"),
        CheckConstraint("capacity >= 0 AND capacity <= 1000", name="capacity_in_range"),
    )

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id"), index=True)
    kind: Mapped[Code]
    code: Mapped[Code]
    title: Mapped[Title]
    capacity: Mapped[int] = mapped_column(default=1)
    practitioner_id: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"), index=True)
    retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    weekly: Mapped[list["AvailabilityRow"]] = relationship(
        order_by="AvailabilityRow.place", cascade="all, delete-orphan", lazy="selectin"
    )
    exceptions: Mapped[list["AvailabilityExceptionRow"]] = relationship(
        order_by="AvailabilityExceptionRow.place",
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    __mapper_args__ = {"version_id_col": version}

    def to_domain(
        self, closed_on: Iterable[date] = (), usable_until: date | None = None
    ) -> Bookable:
        """As planner and booking know it; holidays come first, so that an exception can open."""
        closed = tuple(AvailabilityException(on=day, capacity=0) for day in closed_on)
        return Bookable(
            id=self.id,
            kind=BookableKind(self.kind),
            title=self.title,
            weekly=() if self.retired else tuple(row.to_domain() for row in self.weekly),
            exceptions=()
            if self.retired
            else closed + tuple(r.to_domain() for r in self.exceptions),
            usable_until=usable_until,
        )


class AvailabilityRow(Base):
    """Weekly hours: local minutes after midnight, weekdays with Monday 0."""

    __tablename__ = "availability"

    id: Mapped[Id]
    bookable_id: Mapped[Ref] = mapped_column(ForeignKey("bookable.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)
    days: Mapped[list[int]] = mapped_column(JSON)
    opens: Mapped[int]
    closes: Mapped[int]
    capacity: Mapped[int] = mapped_column(default=1)

    def to_domain(self) -> WeeklyHours:
        """The frozen value."""
        return WeeklyHours(
            days=tuple(self.days),
            opens=self.opens,
            closes=self.closes,
            capacity=self.capacity,
        )


class AvailabilityExceptionRow(Base):
    """Another capacity on one local date, for some hours or the whole day."""

    __tablename__ = "availability_exception"

    id: Mapped[Id]
    bookable_id: Mapped[Ref] = mapped_column(ForeignKey("bookable.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)
    on: Mapped[date]
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    capacity: Mapped[int] = mapped_column(default=0)
    reason: Mapped[Title] = mapped_column(default="")

    def to_domain(self) -> AvailabilityException:
        """The frozen value."""
        return AvailabilityException(
            on=self.on, opens=self.opens, closes=self.closes, capacity=self.capacity
        )


def at_site(clinic_id: str, site_id: str, of: Collection[str] | None = None) -> list[BookableRow]:
    """Everything a visit at this site can claim, those that serve every site included; of these
    ids only where they are given."""
    here = or_(BookableRow.site_id == site_id, BookableRow.site_id.is_(None))
    query = select(BookableRow).where(BookableRow.clinic_id == clinic_id, here)
    if of is not None:
        query = query.where(BookableRow.id.in_(sorted(of)))
    return list(db.session.scalars(query.order_by(BookableRow.code)))


def ids_by_code(clinic_id: str, site_id: str) -> dict[str, str]:
    """What each code of a protocol means at a site; the site's own before one that serves all."""
    here = or_(BookableRow.site_id == site_id, BookableRow.site_id.is_(None))
    query = select(BookableRow.code, BookableRow.id).where(
        BookableRow.clinic_id == clinic_id, here, BookableRow.retired.is_(False)
    )
    return dict(db.session.execute(query.order_by(BookableRow.site_id.is_not(None))).all())


def bookable(clinic_id: str, bookable_id: str) -> BookableRow | None:
    """A bookable of this clinic."""
    query = select(BookableRow).where(
        BookableRow.clinic_id == clinic_id, BookableRow.id == bookable_id
    )
    return db.session.scalar(query)


def practising(site_id: str, kind: BookableKind) -> list[str]:
    """The ids of the practitioners of one kind who can be chosen at a site, in order of code."""
    clinic = select(SiteRow.clinic_id).where(SiteRow.id == site_id).scalar_subquery()
    query = select(BookableRow.id).where(
        BookableRow.clinic_id == clinic,
        or_(BookableRow.site_id == site_id, BookableRow.site_id.is_(None)),
        BookableRow.kind == kind,
        BookableRow.practitioner_id.is_not(None),
        BookableRow.retired.is_(False),
    )
    return list(db.session.scalars(query.order_by(BookableRow.code)))


def capacities(bookable_ids: Iterable[str]) -> dict[str, int]:
    """The most each of these can ever hold."""
    query = select(BookableRow.id, BookableRow.capacity)
    found = db.session.execute(query.where(BookableRow.id.in_(set(bookable_ids))))
    return dict(found.all())


def of_clinic(
    clinic_id: str,
    *,
    site_id: str | None = None,
    kind: str | None = None,
    page: int = 1,
    page_size: int = 100,
) -> tuple[list[BookableRow], int]:
    """A page of what a clinic can claim, in order of code, and how much there is.

    With a site, what serves every site is included.
    """
    query = select(BookableRow).where(BookableRow.clinic_id == clinic_id)
    if site_id:
        query = query.where(or_(BookableRow.site_id == site_id, BookableRow.site_id.is_(None)))
    if kind:
        query = query.where(BookableRow.kind == kind)
    query = query.order_by(BookableRow.code, BookableRow.id)
    return page_of(query, page=page, page_size=page_size)


def coded(clinic_id: str, site_id: str | None, code: str) -> list[BookableRow]:
    """Those a code would mean at a site; without a site, those of any site and of all."""
    query = select(BookableRow).where(BookableRow.clinic_id == clinic_id, BookableRow.code == code)
    if site_id:
        query = query.where(or_(BookableRow.site_id == site_id, BookableRow.site_id.is_(None)))
    return list(db.session.scalars(query))
