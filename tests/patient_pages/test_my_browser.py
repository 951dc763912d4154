"""The pages of a patient who has signed in, in a real browser: no script, by keyboard, narrow."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.app import create_app
from server.config import Settings
from server.persistence.check_ins import CheckInRow
from server.persistence.database import db
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import transaction
from server.services.sign_ins import passwords
from tests import builders, databases
from tests.cast import everybody
from tests.console import browser
from tests.console.browser import Watched

pytestmark = pytest.mark.browser
EMAIL = "pat@clinic.example"


@pytest.fixture(scope="module")
def pages(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The address of the server, and of Pat's pages."""
    url = databases.copy_of(sqlite_template, tmp_path_factory.mktemp("my"))
    app = create_app(Settings(database_url=url, secret_key="only for tests", testing=True))
    with app.app_context():
        cast = everybody()
        _with_password(cast.pat.caller.user_id)
        things = cast.things["pat"].ids
        with transaction():
            asked = db.session.get_one(CheckInRow, things["check_in"])
            asked.opens_at = datetime.now(UTC) - timedelta(hours=1)
        db.session.remove()
    with browser.served(app) as address:
        yield {
            "address": address,
            "sign-in": "/my/sign-in",
            "today": "/my",
            "visits": "/my/visits",
            "visit": f"/my/visits/{things['appointment']}",
            "check-ins": "/my/check-ins",
            "questions": f"/my/check-ins/{things['check_in']}",
            "history": "/my/history",
            "settings": "/my/settings",
            "notes": "/my/notes",
        }
    with app.app_context():
        db.engine.dispose()


def _with_password(user_id: str) -> None:
    with transaction():
        user = db.session.get_one(UserRow, user_id)
        user.email, user.password_hash = EMAIL, passwords.hashed(builders.PASSWORD)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/my/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_every_page_narrow_light_and_dark(
    chromium: Browser, pages: dict[str, str], scheme: str
) -> None:
    narrow = {"width": 320, "height": 700}
    seen = Watched(chromium.new_context(color_scheme=scheme, viewport=narrow))
    sign_in(seen.page, pages["address"])
    for name, path in pages.items():
        if name != "address":
            seen.page.goto(pages["address"] + path)
            seen.assert_accessible()
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320, name
            assert too_small(seen.page) == [], name
    seen.assert_well_behaved(pages["address"])
    seen.page.context.close()


def too_small(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('button, nav a, .call, .leave, .options label')]"
        ".filter(each => each.getBoundingClientRect().height < 47.9).map(each => each.textContent)"
    )
    return found


def test_a_visit_is_confirmed_by_keyboard_alone_with_no_script(
    chromium: Browser, pages: dict[str, str]
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, pages["address"])
    page.goto(pages["address"] + pages["visit"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Go to the main part")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="I will come")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Thank you. We know that you will come.").first).to_be_visible()
    context.close()
