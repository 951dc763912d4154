"""A form on the phone: one question a screen, and nothing lost on the way."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mobile import background
from mobile.patient_phone import PatientPhone
from mobile.viewmodels import check_ins
from mobile.viewmodels.answering import AnsweringModel
from server.library.questionnaires import questionnaires
from tests.mobile.conftest import QUICK

NOW = datetime.now(UTC)
OPEN = "a" * 32
FORMS = {"pcl-5": "PTSD symptoms", "own-next-day": "The day after"}


def asked(form: str) -> dict[str, object]:
    """A check-in that is open today."""
    times = {"opens_at": -1, "due_at": 0, "closes_at": 1}
    at = {name: (NOW + timedelta(days=days)).isoformat() for name, days in times.items()}
    return {
        "id": OPEN,
        "title": FORMS[form],
        "questionnaire": form,
        "status": "requested",
        "total": None,
        "answered_at": None,
        **at,
    }


def phone_with(folder: Path, form: str) -> PatientPhone:
    """Never signed in: what it does here it does with no signal."""
    phone = PatientPhone(folder, run=background.at_once, effort=QUICK)
    if phone.store.pin.is_set:
        assert phone.unlock("4826") == ""
        return phone
    phone.choose_pin("4826")
    phone.keep(f"questionnaire:{form}", asdict(questionnaires()[form]))
    phone.keep("today", {"check_ins": [asked(form)], "appointments": [], "series": None})
    return phone


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[PatientPhone]:
    phone = phone_with(tmp_path, "pcl-5")
    yield phone
    phone.close()


def test_a_whole_form_is_answered_and_waits_with_its_own_time(phone: PatientPhone) -> None:
    model = AnsweringModel(phone, OPEN)
    seen = []
    while (question := model.question()) is not None:
        seen.append(question.number)
        assert question.of == 20
        assert question.look_back.startswith("Think about: ")
        model.answer(question.options[1][0])
    assert seen == list(range(1, 21))
    assert model.review() == "You answered 20 of 20. You can go back and change it."

    model.send()

    (change,) = phone.waiting()
    assert change.kind == "answer"
    assert len(change.body["answers"]) == 20
    assert set(change.body["answers"].values()) == {1}
    answered_at = datetime.fromisoformat(change.body["answered_at"])
    assert abs(answered_at - datetime.now(UTC)) < timedelta(seconds=10)
    assert check_ins.open_now(phone) == []


def test_a_killed_app_goes_on_where_the_patient_left_off(tmp_path: Path) -> None:
    first = phone_with(tmp_path, "pcl-5")
    model = AnsweringModel(first, OPEN)
    for _ in range(7):
        model.answer(2)
    first.close()

    again = phone_with(tmp_path, "pcl-5")
    assert [each.begun for each in check_ins.open_now(again)] == [True]
    question = AnsweringModel(again, OPEN).question()
    assert question is not None
    assert question.number == 8
    again.close()


def test_every_question_can_be_skipped_and_gone_back_to(phone: PatientPhone) -> None:
    model = AnsweringModel(phone, OPEN)
    assert not model.back()
    model.answer(3)
    model.skip()
    assert model.back()

    question = model.question()
    assert question is not None
    assert (question.number, question.answer) == (2, None)
    model.back()
    first = model.question()
    assert first is not None
    assert first.answer == 3


def test_after_the_last_question_there_is_a_way_back_too(phone: PatientPhone) -> None:
    model = AnsweringModel(phone, OPEN)
    for _ in range(20):
        model.skip()
    assert model.question() is None

    model.back()

    question = model.question()
    assert question is not None
    assert question.number == 20


def test_yes_no_scales_and_words_are_sent_as_the_clinic_reads_them(tmp_path: Path) -> None:
    phone = phone_with(tmp_path, "own-next-day")
    model = AnsweringModel(phone, OPEN)
    while (question := model.question()) is not None:
        if question.kind == "yes-no":
            model.answer(question.options[1][0])
        elif question.kind == "scale":
            model.answer(question.most)
        else:
            model.answer("All well")
    model.send()

    answers = phone.waiting()[0].body["answers"]
    assert (answers["mood"], answers["urges"], answers["note"]) == (10, 0, "All well")
    phone.close()


def test_a_form_speaks_the_patients_language(phone: PatientPhone) -> None:
    english = AnsweringModel(phone, OPEN).question()
    phone.settings.change(language="es")
    spanish = AnsweringModel(phone, OPEN).question()

    assert english is not None
    assert spanish is not None
    assert spanish.look_back.startswith("Piense en: ")


def test_a_question_that_depends_on_another_comes_only_then(phone: PatientPhone) -> None:
    form = {
        "items": [
            {"id": "had", "kind": "yes-no", "text": {"en": "Did it happen?"}},
            {"id": "when", "kind": "text", "text": {"en": "When?"}, "only_if": "had"},
        ]
    }
    phone.keep("questionnaire:pcl-5", form)
    model = AnsweringModel(phone, OPEN)
    model.answer(0)
    assert model.question() is None
    model.back()
    model.answer(1)
    question = model.question()
    assert question is not None
    assert question.item_id == "when"
