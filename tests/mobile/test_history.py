"""How it went, as a curve and in the same words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile import background
from mobile.patient_phone import PatientPhone
from mobile.viewmodels import history
from tests.mobile.conftest import QUICK


def answered(day: int, total: int | None) -> dict[str, object]:
    return {
        "title": "PTSD symptoms",
        "questionnaire": "pcl-5",
        "answered_at": f"2027-03-{day:02}T09:00:00-05:00",
        "total": total,
    }


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[PatientPhone]:
    phone = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)
    phone.choose_pin("4826")
    option = {"value": 4, "text": {"en": "a"}}
    items = [{"id": f"i{n}", "kind": "choice", "options": [option]} for n in range(20)]
    phone.keep("questionnaire:pcl-5", {"items": items})
    infusion = {"kind": "infusion", "starts_at": "2027-03-06T09:00:00-05:00"}
    check_ins = [answered(11, 20), answered(1, 60), answered(5, None)]
    phone.keep("today", {"check_ins": check_ins, "appointments": [infusion]})
    yield phone
    phone.close()


def test_answers_are_points_in_order_of_time_with_visits_marked(phone: PatientPhone) -> None:
    (curve,) = history.curves(phone)

    assert curve.points == ((0.0, 0.75), (1.0, 0.25))
    assert curve.marks == ((0.5, "infusion"),)
    assert curve.said == ("Mon 1 Mar: 60", "Thu 11 Mar: 20")


def test_one_answer_is_one_point_in_the_middle(phone: PatientPhone) -> None:
    phone.keep("today", {"check_ins": [answered(11, 20)], "appointments": []})

    (curve,) = history.curves(phone)

    assert curve.points == ((0.5, 0.25),)
    assert curve.days == ("Thu 11 Mar", "Thu 11 Mar")
