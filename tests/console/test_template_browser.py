"""A protocol from nothing to a published edition in a real browser: few presses, no dead end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from tests import databases
from tests.console import browser
from tests.console.a_desk import open_desk
from tests.console.test_work import assert_fit, signed_in

pytestmark = pytest.mark.browser
ANSWERS = {
    "How many": "6",
    "Days apart, at least": "2",
    "Days apart, best": "3",
    "Days apart, at most": "5",
    "Minutes to get ready": "30",
    "Minutes of infusion": "40",
    "Minutes watched after": "60",
    "Hours after, at least": "24",
    "Hours after, best": "36",
    "Hours after, at most": "72",
    "Minutes of session": "60",
}
MOST = 40


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clinic that is always open."""
    url = databases.copy_of(sqlite_template, tmp_path_factory.mktemp("template"))
    app = create_app(Settings(database_url=url, secret_key="only for tests", testing=True))
    with app.app_context():
        open_desk()
        db.session.remove()
    with browser.served(app) as address:
        yield address
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


class Hand:
    """Presses and fields filled, counted."""

    def __init__(self) -> None:
        self.count = 0

    def press(self, on: Locator) -> None:
        on.click()
        self.count += 1

    def fill(self, on: Locator, words: str) -> None:
        on.fill(words)
        self.count += 1


def test_an_administrator_builds_and_publishes_six_infusions_with_integration(
    chromium: Browser, served: str
) -> None:
    for seen in signed_in(chromium, served, "ana", "light"):
        page, hand = seen.page, Hand()
        hand.press(page.get_by_role("link", name="Protocols"))
        hand.press(page.get_by_role("link", name="New protocol"))
        assert_fit(seen)
        hand.fill(page.get_by_label("Name"), "Our own six")
        for label, words in ANSWERS.items():
            hand.fill(page.get_by_label(label), words)
        hand.fill(page.get_by_label("Hours after, best"), "99")
        hand.press(page.get_by_role("button", name="Make a draft of it"))
        expect(page.get_by_text("must lie between least and most").first).to_be_visible()
        expect(page.get_by_label("Name")).to_have_value("Our own six")
        hand.fill(page.get_by_label("Hours after, best"), "36")
        hand.press(page.get_by_role("button", name="Make a draft of it"))
        expect(page.get_by_role("heading", name="Our own six")).to_be_visible()
        expect(page.get_by_text("Nothing impossible or unsafe was found")).to_be_visible()
        text = page.get_by_label("The document, as YAML")
        hand.fill(text, text.input_value().replace("max: 72", "max: 60"))
        hand.press(page.get_by_role("button", name="Keep the draft"))
        expect(page.get_by_text("24-60 hours").first).to_be_visible()
        hand.press(page.get_by_role("button", name="Publish"))

        expect(page.get_by_role("heading", name="Our own six")).to_contain_text("published")
        expect(page.get_by_role("heading", name="For a prescriber to fill")).to_be_visible()
        assert hand.count <= MOST
