"""Today's board in real browsers: two agree within two seconds; one says when it cannot."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from server.persistence.transactions import transaction
from shared.vocabulary import Role
from tests import builders, databases
from tests.console import a_day, browser
from tests.console.a_week import House
from tests.console.browser import Watched

EMAILS = ("nora@example.org", "fay@example.org")
pytestmark = pytest.mark.browser


@pytest.fixture
def clinic(sqlite_template: Path, sqlite_folder: Path) -> Iterator[Flask]:
    """A clinic with a day told, a nurse and a front desk."""
    url = databases.copy_of(sqlite_template, sqlite_folder)
    app = create_app(Settings(database_url=url, secret_key="only for tests", testing=True))
    with app.app_context():
        with transaction():
            made = builders.make_clinic()
            a_day.tell(House(made.id), datetime.now(UTC))
            for email, role in zip(EMAILS, (Role.NURSE, Role.FRONT_DESK), strict=True):
                builders.make_user(made.id, role, email, password=builders.PASSWORD)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


def opened(chromium: Browser, address: str, email: str, scheme: str = "light") -> Watched:
    seen = Watched(
        chromium.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    )
    seen.page.goto(address)
    seen.page.get_by_label("E-mail").fill(email)
    seen.page.get_by_label("Password").fill(builders.PASSWORD)
    seen.page.get_by_role("button", name="Sign in").click()
    expect(seen.page.get_by_text("Live:")).to_be_visible()
    return seen


def line(seen: Watched, name: str):
    return seen.page.get_by_role("listitem").filter(has_text=name)


def test_two_browsers_agree_within_two_seconds(chromium: Browser, clinic: Flask) -> None:
    with browser.served(clinic) as address:
        nora, fay = (opened(chromium, address, email) for email in EMAILS)
        line(fay, "Cedar").get_by_text("Otherwise").click()

        line(nora, "Birch").get_by_role("button", name="Arrived").click()
        expect(line(nora, "Birch")).to_contain_text("here")
        began = time.monotonic()
        expect(line(fay, "Birch")).to_contain_text("here", timeout=2500)
        assert time.monotonic() - began < 2

        expect(line(fay, "Cedar").get_by_label("Why")).to_be_visible()
        line(fay, "Birch").get_by_role("button", name="Undo arrived").click()
        expect(line(nora, "Birch")).to_contain_text("expected", timeout=2500)
        for seen in (nora, fay):
            seen.assert_well_behaved(address)
            seen.page.context.close()


def test_a_board_says_when_it_is_stale_and_when_it_is_live_again(
    chromium: Browser, clinic: Flask
) -> None:
    with browser.served(clinic) as address:
        nora = opened(chromium, address, EMAILS[0])
    banner = nora.page.get_by_text("Stale since")
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("the server does not answer")
    nora.assert_accessible()

    line(nora, "Birch").get_by_role("button", name="Arrived").click()
    expect(nora.page.get_by_role("alert")).to_contain_text("This was not saved")

    with browser.served(clinic, port=int(address.rpartition(":")[2])):
        expect(nora.page.get_by_text("Live:")).to_be_visible()
        expect(line(nora, "Birch")).to_contain_text("expected")
        nora.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_is_accessible_wide_and_narrow(
    chromium: Browser, clinic: Flask, scheme: str
) -> None:
    with browser.served(clinic) as address:
        seen = opened(chromium, address, EMAILS[0], scheme)
        line(seen, "Birch").get_by_text("Otherwise").click()
        seen.assert_accessible()
        seen.page.set_viewport_size({"width": 320, "height": 700})
        seen.assert_accessible()
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
        small = seen.page.evaluate(
            "[...document.querySelectorAll('#visits button, #visits summary')]"
            ".filter(e => e.offsetHeight && e.offsetHeight < 48).length"
        )
        assert small == 0
        seen.assert_well_behaved(address)
        seen.page.context.close()


def test_a_patient_is_checked_in_by_keyboard_alone(chromium: Browser, clinic: Flask) -> None:
    with browser.served(clinic) as address:
        seen = opened(chromium, address, EMAILS[0])
        line(seen, "Birch").get_by_role("button", name="Arrived").focus()
        seen.page.keyboard.press("Enter")
        expect(line(seen, "Birch")).to_contain_text("here")
        expect(line(seen, "Birch").get_by_role("button").first).to_be_focused()
        seen.page.context.close()
