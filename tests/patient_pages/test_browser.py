"""The pages behind links in a real browser: no script, by keyboard, narrow and dark."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from server.services.sign_ins import links
from server.services.sign_ins.links import Link, Purpose
from tests import databases
from tests.cast import everybody
from tests.console import browser
from tests.console.browser import Watched

pytestmark = pytest.mark.browser
SECRET = "only for tests"


@pytest.fixture(scope="module")
def pages(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The address of the server, and of Pat's visit and form."""
    url = databases.copy_of(sqlite_template, tmp_path_factory.mktemp("links"))
    app = create_app(Settings(database_url=url, secret_key=SECRET, testing=True))
    with app.app_context():
        things = everybody().things["pat"]
        db.session.remove()
    with browser.served(app) as address:
        yield {
            "address": address,
            "visit": f"{address}/p/{_token(Purpose.APPOINTMENT, things['appointment'])}",
            "form": f"{address}/p/{_token(Purpose.CHECK_IN, things['check_in'])}",
            "gone": f"{address}/p/{_token(Purpose.CHECK_IN, '0' * 32)}",
        }
    with app.app_context():
        db.engine.dispose()


def _token(purpose: Purpose, subject_id: str) -> str:
    ends = datetime.now(UTC) + timedelta(hours=1)
    return links.sign(
        Link(purpose=purpose, subject_id=subject_id, version=1, expires_at=ends), SECRET
    )


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["visit", "form", "gone"])
def test_everybody_can_use_the_page_wide_narrow_light_and_dark(
    chromium: Browser, pages: dict[str, str], name: str, scheme: str
) -> None:
    seen = Watched(
        chromium.new_context(color_scheme=scheme, viewport={"width": 320, "height": 700})
    )

    seen.page.goto(pages[name])

    seen.assert_accessible()
    wide = seen.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320
    small = seen.page.evaluate(
        "[...document.querySelectorAll('button, .call, .leave, .options label')]"
        ".filter(each => each.getBoundingClientRect().height < 48).length"
    )
    assert small == 0
    expect(seen.page.get_by_role("link", name="988")).to_be_visible()
    seen.assert_well_behaved(pages["address"])
    seen.page.context.close()


def test_a_form_is_answered_with_the_keyboard_alone_and_no_script(
    chromium: Browser, pages: dict[str, str]
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["form"])

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Leave this page")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    button = page.get_by_role("button", name="Send my answers")
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Thank you. We have your answers.")).to_be_visible()
    context.close()
