"""A clinic's own questionnaire is asked on a screen, as long as its licence holds."""

from datetime import timedelta

import pytest
from flask import Flask

from server.persistence import paperwork
from server.persistence.check_ins import CheckInRow
from server.persistence.check_ins import of_series as check_ins_of
from server.persistence.database import db
from server.services.access import Caller
from server.services.booking import booking
from server.services.check_ins import check_ins, questionnaire_loading, questionnaires
from server.services.check_ins.check_ins import Answered
from server.services.check_ins.paperwork import Filled, fill
from server.services.check_ins.questionnaire_loading import load, withdraw
from server.services.refusals import Conflict, Invalid, NotFound
from shared.vocabulary import CheckInStatus, PaperworkStatus, Role
from tests.builders import OWN_FORM
from tests.services.a_series import NOW, ShortClinic, short_clinic

WEEK = {"unit": "days", "min": 0, "target": 0, "max": 7, "evidence": "invented"}
ASKED = {"code": "worry", "title": "Worry", "instrument": "house-worries", "by": "patient"}
FIRST = {"from": "infusion", "which": "first", **WEEK}
LATER = NOW + timedelta(days=2)
CODE = "house-worries"


@pytest.fixture
def clinic(app: Flask) -> ShortClinic:
    del app
    return short_clinic(assessments=[{**ASKED, **FIRST}])


def booked(clinic: ShortClinic) -> str:
    series_id = clinic.enrolled()
    booking.book(clinic.by, series_id, clinic.plan(), expected_version=1, now=NOW)
    return series_id


def loaded(clinic: ShortClinic, **more: object) -> None:
    load(clinic.by, CODE, OWN_FORM | more, "Contract 17", now=NOW)


def catch_up() -> None:
    for clinic_id, series_id in questionnaire_loading.on_paper(100):
        questionnaire_loading.follow(clinic_id, series_id, now=NOW)


def how(series_id: str) -> tuple[str | None, str | None]:
    """How the form stands on a screen, and how on paper."""
    db.session.rollback()
    db.session.expire_all()
    screen, paper = check_ins_of(series_id).get("worry"), paperwork.of_series(series_id)
    return screen and screen.status, paper["worry"].status if "worry" in paper else None


def answered(clinic: ShortClinic, series_id: str) -> CheckInRow:
    row = check_ins_of(series_id)["worry"]
    patient = Caller(
        user_id="pat", clinic_id=clinic.by.clinic_id, role=Role.PATIENT, patient_id=row.patient_id
    )
    given = Answered(answers={"money": 1, "sleep": 1}, answered_at=LATER)
    check_ins.answer(patient, row.id, given, now=LATER)
    db.session.rollback()
    db.session.expire_all()
    return check_ins_of(series_id)["worry"]


def test_what_was_on_paper_is_asked_on_a_screen_once_the_clinic_has_loaded_it(
    clinic: ShortClinic,
) -> None:
    series_id = booked(clinic)
    assert how(series_id) == (None, PaperworkStatus.REQUESTED)
    loaded(clinic)
    catch_up()
    assert how(series_id) == (CheckInStatus.REQUESTED, PaperworkStatus.CANCELLED)
    assert questionnaire_loading.on_paper(100) == []


def test_its_score_and_its_alert_count_as_any_other(clinic: ShortClinic) -> None:
    loaded(clinic)
    series_id = booked(clinic)
    row = answered(clinic, series_id)
    assert row.response is not None
    assert (row.response.total, row.response.help_line) == (2, True)


def test_what_was_filled_in_on_paper_is_not_asked_again(clinic: ShortClinic) -> None:
    series_id = booked(clinic)
    paper = paperwork.of_series(series_id)["worry"]
    done = Filled(done_at=NOW, total=1)
    fill(clinic.by, paper.id, done, expected_version=paper.version, now=NOW)
    loaded(clinic)
    catch_up()
    assert how(series_id) == (None, PaperworkStatus.COMPLETED)


def test_a_form_that_was_answered_is_not_changed_under_the_answers(clinic: ShortClinic) -> None:
    loaded(clinic)
    answered(clinic, booked(clinic))
    loaded(clinic)  # the same again
    with pytest.raises(Conflict, match="answered"):
        loaded(clinic, title="Other worries")


def test_withdrawn_its_items_are_shown_to_nobody_and_who_must_answer_is_asked_on_paper(
    clinic: ShortClinic,
) -> None:
    loaded(clinic)
    series_id = booked(clinic)
    withdraw(clinic.by, CODE, now=NOW)
    with pytest.raises(NotFound):
        questionnaires.form(clinic.by.clinic_id, CODE)
    assert how(series_id) == (CheckInStatus.CANCELLED, PaperworkStatus.REQUESTED)
    loaded(clinic)
    catch_up()
    assert how(series_id) == (CheckInStatus.REQUESTED, PaperworkStatus.CANCELLED)


def test_nobody_elses_clinic_has_it(clinic: ShortClinic) -> None:
    loaded(clinic)
    with pytest.raises(NotFound):
        questionnaires.form(short_clinic().by.clinic_id, CODE)


def test_what_comes_with_tandem_is_not_replaced(clinic: ShortClinic) -> None:
    with pytest.raises(Conflict, match="unaltered"):
        load(clinic.by, "pcl-5", OWN_FORM | {"code": "pcl-5"}, "we changed it", now=NOW)
    with pytest.raises(Invalid, match=r"document\.code"):
        load(clinic.by, "another", OWN_FORM, "Contract 17", now=NOW)
