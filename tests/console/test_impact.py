"""A new edition and the series that run: looked at, chosen from, carried over from the console."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.console.a_desk import Desk, open_desk
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded
from tests.console.test_patients import press
from tests.services.test_protocol_impact import changed, edition, pinned


@pytest.fixture
def desk(app: Flask) -> Desk:
    del app
    return open_desk()


@pytest.fixture
def drew(app: Flask, desk: Desk) -> FlaskClient:
    return desk.browser(app, "drew")


def test_what_would_move_is_shown_and_carried_over(drew: FlaskClient, desk: Desk) -> None:
    series_id = desk.booked()
    version_id = edition(desk.clinic, changed(hours={"min": 60, "max": 70}))
    link = f"/editions/{version_id}/impact"
    assert link in drew.get(f"/editions/{version_id}").text

    page = drew.get(link)
    assert_guarded(page)
    looked = press(drew, page.text, "Look at all running series")
    assert_guarded(looked)
    assert "1 series on edition 1" in looked.text
    assert "2 booked visits would move" in looked.text
    assert pinned(series_id) == desk.clinic.version_id
    done = press(drew, looked.text, "Carry this series over")

    assert "1 series go on by this edition, exactly as shown" in done.text
    assert pinned(series_id) == version_id
    again = press(drew, looked.text, "Carry this series over")
    assert again.status_code == 409
    assert "Nothing was changed" in again.text


def test_only_chosen_ones_are_carried_over(drew: FlaskClient, desk: Desk) -> None:
    one, other = desk.booked(), desk.booked()
    version_id = edition(desk.clinic, changed(gap={"min": 1}))
    looked = press(drew, drew.get(f"/editions/{version_id}/impact").text, "Look at all").text

    chosen = press(drew, looked, "Show it for the chosen", series=one).text
    assert "Carry this series over" in chosen
    press(drew, chosen, "Carry this series over")

    assert (pinned(one), pinned(other)) == (version_id, desk.clinic.version_id)
    nobody = press(drew, looked, "Show it for the chosen")
    assert nobody.status_code == 422


def test_a_draft_is_looked_at_and_takes_nobody_over(drew: FlaskClient, desk: Desk) -> None:
    desk.booked()
    version_id = edition(desk.clinic, changed(units=3), active=False)

    looked = press(drew, drew.get(f"/editions/{version_id}/impact").text, "Look at all").text

    assert "Stay as they are" in looked
    assert ">Carry" not in looked


def test_nobody_else_looks(cast: Cast, browser_of: Browser) -> None:
    link = f"/editions/{cast.things['pat']['version']}/impact"
    for who, status in (("theo", 403), ("fay", 403), ("pat", 403)):
        client = browser_of(who)
        form = client.get("/patients").text.split('name="form" value="')
        token = form[1].split('"', maxsplit=1)[0] if len(form) > 1 else ""
        assert client.post(link, data={"form": token}).status_code == status, who
    assert browser_of("olga").get(link).status_code == 404
