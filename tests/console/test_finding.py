"""Everything is found by its name, by whom it is open to, and no name stands in an address."""

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from server.persistence.audit import AuditEventRow
from server.persistence.database import db
from tests.cast import Cast
from tests.console.browser import Watched
from tests.console.conftest import Browser
from tests.console.test_needs import form_of
from tests.console.test_pages import assert_guarded
from tests.console.test_work import assert_fit, chromium, drew, served

__all__ = ["chromium", "drew", "served"]


def found(client: FlaskClient, asked: str, address: str = "/find") -> str:
    form = form_of(client.get("/find").text)
    reply = client.post(address, data={"form": form, "q": asked})
    assert_guarded(reply)
    return reply.text.split('id="hits"')[1].split("</ul>")[0]


def test_patients_people_protocols_and_pages_are_found_by_a_part_of_their_names(
    cast: Cast, browser_of: Browser
) -> None:
    nora = browser_of("nora")
    assert "Pat Rowan" in found(nora, "rowa")
    assert "Theo" in found(nora, "theo")
    assert "/reports" in found(nora, "reports")
    assert "Protocol" in found(nora, "o")
    assert "Nothing is called so" in found(nora, "zzzz")
    seen = db.session.query(AuditEventRow).filter_by(patient_id=cast.things["pat"]["patient"])
    assert seen.count() > 0


def test_nobody_finds_what_is_not_theirs_to_see(cast: Cast, browser_of: Browser) -> None:
    del cast
    assert "Quinn Alder" not in found(browser_of("theo"), "quinn")
    assert "Pat Rowan" not in found(browser_of("ada"), "pat")
    assert "Pat Rowan" not in found(browser_of("olga"), "pat")
    assert "Record" not in found(browser_of("theo"), "record")


def test_what_the_palette_shows_is_what_the_page_shows(cast: Cast, browser_of: Browser) -> None:
    del cast
    nora = browser_of("nora")
    assert found(nora, "rowa", "/find/quick") == found(nora, "rowa")
    for odd in ("", "%", "_", "\\", "<script>", "ü" * 200):
        assert "<script>" not in found(nora, odd)


@pytest.mark.browser
def test_the_palette_finds_and_opens_by_keyboard_alone(drew: Watched) -> None:
    drew.page.wait_for_load_state()  # its script listens from then on
    drew.page.keyboard.press("/")
    expect(drew.page.get_by_role("dialog", name="Find")).to_be_visible()
    drew.page.keyboard.type("wanda")
    expect(drew.page.get_by_role("link", name="Patient Wanda Waiting")).to_be_visible()
    assert_fit(drew)
    drew.page.keyboard.press("ArrowDown")
    drew.page.keyboard.press("Enter")
    expect(drew.page.get_by_role("heading", name="Wanda Waiting")).to_be_visible()
    drew.page.wait_for_load_state()
    drew.page.keyboard.press("Control+k")
    expect(drew.page.get_by_role("dialog", name="Find")).to_be_visible()
    drew.page.keyboard.press("Escape")
    expect(drew.page.get_by_role("dialog", name="Find")).to_be_hidden()
    drew.page.keyboard.press("?")
    expect(drew.page.get_by_role("heading", name="Keys of the keyboard")).to_be_visible()
    assert_fit(drew)
    drew.page.get_by_role("link", name="Find").click()
    drew.page.get_by_role("searchbox").fill("wanda")
    drew.page.keyboard.press("Enter")
    expect(drew.page.get_by_text("1 found.")).to_be_visible()
    assert_fit(drew)
