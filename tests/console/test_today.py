"""Today's board: what it says of each visit, what one tap does, who may, and how it stays live."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.persistence.transactions import transaction
from server.services.days import today
from server.services.sign_ins import browser_sign_in
from shared.vocabulary import Role
from tests import builders
from tests.console import a_day
from tests.console.a_week import House
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded

NOW = datetime(2027, 3, 3, 17, 2, tzinfo=UTC)

pytestmark = pytest.mark.breaks_on_purpose  # the day is laid by hand, without a protocol behind it


@pytest.fixture
def nora(app: Flask):
    """A nurse's browser at the clinic whose day is told."""
    with transaction():
        clinic = builders.make_clinic()
        a_day.tell(House(clinic.id), NOW)
        user_id = builders.make_user(clinic.id, Role.NURSE, "nora@example.org").id
    client = app.test_client()
    with time_machine.travel(NOW, tick=False):
        client.set_cookie("tandem", browser_sign_in.begin_for(user_id, now=NOW))
        yield client


def line(page: str, name: str) -> str:
    """The part of the page about one patient."""
    return next(part for part in re.findall(r"<li id=.*?</li>", page, re.DOTALL) if name in part)


def tap(client: FlaskClient, title: str, name: str, **more: str) -> TestResponse:
    """Press the button with this title in a patient's line."""
    part = line(client.get("/today").text, name)
    to = re.search(rf'<button[^>]*value="(\w+)"[^>]*>{title}<', part)
    assert to, f"{name} has a button {title}"
    hidden = dict(re.findall(r'name="(form|site|visit|version)" value="([^"]*)"', part))
    return client.post("/today/step", data=hidden | {"to": to[1]} | more)


def test_everybody_lands_on_what_they_do_first(browser_of: Browser) -> None:
    homes = {name: browser_of(name).get("/").location for name in ("nora", "fay", "theo", "ana")}

    assert homes == {"nora": "/today", "fay": "/today", "theo": "/week/timeline", "ana": "/health"}


def test_every_visit_of_today_has_one_line_and_no_other_day_has_any(nora: FlaskClient) -> None:
    reply = nora.get("/today")

    assert_guarded(reply)
    assert re.findall(r"<h2>(\w+) Example</h2>", reply.text) == ["Ash", "Birch", "Cedar", "Dill"]
    assert "with Infusion chairs</span>" in line(reply.text, "Ash")  # some nurse says nothing


def test_late_is_said_in_words_and_counted(nora: FlaskClient) -> None:
    page = nora.get("/today").text

    assert "Late: was due at 11:40" in line(page, "Birch")
    assert "Late" not in line(page, "Cedar")
    assert "<strong>1</strong> late" in page


def test_one_tap_says_that_a_patient_arrived_and_one_takes_it_back(nora: FlaskClient) -> None:
    reply = tap(nora, "Arrived", "Birch")
    assert reply.status_code == 303
    assert "<strong>here</strong>" in line(nora.get(reply.location).text, "Birch")

    tap(nora, "Undo arrived", "Birch")

    assert "<strong>expected</strong>" in line(nora.get("/today").text, "Birch")


def test_a_visit_that_did_not_come_has_its_reason(nora: FlaskClient) -> None:
    tap(nora, "Did not come", "Birch", reason="no ride home")

    said = line(nora.get("/today").text, "Birch")
    assert "did not come" in said
    assert "no ride home" in said
    assert "Did not come" not in said
    assert "They did come" in said


def test_an_infusion_goes_from_stage_to_stage_and_one_tap_goes_back(nora: FlaskClient) -> None:
    def state() -> str:
        found = re.search(r'class="state"><strong>([^<]+)<', line(nora.get("/today").text, "Ash"))
        return found[1] if found else ""

    seen = [state()]
    for title in ("Checks", "Infusion begins", "Infusion over", "Ready to go", "Gone home"):
        assert tap(nora, title, "Ash").status_code == 303
        seen.append(state())
    assert seen == ["here", "checks", "infusing", "observing", "ready to go", "done"]

    tap(nora, "Undo done", "Ash")
    assert state() == "ready to go"
    tap(nora, "Undo ready", "Ash")
    assert state() == "observing"
    assert "since 12:02" in line(nora.get("/today").text, "Ash")
    for title in ("Undo observing", "Undo infusing", "Undo checks"):
        tap(nora, title, "Ash")
    assert state() == "here"


def test_a_stage_is_not_passed_over_and_done_is_not_taken_back_for_ever(
    nora: FlaskClient,
) -> None:
    part = line(nora.get("/today").text, "Ash")
    hidden = dict(re.findall(r'name="(form|site|visit|version)" value="([^"]*)"', part))
    assert nora.post("/today/step", data=hidden | {"to": "observing"}).status_code == 409

    tap(nora, "Gone home", "Ash")
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        part = line(nora.get("/today").text, "Ash")
        assert "Undo done" not in part
        assert nora.post("/today/step", data=hidden | {"to": "arrived"}).status_code == 409


