"""A protocol written beside what it makes of an example patient; editions compared; files."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.services.protocols.protocol_documents import as_yaml
from tests.cast import Cast
from tests.console.a_desk import Desk, open_desk
from tests.console.conftest import Browser
from tests.console.test_needs import form_of
from tests.console.test_pages import assert_guarded
from tests.services.test_protocol_impact import changed, edition


@pytest.fixture
def desk(app: Flask) -> Desk:
    del app
    return open_desk()


@pytest.fixture
def drew(app: Flask, desk: Desk) -> FlaskClient:
    return desk.browser(app, "drew")


def checked(client: FlaskClient, version_id: str, text: str, **more: str):
    page = f"/editions/{version_id}"
    sent = {"form": form_of(client.get(page).text), "document": text} | more
    return client.post(f"{page}/check", data=sent)


def test_an_edition_is_lived_through_by_an_example_patient(drew: FlaskClient, desk: Desk) -> None:
    page = drew.get(f"/editions/{desk.clinic.version_id}")

    assert_guarded(page)
    assert "An example patient: 4 visits by days" in page.text
    assert page.text.count('<circle class="is"') == 4


def test_what_is_written_is_checked_and_drawn_and_not_kept(drew: FlaskClient, desk: Desk) -> None:
    version_id = edition(desk.clinic, changed(), active=False)
    text = as_yaml(changed(infusions=3))

    piece = checked(drew, version_id, text, piece="1")

    assert_guarded(piece)
    assert "An example patient: 6 visits by days" in piece.text
    assert "<html" not in piece.text
    whole = checked(drew, version_id, text)
    assert "An example patient: 6 visits by days" in whole.text
    assert "times: 3" in whole.text, "what was written stays in the form"
    assert "4 visits by days" in drew.get(f"/editions/{version_id}").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "It cannot be read yet"),
        ("a: [", "It cannot be read yet"),
        ("just words", "It cannot be read yet"),
        ("\x00", "It cannot be read yet"),
        ("x: " * 400_000, "It cannot be read yet"),
    ],
)
def test_whatever_is_written_gets_an_answer(
    drew: FlaskClient, desk: Desk, text: str, said: str
) -> None:
    reply = checked(drew, desk.clinic.version_id, text, piece="1")

    assert reply.status_code == 200
    assert said in reply.text


def test_two_editions_are_compared_in_words_and_by_days(drew: FlaskClient, desk: Desk) -> None:
    newer = edition(desk.clinic, changed(infusions=3), active=False)
    protocol = f"/editions/{newer}"
    link = drew.get(protocol).text.split('href="/protocols/')[1].split('"', maxsplit=1)[0]
    assert f"/protocols/{link}/compare" in drew.get(f"/protocols/{link}").text

    page = drew.get(f"/protocols/{link}/compare")

    assert_guarded(page)
    assert "from 2 to 3" in page.text
    assert page.text.count('<circle class="is" cx') == 6
    assert page.text.count('<circle class="was" cx') == 4
    assert "not part of it" in page.text
    assert drew.get(f"/protocols/{link}/compare?old=garbage").status_code == 404
    assert drew.get(f"/protocols/{link}/compare?old={'0' * 32}").status_code == 404


def test_a_protocol_goes_out_as_a_file_and_comes_in_again(drew: FlaskClient, desk: Desk) -> None:
    out = drew.get(f"/editions/{desk.clinic.version_id}.yaml")
    assert out.headers["Content-Disposition"] == 'attachment; filename="short-1.yaml"'

    def brought(text: str):
        sent = {"form": form_of(drew.get("/protocols").text)}
        sent["file"] = (BytesIO(text.encode()), "protocol.yaml")
        return drew.post("/protocols/file", data=sent, content_type="multipart/form-data")

    there = brought(out.text)
    assert there.status_code == 409
    assert "The clinic has short already" in there.text
    made = brought(out.text.replace("code: short", "code: shorter"))
    assert made.status_code == 303
    assert "draft" in drew.get(made.location).text
    assert brought("nonsense: [").status_code == 422
    assert drew.post("/protocols/file", data={"form": "x"}).status_code == 403


def test_only_those_who_write_protocols_check_and_bring_in(cast: Cast, browser_of: Browser) -> None:
    version = cast.things["pat"]["version"]
    for who in ("theo", "fay", "nora"):
        client = browser_of(who)
        form = form_of(client.get("/patients").text)
        reply = client.post(f"/editions/{version}/check", data={"form": form, "document": "x"})
        assert reply.status_code == 403, who
        assert client.post("/protocols/file", data={"form": form}).status_code == 403, who
    assert browser_of("olga").get(f"/editions/{version}.yaml").status_code == 404
    assert browser_of("pat").get(f"/editions/{version}.yaml").status_code == 403
