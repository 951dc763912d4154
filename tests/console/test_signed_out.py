"""What somebody typed is not lost when they were signed out meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect
from sqlalchemy import update

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from server.persistence.follow_ups import FollowUpRow
from server.persistence.kept_forms import KeptFormRow
from server.persistence.sign_ins import AccessTokenRow
from server.persistence.transactions import transaction
from server.services.sign_ins import kept_forms
from tests import builders, databases
from tests.cast import Cast
from tests.console import browser
from tests.console.a_desk import open_desk
from tests.console.browser import Watched
from tests.console.conftest import Browser
from tests.console.test_needs import form_of
from tests.console.test_work import assert_fit, signed_in

SAID = "Rang her; she comes on Monday"


@pytest.fixture
def nora(browser_of: Browser) -> FlaskClient:
    return browser_of("nora")


def time_goes_by() -> None:
    """Nobody has used any browser for an hour."""
    with transaction() as session:
        past = datetime.now(UTC) - timedelta(hours=1)
        session.execute(update(AccessTokenRow).values(expires_at=past))


def kept() -> list[KeptFormRow]:
    db.session.rollback()
    return db.session.query(KeptFormRow).all()


def settled(nora: FlaskClient, cast: Cast, **headers: str) -> str:
    """A follow-up is settled by somebody signed out since the page was shown; where that leads."""
    one = cast.things["pat"]["follow_up"]
    form = form_of(nora.get("/needs").text)
    time_goes_by()
    sent = {"form": form, "version": "1", "outcome": SAID, "password": "never kept"}
    reply = nora.post(f"/needs/visits/{one}/settle", data=sent, headers=headers)
    assert reply.status_code == 303
    return reply.headers["Location"]


def test_a_form_waits_for_its_sender_and_is_sent_when_they_say_so(
    cast: Cast, nora: FlaskClient, browser_of: Browser
) -> None:
    where = settled(nora, cast)
    assert where.endswith("back=/kept")
    assert SAID not in where
    assert "What you typed is kept" in nora.get(where).text
    assert SAID not in nora.get(where).text

    back = browser_of("nora")
    page = back.get("/kept")
    assert SAID in page.text
    assert "never kept" not in page.text
    sent = {"form": form_of(page.text), "version": "1", "outcome": SAID}
    on = back.post("/kept", data=sent)
    assert on.status_code == 307
    assert back.post(on.headers["Location"], data=sent).status_code == 303
    db.session.rollback()
    row = db.session.get_one(FollowUpRow, cast.things["pat"]["follow_up"])
    assert row.outcome == SAID
    assert kept() == []


def test_nobody_else_finds_it(cast: Cast, nora: FlaskClient, browser_of: Browser) -> None:
    settled(nora, cast)
    for name in ("drew", "fay"):
        reply = browser_of(name).get("/kept")
        assert reply.status_code == 303
        assert SAID not in reply.text
    assert len(kept()) == 1


def test_it_is_thrown_away_when_asked_and_after_an_hour(
    cast: Cast, nora: FlaskClient, browser_of: Browser
) -> None:
    settled(nora, cast)
    back = browser_of("nora")
    back.post("/kept/drop", data={"form": form_of(back.get("/kept").text)})
    assert kept() == []

    settled(back, cast)
    with transaction() as session:
        session.execute(update(KeptFormRow).values(kept_at=datetime.now(UTC) - timedelta(hours=1)))
    assert browser_of("nora").get("/kept").status_code == 303
    kept_forms.drop_old()
    assert kept() == []


def test_what_a_page_asks_by_itself_or_another_site_sends_is_not_kept(
    cast: Cast, nora: FlaskClient, browser_of: Browser
) -> None:
    where = settled(nora, cast, **{"Sec-Fetch-Mode": "cors"})
    assert "kept" not in where
    again = browser_of("nora")
    again.get("/needs")
    time_goes_by()
    one = cast.things["pat"]["follow_up"]
    again.post(f"/needs/visits/{one}/settle", data={"form": "made up", "outcome": SAID})
    assert kept() == []


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[str, object]]:
    url = databases.copy_of(sqlite_template, tmp_path)
    app = create_app(Settings(database_url=url, secret_key="only for tests", testing=True))
    with app.app_context():
        desk = open_desk()
        desk.clinic.enrolled(patient_id=desk.clinic.patient(full_name="Wanda Waiting"))
        db.session.remove()
    with browser.served(app) as address:
        yield address, app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.browser
def test_in_a_browser_the_words_are_there_again_after_signing_in(
    served: tuple[str, object],
) -> None:
    address, app = served
    with browser.chromium() as started:
        for drew in signed_in(started, address, "drew", "light"):
            _typed_and_sent_again(drew, app)


def _typed_and_sent_again(drew: Watched, app: object) -> None:
    page = drew.page
    page.get_by_role("link", name="Patients").click()
    page.get_by_label("Name").fill("Wanda")
    with app.app_context():  # type: ignore[attr-defined]
        time_goes_by()
        db.session.remove()
    page.get_by_label("Name").press("Enter")
    expect(page.get_by_text("What you typed is kept for you.")).to_be_visible()
    page.get_by_label("E-mail").fill("drew@example.org")
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Wanda")).to_be_visible()
    assert_fit(drew)
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("link", name="Wanda Waiting")).to_be_visible()
