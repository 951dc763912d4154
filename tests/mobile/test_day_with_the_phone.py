"""A patient's day with the phone, screen by screen but with no window, against a real server."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mobile import background
from mobile.patient_phone import PatientPhone
from mobile.viewmodels import check_ins
from mobile.viewmodels.moving import MovingModel
from mobile.viewmodels.pin import PinModel
from mobile.viewmodels.today import TodayModel
from tests.demo_clinic import EMAIL, PASSWORD
from tests.mobile.conftest import QUICK

NOBODY_THERE = "http://127.0.0.1:9"


def phone_at(folder: Path, address: str) -> PatientPhone:
    phone = PatientPhone(folder, run=background.at_once, effort=QUICK)
    phone.call_at(address)
    return phone


@pytest.fixture
def phone(server: str, tmp_path: Path) -> Iterator[PatientPhone]:
    """Signed in, with today's plan on it."""
    phone = phone_at(tmp_path, server)
    assert phone.choose_pin("4826") == ""
    said: list[str] = []
    phone.sign_in(EMAIL, PASSWORD, said.append)
    assert said == [""]
    phone.sync()
    yield phone
    phone.close()


def lose_signal(phone: PatientPhone) -> None:
    address = phone.settings.now.address
    phone.settings.change(address=NOBODY_THERE)
    assert phone.unlock("4826") == ""
    phone.settings.change(address=address)


def find_signal(phone: PatientPhone) -> None:
    assert phone.unlock("4826") == ""
    phone.sync()


def a_visit(phone: PatientPhone, code: str) -> dict[str, Any]:
    document = phone.document("today") or {}
    return next(each for each in document["appointments"] if each["visit_code"] == code)


def test_home_says_what_is_next_and_what_to_do_before_it(phone: PatientPhone) -> None:
    home = TodayModel(phone).home()

    assert home.next is not None
    assert home.next.countdown
    assert home.updated.startswith("Last updated")
    assert [step.state for step in home.path].count("done") >= 1
    assert "Infusion 1 of 6" in home.path_said


def test_an_infusion_says_fasting_the_ride_home_and_what_will_happen(phone: PatientPhone) -> None:
    visit = TodayModel(phone).visit(a_visit(phone, "infusion-2")["id"])

    assert visit is not None
    assert visit.title == "Infusion 2 of 6"
    assert visit.before[0].text.startswith("Do not eat after ")
    assert visit.ride_needed
    assert visit.happens[-1][1] == "You go home"
    assert visit.after[0].text == "Do not drive until the next day, after a night of sleep."
    told = [each.text for each in visit.before if each.code == "told"]
    assert told == [
        "Take or leave out your medicines as on the list we gave you.",
        "Wear loose clothes.",
    ]
    assert visit.after[-1].text == "Sign nothing big today."


def test_times_are_shown_as_the_clinic_sent_them(phone: PatientPhone) -> None:
    raw = a_visit(phone, "infusion-2")
    begins = datetime.fromisoformat(raw["starts_at"])
    visit = TodayModel(phone).visit(raw["id"])

    assert visit is not None
    hour = (begins.hour + 11) % 12 + 1
    assert f"{hour}:{begins.minute:02} {'am' if begins.hour < 12 else 'pm'}" in visit.span


def test_confirming_without_a_signal_is_kept_and_sent_later(phone: PatientPhone) -> None:
    model, visit = TodayModel(phone), a_visit(phone, "integration-2")
    lose_signal(phone)

    model.confirm(visit["id"])

    shown = model.visit(visit["id"])
    assert shown is not None
    assert shown.confirmed.endswith("It will be sent when there is a signal.")
    assert not shown.may_confirm
    find_signal(phone)
    shown = model.visit(visit["id"])
    assert shown is not None
    assert shown.confirmed == "You said you will be there."


def test_the_ride_home_is_remembered_for_the_next_infusion(phone: PatientPhone) -> None:
    model = TodayModel(phone)
    assert not model.name_ride(a_visit(phone, "infusion-2")["id"], "  ", "")
    assert model.name_ride(a_visit(phone, "infusion-2")["id"], "Sam", "555 0100")

    assert model.ride_offered(a_visit(phone, "infusion-4")["id"]) == ("Sam", "555 0100")


def test_another_time_takes_three_taps(phone: PatientPhone) -> None:
    visit = a_visit(phone, "follow-up")
    moving = MovingModel(phone, visit["id"], lambda: None)
    moving.look()
    assert 1 <= len(moving.offers) <= 3

    moving.take(moving.offers[0].id)

    assert phone.outcome.refused == 0
    shown = TodayModel(phone).visit(visit["id"])
    assert shown is not None
    assert moving.offers[0].when.split(",")[0] in shown.span


