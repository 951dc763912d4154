"""A protocol's next edition in a real browser, from its first word to the series that go on by it,
on the demo clinic behind a real server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console import browser
from tests.console.browser import Watched
from tests.console.test_work import assert_fit
from tests.demo_clinic import PASSWORD, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def served(demo_clinic: Path, tmp_path: Path) -> Iterator[str]:
    """The demo clinic's address."""
    shutil.copytree(demo_clinic, tmp_path / "clinic")
    with serving(tmp_path / "clinic") as address:
        yield address


@pytest.fixture
def drew(served: str) -> Iterator[Watched]:
    """A prescriber signed in."""
    with browser.chromium() as chromium:
        seen = Watched(signed_in(chromium, served).context)
        yield seen
        seen.assert_well_behaved(served)


def signed_in(chromium: Browser, served: str) -> Page:
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(served)
    page.get_by_label("E-mail").fill("drew@demo.invalid")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    return page


def test_an_edition_is_written_published_activated_looked_at_and_carried_over(
    drew: Watched, served: str
) -> None:
    page = drew.page
    page.goto(served)
    page.get_by_role("link", name="Protocols").click()
    page.get_by_role("link", name="Demonstration").first.click()
    page.get_by_role("link", name="Edition 1").click()
    text = page.get_by_label("The document, as YAML")
    text.fill(text.input_value().replace("max: 72", "max: 60"))
    page.get_by_role("button", name="Make a draft of it").click()
    expect(page.get_by_text("24-60 hours").first).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("link", name="What it does to running series").click()
    page.get_by_role("button", name="Look at all running series").click()
    expect(page.get_by_role("heading", name="In short")).to_be_visible(timeout=60_000)
    assert_fit(drew)
    page.get_by_role("button", name="exactly as shown").click()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text(
        "go on by this edition, exactly as shown", timeout=60_000
    )
