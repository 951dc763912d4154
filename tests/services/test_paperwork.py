"""Forms that the clinic fills in itself are asked for, told of in time, and never given up."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from server.persistence import outbox, paperwork
from server.persistence.check_ins import of_series as check_ins_of
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.paperwork import PaperworkRow
from server.persistence.transactions import transaction
from server.services.booking import booking
from server.services.check_ins import paperwork as service
from server.services.check_ins.paperwork import Filled
from server.services.record import doctor
from server.services.refusals import Conflict, Invalid, Stale
from shared.vocabulary import (
    AppointmentStatus,
    CheckInStatus,
    MessageStatus,
    PaperworkStatus,
    ReminderKind,
    Role,
)
from tests.builders import make_user
from tests.services.a_series import NOW, ShortClinic, short_clinic
from tests.services.test_follow_ups import said, visit

A = AppointmentStatus
WEEK = {"unit": "days", "min": 0, "target": 0, "max": 7, "evidence": "invented"}
ASKED = [
    {"code": "form", "title": "Monitoring form", "instrument": "monitoring", "by": "clinician"},
    {"code": "worry", "title": "Worry", "instrument": "not-kept-here", "by": "patient"},
    {"code": "ptsd", "title": "PTSD", "instrument": "pcl-5", "by": "patient"},
]
AFTER_THE_FIRST = {"from": "infusion", "which": "first", **WEEK}


@pytest.fixture
def clinic(app: Flask) -> ShortClinic:
    del app
    made = short_clinic(assessments=[{**each, **AFTER_THE_FIRST} for each in ASKED])
    with transaction():
        make_user(made.by.clinic_id, Role.PRESCRIBER, "drew@clinic.example")
    return made


@pytest.fixture
def series_id(clinic: ShortClinic) -> str:
    found = clinic.enrolled()
    booking.book(clinic.by, found, clinic.plan(), expected_version=1, now=NOW)
    return found


def form(series_id: str, code: str = "form") -> PaperworkRow:
    db.session.rollback()
    db.session.expire_all()
    return paperwork.of_series(series_id)[code]


def filled(clinic: ShortClinic, row: PaperworkRow, **more: object) -> PaperworkRow:
    values = {"done_at": NOW, "total": None, **more}
    version = row.version
    return service.fill(
        clinic.by,
        row.id,
        Filled(**values),  # type: ignore[arg-type]
        expected_version=version,
        now=NOW + timedelta(days=3),
    )


def told(row: PaperworkRow) -> list[str]:
    db.session.expire_all()
    found = db.session.query(OutboxMessageRow).filter_by(
        kind=ReminderKind.PAPERWORK_DUE, subject_id=row.id
    )
    return [each.status for each in found.order_by(OutboxMessageRow.due_at)]


def due_now(row: PaperworkRow, closes_in: timedelta) -> None:
    """As if the form had come due, and had so long left."""
    with transaction() as session:
        at = outbox.now()
        values = {"tell_at": at, "due_at": at, "closes_at": at + closes_in}
        session.execute(update(PaperworkRow).where(PaperworkRow.id == row.id).values(values))


def tell() -> None:
    for clinic_id, one in service.to_tell(100):
        service.tell(clinic_id, one)


def test_the_clinic_is_asked_for_its_own_forms_and_the_patient_only_for_what_is_kept_here(
    series_id: str,
) -> None:
    assert set(paperwork.of_series(series_id)) == {"form", "worry"}
    assert set(check_ins_of(series_id)) == {"ptsd"}


def test_a_form_within_seven_days_of_the_visit_is_due_on_its_day_and_open_through_the_seventh(
    series_id: str,
) -> None:
    infusion, row = visit(series_id, "infusion-1").starts_at, form(series_id)
    assert infusion.date().isoformat() == "2027-03-02"
    assert row.closes_at == datetime(2027, 3, 10, 5, tzinfo=UTC)  # midnight in New York
    assert row.opens_at <= row.due_at <= row.opens_at + timedelta(hours=12)


def test_staff_are_told_when_it_is_due_and_on_its_last_morning_and_no_third_time(
    series_id: str,
) -> None:
    due_now(form(series_id), timedelta(days=3))
    tell()
    tell()
    assert len(told(form(series_id))) == 1

    again = form(series_id).tell_at
    assert again is not None
    assert timedelta(0) < form(series_id).closes_at - again < timedelta(hours=25)
    with transaction() as session:
        session.execute(
            update(PaperworkRow)
            .where(PaperworkRow.id == form(series_id).id)
            .values(tell_at=outbox.now(), closes_at=outbox.now())
        )
    tell()
    tell()
    assert len(told(form(series_id))) == 2
    assert form(series_id).status == PaperworkStatus.REQUESTED  # overdue, and still asked for


def test_what_was_filled_in_is_told_of_no_more(clinic: ShortClinic, series_id: str) -> None:
    due_now(form(series_id), timedelta(days=3))
    tell()
    done = filled(clinic, form(series_id), total=31, note="by phone")
    assert (done.status, done.total, done.note) == (PaperworkStatus.COMPLETED, 31, "by phone")
    assert told(form(series_id)) == [MessageStatus.STOPPED]
    tell()
    assert len(told(form(series_id))) == 1


def test_a_wrong_score_is_corrected_and_two_at_once_are_told_apart(
    clinic: ShortClinic, series_id: str
) -> None:
    seen = form(series_id)
    first = seen.version
    filled(clinic, seen, total=31)
    with pytest.raises(Stale):
        service.fill(
            clinic.by, seen.id, Filled(done_at=NOW, total=9), expected_version=first, now=NOW
        )
    filled(clinic, form(series_id), total=13)
    assert form(series_id).total == 13


def test_no_form_was_filled_in_tomorrow(clinic: ShortClinic, series_id: str) -> None:
    with pytest.raises(Invalid, match="done_at"):
        filled(clinic, form(series_id), done_at=NOW + timedelta(days=4))


def test_a_form_moves_with_its_visit_and_ends_with_it(clinic: ShortClinic, series_id: str) -> None:
    before = form(series_id).closes_at
    infusion = visit(series_id, "infusion-1")
    said(clinic, series_id, "infusion-1", A.NO_SHOW, infusion.ends_at)
    assert form(series_id).status == PaperworkStatus.CANCELLED
    with pytest.raises(Conflict):
        filled(clinic, form(series_id))

    said(clinic, series_id, "infusion-1", A.FULFILLED, infusion.ends_at)
    assert form(series_id).status == PaperworkStatus.REQUESTED
    assert form(series_id).closes_at == before
    assert doctor.examine(now=infusion.ends_at) == []


def test_who_came_after_all_is_asked_again_how_they_are(
    clinic: ShortClinic, series_id: str
) -> None:
    ends_at = visit(series_id, "infusion-1").ends_at
    said(clinic, series_id, "infusion-1", A.NO_SHOW, ends_at)
    assert check_ins_of(series_id)["ptsd"].status == CheckInStatus.CANCELLED
    said(clinic, series_id, "infusion-1", A.FULFILLED, ends_at)
    db.session.expire_all()
    assert check_ins_of(series_id)["ptsd"].status == CheckInStatus.REQUESTED