def test_why_somebody_came_late_stands_beside_them(nora: FlaskClient) -> None:
    tap(nora, "Came late", "Birch", reason="no ride home")

    said = line(nora.get("/today").text, "Birch")
    assert "<strong>here</strong>" in said
    assert "no ride home" in said


def test_a_reason_is_one_of_those_offered(nora: FlaskClient) -> None:
    tap(nora, "Cancel the visit", "Cedar", reason="Cedar Example is ill")

    said = line(nora.get("/today").text, "Cedar")
    assert "<strong>cancelled</strong>" in said
    assert "is ill" not in said


def test_whoever_was_slower_is_told_and_sees_how_it_stands(nora: FlaskClient) -> None:
    part = line(nora.get("/today").text, "Birch")
    hidden = dict(re.findall(r'name="(form|site|visit|version)" value="([^"]*)"', part))
    tap(nora, "Arrived", "Birch")

    reply = nora.post("/today/step", data=hidden | {"to": "noshow"})

    assert reply.status_code == 409
    assert "Somebody else changed this visit" in reply.text
    assert "<strong>here</strong>" in line(reply.text, "Birch")
    assert_guarded(reply)


def test_what_cannot_follow_is_refused_with_its_reason(nora: FlaskClient) -> None:
    part = line(nora.get("/today").text, "Cedar")
    hidden = dict(re.findall(r'name="(form|site|visit|version)" value="([^"]*)"', part))

    reply = nora.post("/today/step", data=hidden | {"to": "fulfilled"})

    assert reply.status_code == 409
    assert 'id="told" role="alert">' in reply.text


@pytest.mark.parametrize(
    "spoiled",
    [{"to": "gone"}, {"version": "x"}, {"visit": "0" * 32}, {"visit": "1"}, {"site": "x"}],
    ids=str,
)
def test_a_spoiled_form_changes_nothing(nora: FlaskClient, spoiled: dict[str, str]) -> None:
    part = line(nora.get("/today").text, "Birch")
    hidden = dict(re.findall(r'name="(form|site|visit|version)" value="([^"]*)"', part))

    assert nora.post("/today/step", data=hidden | {"to": "arrived"} | spoiled).status_code == 404
    assert nora.post("/today/step", data=hidden | {"form": "x"}).status_code == 403
    assert "<strong>expected</strong>" in line(nora.get("/today").text, "Birch")


def test_an_open_page_is_told_nothing_while_nothing_happens(nora: FlaskClient) -> None:
    first = nora.get("/today/visits")
    seen = {"If-None-Match": first.headers["ETag"]}
    assert_guarded(first)

    same = nora.get("/today/visits", headers=seen)
    tap(nora, "Arrived", "Birch")
    other = nora.get("/today/visits", headers=seen)

    assert (same.status_code, same.data) == (304, b"")
    assert other.status_code == 200
    assert other.headers["ETag"] != first.headers["ETag"]


def test_becoming_late_is_news(nora: FlaskClient) -> None:
    by = browser_sign_in.holder(nora.get_cookie("tandem").value, now=NOW)
    marks = [today.mark(by, None, now=NOW + timedelta(minutes=n)) for n in (20, 92, 94)]

    assert marks[0] == marks[1]
    assert marks[1] != marks[2], "Cedar was due at 13:30 and is late from 13:35"


def test_an_open_page_keeps_nobody_signed_in(nora: FlaskClient) -> None:
    for minutes in (5, 10, 14):
        with time_machine.travel(NOW.replace(minute=2 + minutes), tick=False):
            assert nora.get("/today/visits").status_code == 200

    with time_machine.travel(NOW.replace(minute=20), tick=False):
        assert nora.get("/today/visits").status_code == 303


def test_a_therapist_may_change_their_own_patients_visits_only(browser_of: Browser) -> None:
    the_day = (datetime.now(UTC) + timedelta(days=2)).replace(hour=16, minute=0)
    with time_machine.travel(the_day):
        page = browser_of("theo").get("/today").text

    assert "Arrived<" in line(page, "Pat Rowan")
    assert "<form" not in line(page, "Quinn Alder")


def test_who_has_no_row_for_it_sees_no_board(browser_of: Browser) -> None:
    for name in ("pat", "ada"):
        assert browser_of(name).get("/today").status_code == 403
        assert browser_of(name).get("/today/visits").status_code == 403
    assert browser_of("nora").get("/today?site=" + "0" * 32).status_code == 404
