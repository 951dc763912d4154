"""Care and set-up in a real browser: every page with axe, and ten tasks by keyboard alone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from server.persistence.database import db
from server.services.sign_ins import browser_sign_in
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.console import browser
from tests.console.browser import Watched
from tests.console.test_course import answered
from tests.console.test_work import assert_fit
from tests.services import test_symptoms

pytestmark = pytest.mark.browser
Open = Callable[..., Watched]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


@pytest.fixture
def open_as(app: Flask, cast: Cast, chromium: Browser) -> Iterator[Open]:
    """Opens a page signed in as somebody; Pat has been asked how they are for a while."""
    test_symptoms.infused(cast, (datetime.now(UTC) - test_symptoms.NOW).days - 30)
    for days, total in ((-40, 20), (-20, 18), (-10, 11)):
        answered(cast, days, total)
    tokens = {
        name: browser_sign_in.begin_for(person.caller.user_id, now=datetime.now(UTC))
        for name, person in cast.people.items()
    }
    db.session.remove()
    opened: list[Watched] = []
    with browser.served(app) as address:

        def open_(name: str, path: str, scheme: str = "light") -> Watched:
            size = {"width": 1280, "height": 900}
            context = chromium.new_context(color_scheme=scheme, viewport=size)
            context.add_cookies([{"name": "tandem", "value": tokens[name], "url": address}])
            seen = Watched(context)
            seen.page.goto(address + path)
            opened.append(seen)
            return seen

        yield open_
        for each in opened:
            each.assert_well_behaved(address)
            each.page.context.close()


def pages(cast: Cast) -> list[tuple[str, str]]:
    pat = f"/patients/{cast.things['pat']['patient']}"
    version = cast.things["pat"]["version"]
    return [
        ("nora", f"{pat}/course"),
        ("nora", f"{pat}/messages"),
        ("ana", f"{pat}/looked"),
        ("ada", "/record"),
        ("drew", f"/editions/{version}/impact"),
        ("drew", f"/editions/{version}"),
        ("drew", f"/protocols/{cast.things['pat']['protocol']}/compare"),
        *(("ana", f"/clinic/{page}") for page in ("people", "on-call", "house", "texts", "sites")),
    ]


@pytest.mark.parametrize(
    ("database_url", "scheme"),
    [("sqlite", "light"), ("postgresql", "dark")],
    indirect=["database_url"],
)
def test_every_page_of_care_and_set_up_is_accessible(
    cast: Cast, open_as: Open, scheme: str
) -> None:
    for name, path in pages(cast):
        seen = open_as(name, path, scheme)
        for summary in seen.page.locator("main summary").all()[:4]:
            summary.click()
        assert_fit(seen)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_protocol_is_checked_while_it_is_written(cast: Cast, open_as: Open) -> None:
    draft = f"/editions/{cast.things['pat']['draft']}"
    seen = open_as("drew", draft)
    page = seen.page
    expect(page.get_by_role("img", name="An example patient: 15 visits")).to_be_visible()
    text = page.get_by_label("The document, as YAML")
    before = text.input_value()

    text.fill(before.replace("times: 6", "times: 4", 1))
    expect(page.get_by_role("img", name="An example patient: 11 visits")).to_be_visible()
    text.fill("no: [protocol")
    expect(page.locator("#checked")).to_contain_text("It cannot be read yet")
    assert_fit(seen)
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("This was not done")
    expect(text).to_have_value("no: [protocol")
    text.fill(before)
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_role("img", name="An example patient: 15 visits")).to_be_visible()


def press(page: Page, role: str, name: str, key: str = "Enter") -> None:
    """Reach it with Tab alone, then press a key; "" presses none."""
    wanted = page.get_by_role(role, name=name).first
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            if role in ("link", "button"):
                with page.expect_navigation():
                    page.keyboard.press(key)
            elif key:
                page.keyboard.press(key)
            return
    pytest.fail(f"Tab never came to {name}")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ten_tasks_are_done_by_keyboard_alone(cast: Cast, open_as: Open) -> None:
    nora = open_as("nora", "/needs").page
    press(nora, "button", "I take it on: Pat Rowan")
    expect(nora.get_by_role("main").get_by_role("status")).to_contain_text("You have taken it on")
    press(nora, "textbox", "What was done", key="")
    nora.keyboard.type("rang; is safe")
    press(nora, "button", "Close it: Pat Rowan")
    expect(nora.get_by_role("main").get_by_role("status")).to_contain_text("It is closed")

    press(nora, "link", "Patients")
    press(nora, "link", "Pat Rowan")
    press(nora, "link", "How they are")
    expect(nora.get_by_role("img", name="3 scores")).to_be_visible()
    press(nora, "link", "Messages")
    press(nora, "button", "Send again")
    expect(nora.get_by_role("main").get_by_role("status")).to_contain_text(
        "It waits to be sent again"
    )

    ana = open_as("ana", "/clinic").page
    press(ana, "link", "House rules")
    press(ana, "textbox", "Morning mail to staff, at", key="")
    ana.keyboard.press("Control+a")
    ana.keyboard.type("06:30")
    press(ana, "button", "Save the house rules")
    expect(ana.get_by_role("main").get_by_role("status")).to_contain_text("Saved")
    expect(ana.get_by_label("Morning mail to staff, at")).to_have_value("06:30")

    press(ana, "link", "Message texts")
    press_summary(ana, "A visit comes up")
    press(ana, "textbox", "Words", key="")
    ana.keyboard.press("Control+a")
    ana.keyboard.type("We expect you {day} at {time}.")
    press(ana, "button", "Save these words")
    expect(ana.get_by_label("A visit comes up, the whole message")).to_contain_text("We expect you")

    press(ana, "link", "People")
    press_summary(ana, "Let somebody else sign in")
    press(ana, "textbox", "E-mail", key="")
    ana.keyboard.type("new@example.org")
    ana.keyboard.press("Tab")
    ana.keyboard.press("Tab")
    ana.keyboard.press("Tab")
    ana.keyboard.type(PASSWORD)
    ana.keyboard.press("Enter")
    expect(ana.get_by_role("main").get_by_role("status")).to_contain_text("They can sign in now")

    press(ana, "link", "On call")
    ana.keyboard.press("Tab")
    press(ana, "combobox", "Who", key="n")
    press(ana, "button", "Save the rota")
    expect(ana.get_by_role("main")).to_contain_text("When an answer needs somebody")

    press(ana, "link", "Record")
    expect(ana.get_by_role("heading", name="On record")).to_be_visible()

    drew = open_as("drew", f"/editions/{cast.things['pat']['version']}").page
    press(drew, "link", "What it does to running series")
    press(drew, "button", "Look at all running series")
    expect(drew.get_by_role("heading", name="In short")).to_be_visible()


def press_summary(page: Page, words: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        there = "document.activeElement.tagName + document.activeElement.textContent"
        if page.evaluate(there).startswith(f"SUMMARY{words}"):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab never came to {words}")
