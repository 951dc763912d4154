"""Sign-in and week in a real browser: seen, heard and used by keyboard, on desk and phone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from server.persistence.transactions import transaction
from shared.vocabulary import Role
from tests import builders, databases
from tests.console import a_week, browser
from tests.console.browser import Watched

EMAIL = "nora@example.org"
WEEK = "/week?day=2027-03-03"
Open = Callable[..., Watched]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clinic with a nurse, a patient who can sign in, and a week told."""
    url = databases.copy_of(sqlite_template, tmp_path_factory.mktemp("browser"))
    app = create_app(Settings(database_url=url, secret_key="only for tests", testing=True))
    with app.app_context():
        _fill()
        db.session.remove()
    with browser.served(app) as served:
        yield served
    with app.app_context():
        db.engine.dispose()


def _fill() -> None:
    with transaction():
        clinic = builders.make_clinic()
        house = a_week.tell(a_week.House(clinic.id))
        a_week.House(clinic.id, "Mesa")
        builders.make_user(clinic.id, Role.NURSE, EMAIL, password=builders.PASSWORD)
        patient = builders.make_patient(house.site)
        builders.make_user(
            clinic.id,
            Role.PATIENT,
            "pat@example.org",
            password=builders.PASSWORD,
            patient_id=patient.id,
        )


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


@pytest.fixture
def watched(chromium: Browser, address: str) -> Iterator[Open]:
    """Opens a page in a browser of its own; afterwards looks at what it did."""
    opened = []

    def open_(path: str, *, scheme: str = "light", width: int = 1280) -> Watched:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme
        )
        made = Watched(context)
        made.page.goto(address + path)
        opened.append(made)
        return made

    yield open_
    for each in opened:
        each.assert_well_behaved(address)
        each.page.context.close()


def sign_in(seen: Watched, email: str = EMAIL, password: str = builders.PASSWORD) -> None:
    seen.page.get_by_label("E-mail").fill(email)
    seen.page.get_by_label("Password").fill(password)
    seen.page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(watched: Open, scheme: str) -> None:
    seen = watched(WEEK, scheme=scheme)
    seen.assert_accessible()
    sign_in(seen, password="not the river at all")
    expect(seen.page.get_by_role("alert")).to_contain_text("do not belong together")
    seen.assert_accessible()
    sign_in(seen)
    expect(seen.page.get_by_role("table")).to_be_visible()
    seen.assert_accessible()
    seen.page.set_viewport_size({"width": 320, "height": 700})
    seen.assert_accessible()
    seen.page.goto(seen.page.url.replace("2027-03-03", "garbage"))
    expect(seen.page.get_by_role("heading")).to_have_text("There is nothing at this address")
    seen.assert_accessible()


def test_a_patient_finds_a_kind_page(watched: Open) -> None:
    seen = watched("/")
    sign_in(seen, "pat@example.org")

    expect(seen.page.get_by_role("heading")).to_have_text("Your own pages are waiting for you")
    seen.assert_accessible()
    seen.page.get_by_role("button", name="Sign out").click()
    expect(seen.page.get_by_role("heading")).to_have_text("Sign in")


def test_sign_in_and_sign_out_need_no_mouse(watched: Open) -> None:
    seen = watched("/week")
    expect(seen.page.get_by_label("E-mail")).to_be_focused()
    seen.page.keyboard.type(EMAIL)
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.type(builders.PASSWORD)
    seen.page.keyboard.press("Enter")
    expect(seen.page.get_by_role("table")).to_be_visible()
    seen.page.wait_for_load_state("load")

    seen.page.keyboard.press("Tab")
    expect(seen.page.get_by_role("link", name="Skip to the page")).to_be_focused()
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#main")).to_be_focused()
    seen.page.keyboard.press("Tab")
    expect(seen.page.get_by_role("link", name="Day", exact=True)).to_be_focused()
    for _ in range(3):
        seen.page.keyboard.press("Tab")
    expect(seen.page.get_by_role("link", name="Earlier")).to_be_focused()
    region = seen.page.get_by_role("region")
    for _ in range(5):  # the other weeks, and what else stands above the table
        seen.page.keyboard.press("Tab")
        if region.evaluate("each => each === document.activeElement"):
            break
    expect(region).to_be_focused()
    seen.page.get_by_role("button", name="Sign out").focus()
    seen.page.keyboard.press("Enter")
    expect(seen.page.get_by_role("heading")).to_have_text("Sign in")


def test_back_after_signing_out_shows_nobody(watched: Open) -> None:
    seen = watched(WEEK)
    sign_in(seen)
    expect(seen.page.get_by_text("Ash Example").first).to_be_visible()
    seen.page.get_by_role("button", name="Sign out").click()
    expect(seen.page.get_by_role("heading")).to_have_text("Sign in")

    seen.page.go_back()

    expect(seen.page.get_by_role("heading")).to_have_text("Sign in")
    assert "Ash Example" not in seen.page.content()


def test_a_screen_reader_is_told_row_and_day(watched: Open) -> None:
    seen = watched(WEEK)
    sign_in(seen)

    for width in (1280, 320):
        seen.page.set_viewport_size({"width": width, "height": 700})
        table = seen.page.get_by_role("table", name="Who and what is booked at Harbour")
        expect(table.get_by_role("columnheader")).to_have_count(8)
        row = table.get_by_role("row").filter(
            has=seen.page.get_by_role("rowheader", name="Nurses up to 6")
        )
        expect(row.get_by_role("cell")).to_have_count(
            7 if width > 320 else 4
        )  # a phone leaves out closed days
        expect(row.get_by_role("listitem").first).to_contain_text("09:00–11:15")


def test_a_phone_shows_the_week_by_day_without_sideways_scrolling(watched: Open) -> None:
    seen = watched(WEEK, width=320)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
    sign_in(seen)

    wednesday = seen.page.get_by_role("columnheader", name="Wed 3 Mar")
    expect(wednesday).to_be_visible()
    seen.page.wait_for_load_state("load")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
    tops = {
        "Wednesday's head": wednesday.bounding_box()["y"],
        "its infusion": seen.page.get_by_text("Elder Example").first.bounding_box()["y"],
        "its preparation": seen.page.get_by_text("Fern Example").first.bounding_box()["y"],
        "Thursday's head": seen.page.get_by_role("columnheader", name="Thu 4 Mar").bounding_box()[
            "y"
        ],
    }
    assert list(tops.values()) == sorted(tops.values())


def test_today_is_marked(watched: Open) -> None:
    seen = watched("/week")
    sign_in(seen)

    today = datetime.now(UTC).astimezone(a_week.ZONE).strftime("%-d %b")
    expect(seen.page.locator("[aria-current=date]")).to_contain_text(f"{today} today")