def test_times_offered_before_are_shown_without_a_signal(phone: PatientPhone) -> None:
    visit = a_visit(phone, "integration-6")
    MovingModel(phone, visit["id"], lambda: None).look()
    lose_signal(phone)

    again = MovingModel(phone, visit["id"], lambda: None)
    again.look()
    never = MovingModel(phone, a_visit(phone, "infusion-6")["id"], lambda: None)
    never.look()

    assert again.offers
    assert never.said == "We need a signal to look for times. Please try again soon."


def test_a_week_offline_then_a_moved_visit_is_a_kind_card(phone: PatientPhone) -> None:
    """The clinic moved it meanwhile; nothing is overwritten and nothing is dropped."""
    model, visit = TodayModel(phone), a_visit(phone, "integration-4")
    lose_signal(phone)
    model.confirm(visit["id"])
    other = MovingModel(phone, visit["id"], lambda: None)
    waiting = phone.waiting()[0]
    find_away_from(phone, visit)
    find_signal(phone)

    (card,) = model.notices()
    assert card.text.startswith("This visit has a new time.")
    assert card.appointment_id == visit["id"]
    assert card.change_id == waiting.id
    model.seen(card.change_id)
    assert model.notices() == ()
    assert other.offers == ()


def find_away_from(phone: PatientPhone, visit: dict[str, Any]) -> None:
    """The same patient takes another time on a second phone."""
    from mobile.api_client import ApiClient
    from shared import routes

    second = ApiClient(phone.settings.now.address)
    second.sign_in(EMAIL, PASSWORD, device="Second phone")
    path = routes.fill(routes.OFFERS, appointment_id=visit["id"])
    offers = second.ask("POST", path)
    body = {"preview_id": offers["offers"][0]["id"]}
    path = routes.fill(routes.MOVES, appointment_id=visit["id"])
    second.ask("POST", path, body, version=offers["appointment_version"])
    second.close()


def test_a_phone_whose_clock_is_wrong_goes_by_the_clinics(phone: PatientPhone) -> None:
    """As if the phone were two hours slow."""
    phone.store.keep("clock", {"behind_seconds": 7200})
    phone.unlock("4826")

    assert abs((phone.now() - datetime.now(UTC)) - timedelta(hours=2)) < timedelta(seconds=5)


def test_a_killed_app_asks_for_the_pin_and_shows_home_with_no_signal(
    phone: PatientPhone, tmp_path: Path
) -> None:
    phone.settings.change(address=NOBODY_THERE)
    again = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)
    pin = PinModel(again.words, new=False, opened=again.unlock)
    for digit in "4826":
        pin.press(digit)
    pin.done()

    assert pin.said == ""
    assert TodayModel(again).home().next is not None
    again.close()


def test_a_pin_is_chosen_twice_and_a_slip_is_no_blame(phone: PatientPhone) -> None:
    pin = PinModel(phone.words, new=True, opened=phone.choose_pin)
    for digits in ("13", "1379", "1380", "1379", "1379"):
        for digit in digits:
            pin.press(digit)
        pin.done()

    assert pin.said == ""
    phone.store.lock()
    assert phone.unlock("1380") == "That PIN did not fit. Please try again."
    assert phone.unlock("1379") == ""


def test_signing_out_leaves_nothing_on_the_phone(phone: PatientPhone, tmp_path: Path) -> None:
    phone.sign_out()

    assert not phone.signed_in
    assert not phone.store.pin.is_set
    assert json.loads((tmp_path / "settings.json").read_text())["help_phone"] == "988"


def test_forms_that_are_not_on_the_phone_are_not_offered(phone: PatientPhone) -> None:
    for name in phone.store.names("questionnaire:"):
        phone.drop(name)

    assert check_ins.open_now(phone) == []


def try_ten_pins(phone: PatientPhone) -> str:
    """Ten wrong ones, as if an hour lay between any two."""
    said = ""
    phone.store.lock()
    for _ in range(10):
        phone.store._rows.execute("UPDATE pin_lock SET wait_until = 0")
        said = phone.unlock("0000")
    return said


def test_ten_wrong_pins_empty_a_phone_on_which_nothing_waits(phone: PatientPhone) -> None:
    assert try_ten_pins(phone).startswith("Too many tries.")
    assert not phone.store.pin.is_set


def test_ten_wrong_pins_keep_what_was_not_sent_until_the_patient_agrees(
    phone: PatientPhone,
) -> None:
    lose_signal(phone)
    TodayModel(phone).confirm(a_visit(phone, "infusion-5")["id"])

    try_ten_pins(phone)

    assert phone.store.pin.is_set
    assert phone.store.count_waiting() == 1
    phone.empty()
    assert phone.store.count_waiting() == 0


def test_a_phone_with_one_patients_plan_takes_no_other_patient(phone: PatientPhone) -> None:
    said: list[str] = []
    phone.sign_in("theo@demo.invalid", PASSWORD, said.append)

    assert said == ["The plan of someone else is on this phone. Please clear it first."]
    assert not phone.signed_in
    phone.sign_in(EMAIL, PASSWORD, said.append)
    assert said[-1] == ""
