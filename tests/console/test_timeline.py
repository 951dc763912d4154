"""The timeline in a real browser: read, dragged, moved by keyboard, taken back; also on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from tests import builders, databases
from tests.console import browser
from tests.console.a_desk import open_desk
from tests.console.browser import Watched

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clinic that is always open, with a series booked."""
    url = databases.copy_of(sqlite_template, tmp_path_factory.mktemp("timeline"))
    app = create_app(Settings(database_url=url, secret_key="only for tests", testing=True))
    with app.app_context():
        open_desk().booked()
        db.session.remove()
    with browser.served(app) as address:
        yield address
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


@pytest.fixture(params=["light", "dark"])
def drew(chromium: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Watched]:
    yield from signed_in(chromium, served, request.param)


@pytest.fixture
def in_light(chromium: Browser, served: str) -> Iterator[Watched]:
    yield from signed_in(chromium, served, "light")


def signed_in(chromium: Browser, served: str, scheme: str) -> Iterator[Watched]:
    size = {"width": 1400, "height": 900}
    seen = Watched(chromium.new_context(color_scheme=scheme, viewport=size))
    seen.page.goto(served)
    seen.page.get_by_label("E-mail").fill("drew@example.org")
    seen.page.get_by_label("Password").fill(builders.PASSWORD)
    seen.page.get_by_role("button", name="Sign in").click()
    expect(seen.page.get_by_role("navigation", name="Pages")).to_be_visible()
    yield seen
    seen.assert_well_behaved(served)
    seen.page.context.close()


def to_the_visit(page: Page, view: str) -> Locator:
    """The timeline of the day on which the first movable infusion stands; its bar."""
    page.get_by_role("link", name="Patients").click()
    page.get_by_role("row").filter(has_text="under way").get_by_role("link").first.click()
    page.get_by_role("link", name="Move Infusion").first.click()
    stands = page.locator("#day").input_value()
    page.get_by_role("link", name="Week", exact=True).click()
    page.goto(f"{page.url.split('/week')[0]}/week/timeline?{view}&day={stands}")
    return page.locator(".visit.infusion .grab").first


def drag(page: Page, bar: Locator, dx: float) -> None:
    """By so many pixels to the side."""
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box
    x, y = box["x"] + 10, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y, steps=4)
    page.mouse.move(x + dx, y, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("view", ["days=1", "days=7", "kind=people", "days=7&kind=chairs"])
def test_every_view_is_accessible_and_puts_each_visit_in_its_place(
    drew: Watched, view: str
) -> None:
    bar = to_the_visit(drew.page, view)
    drew.assert_accessible()
    if "people" not in view:
        bar.focus()
        expect(drew.page.get_by_role("heading", name="The whole series")).to_be_visible()
        drew.assert_accessible()


def test_a_visit_in_focus_lights_up_its_series_and_shows_the_days_between(
    in_light: Watched,
) -> None:
    to_the_visit(in_light.page, "days=7")
    in_light.page.locator(".visit.integration .grab").first.focus()
    panel = in_light.page.get_by_role("region", name="The whole series")
    expect(panel.get_by_text("days later").or_(panel.get_by_text("next day")).first).to_be_visible()
    expect(panel.get_by_text("it may be")).to_be_visible()
    assert in_light.page.locator(".visit.sibling").count() >= 2
    assert in_light.page.locator(".window").count()


def test_a_dragged_visit_is_checked_confirmed_moved_and_taken_back(in_light: Watched) -> None:
    page = in_light.page
    bar = to_the_visit(page, "days=1")
    before = bar.locator("time").text_content() or ""
    drag(page, bar, 120)
    expect(page.locator("#moving-says")).to_contain_text("allowed")
    in_light.assert_accessible()
    page.get_by_role("button", name="Move it there").click()
    expect(page.get_by_text("Moved, exactly as it was shown.")).to_be_visible()
    after = page.locator(".visit.infusion .grab time").first
    assert after.text_content() != before
    page.get_by_role("button", name="Undo the move").click()
    expect(page.locator(".visit.infusion .grab time").first).to_have_text(before)


def test_a_refused_drag_says_why_and_offers_nothing_to_confirm(in_light: Watched) -> None:
    page = in_light.page
    bar = to_the_visit(page, "days=1")
    drag(page, bar, -800)
    says = page.locator("#moving-says")
    expect(says).to_contain_text("refused")
    assert len(says.inner_text().splitlines()) >= 2, "a reason stands below the verdict"
    expect(page.get_by_role("button", name="Move it there")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#moving")).to_be_hidden()
    assert page.locator(".moved").count() == 0


def test_the_keyboard_moves_as_far_as_the_mouse(in_light: Watched) -> None:
    page = in_light.page
    bar = to_the_visit(page, "days=1")
    before = bar.locator("time").text_content() or ""
    bar.focus()
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#moving-says")).to_contain_text("allowed")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Moved, exactly as it was shown.")).to_be_visible()
    page.get_by_role("button", name="Undo the move").press("Enter")
    expect(page.locator(".visit.infusion .grab time").first).to_have_text(before)


def test_a_phone_shows_the_same_as_a_list(in_light: Watched) -> None:
    page = in_light.page
    page.set_viewport_size({"width": 320, "height": 720})
    to_the_visit(page, "days=1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    in_light.assert_accessible()
