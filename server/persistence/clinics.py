"""Clinics, their sites with a time zone each, and the days a site is closed."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Id, Ref, Title


class ClinicRow(Base):
    """The one who owns everything else: every row carries its clinic."""

    __tablename__ = "clinic"

    id: Mapped[Id]
    title: Mapped[Title]
    made_at: Mapped[At]


class SiteRow(Base):
    """A place with its own clock."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("clinic_id", "title"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    title: Mapped[Title]
    time_zone: Mapped[str]
    grid_minutes: Mapped[int] = mapped_column(default=15)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class HolidayRow(Base):
    """A local date on which a whole site is closed."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("site_id", "on"),)

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    site_id: Mapped[Ref] = mapped_column(ForeignKey("site.id"))
    on: Mapped[date]
    title: Mapped[Title]


def site(clinic_id: str, site_id: str) -> SiteRow | None:
    """A site of this clinic."""
    return db.session.scalar(
        select(SiteRow).where(SiteRow.clinic_id == clinic_id, SiteRow.id == site_id)
    )


def holidays(site_id: str) -> list[date]:
    """The dates on which a site is closed, in order."""
    query = select(HolidayRow.on).where(HolidayRow.site_id == site_id).order_by(HolidayRow.on)
    return list(db.session.scalars(query))


def sites(clinic_id: str) -> list[SiteRow]:
    """Every site of a clinic, by title."""
    query = select(SiteRow).where(SiteRow.clinic_id == clinic_id)
    return list(db.session.scalars(query.order_by(SiteRow.title, SiteRow.id)))


def everywhere() -> list[SiteRow]:
    """Every site of every clinic."""
    return list(db.session.scalars(select(SiteRow).order_by(SiteRow.id)))


def closed_days(site_id: str) -> list[HolidayRow]:
    """A site's holidays with their names, in order of date."""
    query = select(HolidayRow).where(HolidayRow.site_id == site_id)
    return list(db.session.scalars(query.order_by(HolidayRow.on)))


def holiday(site_id: str, holiday_id: str) -> HolidayRow | None:
    """A holiday of this site."""
    query = select(HolidayRow).where(HolidayRow.site_id == site_id, HolidayRow.id == holiday_id)
    return db.session.scalar(query)


def first_site(clinic_id: str) -> SiteRow | None:
    """The clinic's first site by name, where somebody lands who asked for none."""
    query = select(SiteRow).where(SiteRow.clinic_id == clinic_id).order_by(SiteRow.title)
    return db.session.scalars(query).first()


def titled(title: str) -> ClinicRow | None:
    """A clinic of that name, wherever it stands."""
    return db.session.scalars(select(ClinicRow).where(ClinicRow.title == title)).first()
