"""What a patient was told, what waits word for word, and what was given up and is sent again."""

import pytest

from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.transactions import transaction
from shared.vocabulary import MessageStatus
from tests.cast import Cast
from tests.console.conftest import Browser
from tests.console.test_needs import form_of
from tests.console.test_pages import assert_guarded


def message(cast: Cast) -> OutboxMessageRow:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(OutboxMessageRow, cast.things["pat"]["message"])


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/patients/{cast.things['pat']['patient']}/messages"


def test_what_was_given_up_says_why_and_is_sent_again(
    cast: Cast, browser_of: Browser, address: str
) -> None:
    fay = browser_of("fay")
    page = fay.get(address)
    assert_guarded(page)
    assert "Given up: there is no address or number" in page.text

    again = fay.post(address, data={"form": form_of(page.text), "message": message(cast).id})

    assert again.status_code == 303
    assert message(cast).status == MessageStatus.WAITING
    late = fay.post(address, data={"form": form_of(page.text), "message": message(cast).id})
    assert late.status_code == 409
    assert "Only a message that was given up" in late.text


def test_what_waits_is_shown_word_for_word(cast: Cast, browser_of: Browser, address: str) -> None:
    with transaction():
        row = db.session.get_one(OutboxMessageRow, cast.things["pat"]["message"])
        row.status = MessageStatus.WAITING

    page = browser_of("nora").get(address).text

    assert "/p/…" in page
    assert 'class="letter"' in page


def test_a_therapist_sees_what_is_told_of_visits_and_resends_nothing(
    cast: Cast, browser_of: Browser, address: str
) -> None:
    theo = browser_of("theo")
    page = theo.get(address).text

    assert "Asks to confirm a visit" in page
    assert "Send again" not in page
    form = form_of(page)
    assert theo.post(address, data={"form": form, "message": "0" * 32}).status_code == 403
    assert browser_of("tess").get(address).status_code == 404
    assert message(cast).status == MessageStatus.DEAD


def test_another_clinic_finds_nothing(cast: Cast, browser_of: Browser, address: str) -> None:
    olga = browser_of("olga")
    assert olga.get(address).status_code == 404
    form = form_of(olga.get("/needs").text)
    wanted = {"form": form, "message": cast.things["pat"]["message"]}
    assert olga.post(address, data=wanted).status_code == 404
