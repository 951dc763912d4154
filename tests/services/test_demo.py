from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import AlertRow
from server.persistence.clinics import SiteRow
from server.persistence.database import db
from server.persistence.people import PatientRow, PractitionerRow
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.series import HoldRow, SeriesRow
from server.persistence.waiting import WaitingRow
from server.services.access import Caller
from server.services.demo import opening
from server.services.demo.patients import SATURDAYS
from server.services.planning import planning
from server.services.record import doctor
from shared.vocabulary import (
    AppointmentStatus,
    Role,
    SeriesStatus,
    VersionStatus,
    VisitKind,
)

NOW = datetime(2027, 5, 12, 15, tzinfo=UTC)
"""A Wednesday, late morning at both sites."""


@pytest.fixture
def summary(app: Flask) -> opening.Summary:
    return opening.ensure(now=NOW)


def _count(query: object) -> int:
    return db.session.scalar(query) or 0


def test_the_demo_clinic_holds_what_a_real_one_would(summary: opening.Summary) -> None:
    assert {zone for (zone,) in db.session.execute(select(SiteRow.time_zone))} == {
        "America/New_York",
        "America/Denver",
    }
    assert _count(select(func.count()).select_from(PatientRow)) >= 60
    therapists = select(func.count()).select_from(PractitionerRow)
    assert _count(therapists.where(PractitionerRow.role == Role.THERAPIST)) == 8
    used = select(func.count(SeriesRow.protocol_version_id.distinct()))
    assert _count(used) >= 5
    assert summary.booked >= 50
    assert summary.breaches == 0

    past = AppointmentRow.status == AppointmentStatus.FULFILLED
    assert _count(select(func.count()).select_from(AppointmentRow).where(past)) > 200
    soon = AppointmentRow.starts_at.between(NOW, NOW + timedelta(days=14))
    assert _count(select(func.count()).select_from(AppointmentRow).where(soon)) > 80

    assert _count(select(func.count()).select_from(HoldRow).where(HoldRow.ended_at.is_(None))) == 1
    missed = list(
        db.session.scalars(
            select(AppointmentRow.kind).where(AppointmentRow.status == AppointmentStatus.NO_SHOW)
        )
    )
    assert {VisitKind.INFUSION, VisitKind.INTEGRATION} <= set(missed)
    assert len(missed) < 20

    versions = list(db.session.scalars(select(ProtocolVersionRow)))
    assert [v.status for v in versions if v.activated_at is None] == [VersionStatus.DRAFT]
    _the_day_is_half_over()
    _for_one_patient_there_is_no_plan_and_tandem_says_why()
    again = opening.ensure(now=NOW)
    assert (again.series, again.appointments) == (summary.series, summary.appointments)
    assert doctor.examine(now=NOW) == []


def _the_day_is_half_over() -> None:
    """Whoever opens the demo clinic finds people at several stages, some who wait, and alerts."""
    here = select(AppointmentRow.stage).where(AppointmentRow.status == AppointmentStatus.ARRIVED)
    assert _count(select(func.count()).select_from(here.subquery())) >= 1
    assert _count(select(func.count()).select_from(WaitingRow)) == 4
    assert _count(select(func.count()).select_from(AlertRow)) == 2
    gone = select(func.count()).select_from(AppointmentRow)
    assert _count(gone.where(AppointmentRow.status == AppointmentStatus.CANCELLED)) > 3


def _for_one_patient_there_is_no_plan_and_tandem_says_why() -> None:
    saturdays = next(
        row for row in db.session.scalars(select(PatientRow)) if row.weekly == SATURDAYS
    )
    row = db.session.scalars(select(SeriesRow).where(SeriesRow.patient_id == saturdays.id)).one()
    assert row.status == SeriesStatus.DRAFT
    by = Caller(user_id="somebody", clinic_id=row.clinic_id, role=Role.PRESCRIBER)
    offer = planning.propose(by, row.id, now=NOW)

    assert offer.plans == ()
    assert "patient-unavailable" in {obstacle["code"] for obstacle in offer.obstacles}
    assert all(obstacle["text"] for obstacle in offer.obstacles)


def test_the_demo_clinic_is_the_same_for_the_same_day(
    empty_sqlite_url: str, tmp_path: object
) -> None:
    from server.app import create_app
    from server.config import Settings
    from server.persistence import migrate

    told = []
    for number in range(2):
        url = empty_sqlite_url.replace(".sqlite3", f"-{number}.sqlite3")
        migrate.upgrade(url)
        with create_app(Settings(database_url=url, secret_key="x")).app_context():
            opening.ensure(now=NOW)
            told.append(_told())
            db.session.remove()
            db.engine.dispose()

    assert told[0] == told[1]
    assert len(told[0]) > 500


def _told() -> list[tuple[object, ...]]:
    query = select(PatientRow.full_name, AppointmentRow.visit_code, AppointmentRow.starts_at)
    query = query.join(PatientRow, PatientRow.id == AppointmentRow.patient_id)
    rows = db.session.execute(query.order_by(PatientRow.full_name, AppointmentRow.starts_at))
    return [tuple(row) for row in rows]
