"""Check-ins from the phone to a real clinic: whole forms, with their own time, once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mobile import background
from mobile.patient_phone import PatientPhone
from mobile.viewmodels import check_ins, history
from mobile.viewmodels.answering import AnsweringModel
from tests.demo_clinic import EMAIL, PASSWORD
from tests.mobile.conftest import QUICK


@pytest.fixture
def phone(open_clinic: str, tmp_path: Path) -> Iterator[PatientPhone]:
    phone = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)
    phone.call_at(open_clinic)
    phone.sign_in(EMAIL, PASSWORD, lambda _: None)
    phone.choose_pin("4826")
    phone.sync()
    yield phone
    phone.close()


def model_of(phone: PatientPhone, form: str) -> AnsweringModel:
    """The first open check-in with this form."""
    document = phone.document("today") or {}
    by_id = {each["id"]: each["questionnaire"] for each in document["check_ins"]}
    found = [each.id for each in check_ins.open_now(phone) if by_id[each.id] == form]
    return AnsweringModel(phone, found[0])


def test_a_whole_pcl_5_reaches_the_clinic_and_shows_as_a_point(phone: PatientPhone) -> None:
    model = model_of(phone, "pcl-5")
    while (question := model.question()) is not None:
        model.answer(question.options[2][0])
    model.send()

    assert phone.outcome.sent == 1
    assert phone.waiting() == []
    document = phone.document("today") or {}
    answered = next(each for each in document["check_ins"] if each["id"] == model.check_in_id)
    assert (answered["status"], answered["total"]) == ("completed", 40)
    assert [curve.points[0][1] for curve in history.curves(phone)] == [0.5]


def test_the_day_after_with_skips_is_taken_as_it_is(phone: PatientPhone) -> None:
    model = model_of(phone, "own-next-day")
    model.answer(7)
    while model.question() is not None:
        model.skip()
    model.send()

    assert phone.outcome.sent == 1
    assert not phone.outcome.help_line


def test_an_answer_that_calls_for_help_shows_the_help_line_at_once(phone: PatientPhone) -> None:
    model = model_of(phone, "phq-9")
    while (question := model.question()) is not None:
        model.answer(question.options[-1][0])
    model.send()

    assert phone.outcome.help_line


def test_answers_given_offline_keep_their_own_time(phone: PatientPhone, open_clinic: str) -> None:
    model = model_of(phone, "gad-7")
    while (question := model.question()) is not None:
        model.answer(question.options[0][0])
    phone.settings.change(address="http://127.0.0.1:9")
    phone.unlock("4826")
    model.send()
    (change,) = phone.waiting()
    phone.settings.change(address=open_clinic)
    phone.unlock("4826")

    phone.sync()

    document = phone.document("today") or {}
    answered = next(each for each in document["check_ins"] if each["id"] == model.check_in_id)
    assert datetime.fromisoformat(answered["answered_at"]) == datetime.fromisoformat(
        change.body["answered_at"]
    )


def test_a_second_phone_that_answers_too_is_told_kindly(phone: PatientPhone) -> None:
    """Both were offline; the first to arrive counts."""
    model = model_of(phone, "pcl-5")
    model.answer(1)
    body = {"check_in_id": model.check_in_id, "answers": {}, "answered_at": "x"}
    model.send()
    other = {**body, "answers": phone_answers(phone), "answered_at": now_text()}
    phone.queue("answer", other)

    assert phone.outcome.refused == 1
    (refused,) = phone.refused()
    assert refused.refused is not None
    assert refused.refused["code"] == "conflict"


def phone_answers(phone: PatientPhone) -> dict[str, int]:
    form = phone.document("questionnaire:pcl-5") or {"items": []}
    return {form["items"][0]["id"]: 1}


def now_text() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
