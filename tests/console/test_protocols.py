"""Protocols on the console: read as sentences, edited, published, activated, and who may not."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.console.a_desk import Desk, open_desk
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded
from tests.console.test_patients import press


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk()


@pytest.fixture
def drew(app: Flask, desk: Desk) -> FlaskClient:
    return desk.browser(app, "drew")


def adopted(drew: FlaskClient, code: str) -> str:
    """The address of a draft taken over from the library."""
    page = drew.get("/protocols").text
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'"{code}"' in f)
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    return drew.post("/protocols", data=fields).location


def test_a_clinics_protocols_and_the_library_are_listed(drew: FlaskClient) -> None:
    page = drew.get("/protocols")

    assert_guarded(page)
    assert "start on the active edition" in page.text
    assert "From the library" in page.text


def test_an_edition_reads_as_sentences_with_their_marks(drew: FlaskClient, desk: Desk) -> None:
    page = drew.get(f"/editions/{desk.clinic.version_id}")

    assert_guarded(page)
    assert "24-72 hours after the end of the infusion." in page.text
    assert "invented for the demonstration" in page.text


def test_a_draft_is_taken_over_published_and_activated(drew: FlaskClient) -> None:
    address = adopted(drew, "demo-ketamine-integration")

    assert drew.get(address).status_code == 200
    assert press(drew, drew.get(address).text, "Publish").location == address
    refused = press(drew, drew.get(address).text, "Activate")

    assert refused.status_code == 422
    assert "no site has something called" in refused.text
    assert press(drew, drew.get(address).text, "Activate", step="retire").status_code == 303
    assert "retired" in drew.get(address).text


def test_open_fields_are_filled_and_signed_only_by_somebody_with_a_name(drew: FlaskClient) -> None:
    address = adopted(drew, "feder-2021")
    page = drew.get(address).text
    assert "For a prescriber to fill and sign" in page

    reply = press(drew, page, "Sign these values", **{"fill-arms[0].cap.mg": "60"})

    assert reply.status_code == 409, "this prescriber's sign-in belongs to no practitioner"
    assert "a signature needs a name" in reply.text


def test_the_next_edition_is_written_from_the_published_one(drew: FlaskClient, desk: Desk) -> None:
    page = drew.get(f"/editions/{desk.clinic.version_id}").text
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]

    made = press(drew, page, "Make a draft", document=text.replace("max: 72", "max: 48"))
    bad = press(drew, page, "Make a draft", document=text.replace("max: 72", "max: soon"))

    assert "24-48 hours after the end of the infusion." in drew.get(made.location).text
    protocol = re.search(r'href="(/protocols/[0-9a-f]+)"', page)[1]
    history = drew.get(protocol)
    assert_guarded(history)
    assert "24-48 hours" in history.text
    assert bad.status_code == 422
    assert "windows[0].max" in bad.text
    assert "max: soon" in bad.text, "what was typed is not lost"


def test_whoever_may_only_read_sees_no_buttons(browser_of: Browser, cast: Cast) -> None:
    version = cast.things["pat"]["draft"]
    page = browser_of("nora").get(f"/editions/{version}")
    assert page.status_code == 200
    assert "Publish" not in page.text

    assert browser_of("pat").get("/protocols").status_code == 403
    foreign = cast.things["otto"]["draft"]
    assert browser_of("drew").get(f"/editions/{foreign}").status_code == 404
    nora = browser_of("nora")
    token = re.search(r'name="form" value="([^"]+)"', nora.get("/protocols").text)[1]
    sent = {"form": token, "step": "publish", "version": "1"}
    assert nora.post(f"/editions/{version}/step", data=sent).status_code == 403
