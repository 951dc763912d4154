"""The app's own window, tapped like a patient does, against a real server.

Kivy is one window a process, so these run by themselves: `pytest -m window tests/mobile`.
"""

import ctypes.util
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.demo_clinic import EMAIL, PASSWORD, serving
from tests.mobile.conftest import QUICK
from tests.mobile.hand import Hand

MISSING = [name for name in ("GL", "EGL") if not ctypes.util.find_library(name)]
pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(bool(MISSING), reason=f"the window needs these system libraries: {MISSING}"),
]
EVERYWHERE = (
    "today",
    "visits",
    "calendar",
    "check-ins",
    "me",
    "messages",
    "help",
    "visit",
    "ride",
    "move",
)


@pytest.fixture(scope="session", autouse=True)
def kivy_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Kivy reads these when it is first imported."""
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    os.environ["KIVY_HOME"] = str(tmp_path_factory.mktemp("kivy"))
    os.environ["KIVY_NO_CONSOLELOG"] = "0"
    os.environ.pop("KIVY_NO_CONSOLELOG")
    from kivy.config import Config

    Config.set("graphics", "width", "390")
    Config.set("graphics", "height", "844")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "phone"


@pytest.fixture
def hand(server: str, folder: Path) -> Iterator[Hand]:
    """A phone just installed."""
    yield from opened(server, folder)


def opened(server: str, folder: Path) -> Iterator[Hand]:
    from kivy.base import EventLoop, runTouchApp, stopTouchApp

    from mobile.main import TandemPhone

    app = TandemPhone(folder, effort=QUICK)
    app.phone.settings.change(less_motion=True)
    app.phone.call_at(server)
    app._run_prepare()
    runTouchApp(embedded=True)
    EventLoop.idle()
    hand = Hand(app)
    hand.settle()
    yield hand
    app.stop()
    stopTouchApp()
    from kivy.core.window import Window

    Window.clear_widgets() if hasattr(Window, "clear_widgets") else None
    for child in list(Window.children):
        Window.remove_widget(child)


def sign_in(hand: Hand, *, tapped: bool = False) -> None:
    hand.write("E-mail", EMAIL)
    hand.write("Password", PASSWORD)
    hand.tap("Sign in")
    hand.wait_for(lambda: hand.reads("Choose a PIN"), "the PIN page")
    give_pin = hand.pin if tapped else hand.pin_at_once
    give_pin("4826")
    give_pin("4826")
    hand.wait_for(lambda: hand.reads("Your plan"), "home")


def a_visit(hand: Hand, code: str) -> dict[str, Any]:
    document = hand.app.phone.document("today")
    return next(each for each in document["appointments"] if each["visit_code"] == code)


def ahead(hand: Hand, **which: object) -> dict[str, Any]:
    """The first visit yet to come of which all this is so, whatever day it is today."""
    now = datetime.now(UTC)
    for each in hand.app.phone.document("today")["appointments"]:
        if datetime.fromisoformat(each["starts_at"]) > now and which.items() <= each.items():
            return dict(each)
    raise AssertionError(f"no visit ahead with {which}")


def test_from_the_first_start_to_a_confirmed_visit(hand: Hand) -> None:
    sign_in(hand, tapped=True)

    visit = ahead(hand, kind="integration", may_confirm=True)
    hand.app.go("visit", visit["id"])
    hand.settle()
    hand.tap("I will be there")
    hand.wait_for(lambda: hand.reads("You said you will be there."), "the confirmation")
    hand.wait_for(lambda: not hand.app.phone.waiting(), "an empty queue")
    code = visit["visit_code"]
    hand.wait_for(lambda: a_visit(hand, code)["confirmed_at"], "the clinic's word")


def test_the_ride_home_takes_two_taps_once_it_is_known(hand: Hand) -> None:
    sign_in(hand)
    hand.app.go("visit", ahead(hand, ride_needed=True)["id"])
    hand.settle()

    hand.tap("Say who takes you home")
    hand.finds("Who takes you home after this visit?")
    hand.write("Name", "Sam")
    hand.tap("Save")

    hand.wait_for(lambda: hand.reads("Sam takes you home."), "the ride")


def test_a_forgotten_password_is_asked_for_and_the_answer_tells_nothing(hand: Hand) -> None:
    for email in (EMAIL, "nobody@demo.invalid"):
        hand.tap("I need a new password")
        hand.finds("Send the link")
        hand.write("E-mail", email)
        hand.tap("Send the link")
        hand.finds("If we know this e-mail, a link is on its way.")
        hand.tap("Back")
        hand.finds("Welcome")


def test_another_time_in_three_taps(hand: Hand) -> None:
    sign_in(hand)
    hand.app.go("visit", a_visit(hand, "follow-up")["id"])
    hand.settle()
    before = a_visit(hand, "follow-up")["starts_at"]

    hand.tap("Ask for another time")
    hand.wait_for(lambda: hand.reads("Take this time"), "times on offer")
    hand.tap("Take this time")

    hand.wait_for(lambda: a_visit(hand, "follow-up")["starts_at"] != before, "the new time")


def test_leaving_fast_shows_nothing_and_asks_for_the_pin(hand: Hand) -> None:
    sign_in(hand)
    hand.tap("Leave fast")

    hand.finds("Notes")
    assert hand.seen() == ["Notes", "Milk, bread, tea", "Open"]
    hand.tap("Open")
    hand.finds("Your PIN")
    hand.pin("1111")
    hand.finds("That PIN did not fit.")
    hand.pin("4826")
    hand.wait_for(lambda: hand.reads("Your plan"), "home")


def test_the_phone_reminds_while_it_is_open_and_again_after_each_round(hand: Hand) -> None:
    sign_in(hand)
    hand.wait_for(lambda: hand.app.reminding._notifier._due, "reminders")
    hand.app._told(hand.app.words("reminder"))
    hand.finds("You have a reminder.")
    hand.tap("OK, I saw this")
    hand.wait_for(lambda: not hand.reads("You have a reminder."), "a page without it")

    hand.app.choose(reminders=False)
    assert not hand.app.reminding._notifier._due


def test_the_calendar_leads_to_a_visit_and_the_visit_to_ones_own_calendar(
    hand: Hand, tmp_path: Path
) -> None:
    from mobile.saving import FolderSaver

    hand.app.saver = FolderSaver(tmp_path / "downloads")
    sign_in(hand)
    on = a_visit(hand, "infusion-2")["starts_at"][:10]
    hand.app.go("visits")
    hand.tap("See as a calendar")
    hand.finds("Month after")
    while hand.page.first.isoformat()[:7] < on[:7]:
        hand.tap("Month after")
    hand.tap(str(int(on[8:])))
    hand.finds("Infusion 2 of 6")
    hand.tap("See this visit")
    hand.finds("What will happen")
    hand.tap("Add to my calendar")

    hand.finds("Saved. Look for calendar.ics")
    assert (tmp_path / "downloads" / "calendar.ics").read_text().count("BEGIN:VEVENT") == 1


def test_how_to_be_written_to_and_a_copy_of_all_that_is_kept(hand: Hand, tmp_path: Path) -> None:
    from mobile.saving import FolderSaver

    hand.app.saver = FolderSaver(tmp_path / "downloads")
    sign_in(hand)
    hand.app.go("me")
    hand.tap("How we write to you")
    hand.tap("To look here")

    def written_to() -> object:
        return hand.app.phone.document("today")["wishes"]["detail"]

    hand.wait_for(lambda: written_to() == "little", "the wish as the clinic has it")
    hand.wait_for(lambda: not hand.app.phone.waiting(), "an empty queue")
    hand.tap("Back")
    hand.tap("Save a copy")

    hand.finds("Saved. Look for my-data.txt")
    assert "how you are written to" in (tmp_path / "downloads" / "my-data.txt").read_text()


def test_help_is_one_tap_away_signed_out_locked_and_on_every_page(hand: Hand) -> None:
    hand.tap("Help")
    hand.finds("Call 988")
    hand.tap("Back")
    hand.finds("Welcome")
    sign_in(hand)

    for page in EVERYWHERE:
        if page != "help":
            hand.app.go(page, about(hand, page))
            hand.settle(0.1)
            hand.tap("Help")
            hand.finds("Call 988")


def about(hand: Hand, page: str) -> str:
    codes = {"visit": "infusion-3", "ride": "infusion-3", "move": "integration-6"}
    return str(a_visit(hand, codes[page])["id"]) if page in codes else ""


UPRIGHT, SIDEWAYS, TABLET = (390, 844), (844, 390), (1024, 768)


def test_no_words_are_cut_off_and_everything_can_be_hit_however_it_is_held(hand: Hand) -> None:
    from kivy.core.window import Window

    sign_in(hand)
    for size, held in ((1.0, UPRIGHT), (2.0, UPRIGHT), (2.0, SIDEWAYS), (1.0, TABLET)):
        for language in ("en", "es"):
            Window.size = held
            hand.app.choose(language=language, text_size=size)
            for page in EVERYWHERE:
                hand.app.go(page, about(hand, page))
                fits(hand, f"{page} in {language} at {size}, {held}")
    Window.size = UPRIGHT
    hand.settle()


def test_at_twice_the_size_no_words_are_cut_off_on_the_way_in_and_in_any_form(
    open_clinic: str, folder: Path
) -> None:
    phone = opened(open_clinic, folder)
    hand = next(phone)
    for language in ("en", "es"):
        hand.app.choose(language=language, text_size=2.0)
        for page in ("sign-in", "join", "forgotten", "help"):
            hand.app.go(page)
            fits(hand, page)
    hand.app.choose(language="en", text_size=1.0)
    hand.app.go("sign-in")
    sign_in(hand)
    hand.app.choose(language="es", text_size=2.0)  # the longer words
    asked = hand.app.phone.document("today")["check_ins"]
    forms = {each["questionnaire"]: each["id"] for each in asked if each["status"] == "requested"}
    for form, check_in_id in forms.items():
        hand.app.go("question", str(check_in_id))
        walks_through(hand, form)
    hand.app.go("sent")
    fits(hand, "sent")
    hand.app.leave()
    fits(hand, "quiet")
    hand.tap(hand.app.words("quiet.back"))
    fits(hand, "pin")
    next(phone, None)


def walks_through(hand: Hand, form: str) -> None:
    """Every question to the end, each skipped."""
    while (question := hand.page.model.question()) is not None:
        fits(hand, f"{form}, question {question.number}")
        hand.page._then(hand.page.model.skip)
    fits(hand, f"{form}, at its end")


def fits(hand: Hand, what: str) -> None:
    hand.settle(0.05)
    assert hand.cut_off() == [], what
    assert hand.too_small() == [], what


def test_a_killed_app_shows_home_from_what_it_kept(server: str, folder: Path) -> None:
    first = opened(server, folder)
    sign_in(next(first))
    next(first, None)

    again = opened(server, folder)
    hand = next(again)
    hand.app.phone.settings.change(address="http://127.0.0.1:9")
    hand.pin("4826")
    hand.wait_for(lambda: hand.reads("Your plan"), "home")
    hand.app.phone.settings.change(address=server)
    next(again, None)


def test_a_whole_pcl_5_with_the_app_killed_halfway(open_clinic: str, folder: Path) -> None:
    first = opened(open_clinic, folder)
    hand = next(first)
    sign_in(hand)
    hand.app.go("question", pcl_5(hand))
    for _ in range(10):
        hand.tap("A little bit")
    hand.finds("Question 11 of 20")
    next(first, None)

    again = opened(open_clinic, folder)
    hand = next(again)
    hand.pin("4826")
    hand.finds("Your plan")
    hand.app.go("question", pcl_5(hand))
    hand.finds("Question 11 of 20")
    hand.tap("Back")
    hand.app.go("check-ins")
    hand.tap("Go on")
    hand.finds("Question 11 of 20")
    for _ in range(10):
        hand.tap("A little bit")
    hand.tap("Send")
    hand.finds("Thank you")
    hand.wait_for(lambda: not hand.app.phone.waiting(), "an empty queue")

    def told() -> bool:
        asked = hand.app.phone.document("today")["check_ins"]
        return 20 in [each["total"] for each in asked]

    hand.wait_for(told, "the total to have come back")
    next(again, None)


def pcl_5(hand: Hand) -> str:
    asked = hand.app.phone.document("today")["check_ins"]
    requested = [each for each in asked if each["status"] == "requested"]
    return next(str(each["id"]) for each in requested if each["questionnaire"] == "pcl-5")


def test_a_day_with_no_signal_loses_nothing(
    demo_clinic: Path, folder: Path, tmp_path: Path
) -> None:
    clinic = tmp_path / "clinic"
    shutil.copytree(demo_clinic, clinic)
    with serving(clinic) as address:
        phone = opened(address, folder)
        hand = next(phone)
        sign_in(hand)
        visit = ahead(hand, kind="integration", may_confirm=True)
    hand.app.phone.sync()

    hand.app.go("visit", visit["id"])
    hand.tap("I will be there")
    hand.finds("You said you will be there.")
    hand.app.go("visit", ahead(hand, ride_needed=True)["id"])
    hand.tap("Say who takes you home")
    hand.write("Name", "Sam")
    hand.tap("Save")
    hand.finds("Sam takes you home.")
    hand.app.go("today")
    hand.finds("Your plan")
    assert len(hand.app.phone.waiting()) == 2

    with serving(clinic, int(address.rpartition(":")[2])):
        hand.app.phone.sync()
        hand.wait_for(lambda: not hand.app.phone.waiting(), "an empty queue")
        code = visit["visit_code"]
        hand.wait_for(lambda: a_visit(hand, code)["confirmed_at"], "the clinic's word")
        next(phone, None)
