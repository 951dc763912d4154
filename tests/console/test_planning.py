"""Everybody who waits is planned on one page; what would be is compared on another, and never
booked."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.persistence.appointments import of_series
from server.persistence.database import db
from server.persistence.planning_runs import PlanningRunRow
from server.services.planning import planning_work
from shared.planning_words import PlanningRunStatus
from tests.cast import Cast
from tests.console.conftest import Browser
from tests.console.test_needs import form_of
from tests.console.test_pages import assert_guarded


@pytest.fixture
def nora(browser_of: Browser) -> FlaskClient:
    return browser_of("nora")


def asked(nora: FlaskClient, cast: Cast, **more: str) -> TestResponse:
    page = nora.get("/planning")
    sent = {"form": form_of(page.text), "site": cast.things["pat"]["site"], "seconds": "1"}
    return nora.post("/planning", data=sent | more)


def worked_off() -> None:
    while (attempt := planning_work.take()) is not None:
        planning_work.carry_out(attempt)
    db.session.rollback()
    db.session.expire_all()


def posted(nora: FlaskClient, address: str, what: str) -> TestResponse:
    form = form_of(nora.get(address).text)
    return nora.post(f"{address}/{what}", data={"form": form})


def booked(cast: Cast) -> set[str]:
    db.session.rollback()
    rows = of_series(cast.things["pat"]["series"])
    return {row.visit_code for row in rows if row.live}


def test_all_who_wait_are_planned_and_booked_with_one_press(cast: Cast, nora: FlaskClient) -> None:
    before = booked(cast)
    made = asked(nora, cast)
    assert made.status_code == 303
    address = made.headers["Location"]
    page = nora.get(address)
    assert_guarded(page)
    assert "Waits for a worker" in page.text
    assert "Stop it" in page.text

    worked_off()
    done = nora.get(address)
    assert "Done" in done.text
    assert "Book all" in done.text
    assert booked(cast) == before
    taken = posted(nora, address, "book")
    assert taken.status_code == 303
    assert booked(cast) > before
    assert "Booked, all of it" in nora.get(taken.headers["Location"]).text
    assert posted(nora, address, "book").status_code == 409


def test_what_if_is_shown_beside_what_is_and_offers_no_booking(
    cast: Cast, nora: FlaskClient
) -> None:
    before = booked(cast)
    made = asked(nora, cast, weekday="4", seconds="2")
    worked_off()
    page = nora.get(made.headers["Location"])
    assert "As it is" in page.text
    assert "only compares" in page.text
    assert "Book all" not in page.text
    assert posted(nora, made.headers["Location"], "book").status_code == 409
    assert booked(cast) == before


def test_a_change_half_filled_in_is_named_and_nothing_else_is_lost(
    cast: Cast, nora: FlaskClient
) -> None:
    page = asked(nora, cast, away=cast.things["pat"]["therapist"], seconds="7")
    assert page.status_code == 422
    assert "changes.0.first" in page.text
    assert 'value="7"' in page.text
    for wrong in ({"seconds": "a"}, {"weekday": "x"}, {"closed_first": "2026-02-30"}):
        assert asked(nora, cast, **wrong).status_code == 422


def test_a_run_is_stopped_and_begun_anew(cast: Cast, nora: FlaskClient) -> None:
    address = asked(nora, cast).headers["Location"]
    posted(nora, address, "cancel")
    assert "Stopped" in nora.get(address).text
    posted(nora, address, "restart")
    worked_off()
    assert "Done" in nora.get(address).text


def test_how_far_it_is_is_told_without_the_rest_of_the_page(cast: Cast, nora: FlaskClient) -> None:
    address = asked(nora, cast).headers["Location"]
    part = nora.get(f"{address}/progress")
    assert 'data-going="yes"' in part.text
    assert "<html" not in part.text
    worked_off()
    assert 'data-going="no"' in nora.get(f"{address}/progress").text


def test_another_clinics_run_is_not_there(cast: Cast, browser_of: Browser) -> None:
    run_id = cast.things["pat"]["run"]
    olga = browser_of("olga")
    assert olga.get(f"/planning/{run_id}").status_code == 404
    assert browser_of("nora").get(f"/planning/{run_id}").status_code == 200


def test_a_therapist_has_no_such_page(cast: Cast, browser_of: Browser) -> None:
    del cast
    theo = browser_of("theo")
    assert theo.get("/planning").status_code == 403
    assert not re.search(r'href="/planning"', theo.get("/week").text)


def test_no_patient_is_in_the_address_of_a_run(cast: Cast, nora: FlaskClient) -> None:
    address = asked(nora, cast).headers["Location"]
    assert cast.things["pat"]["patient"] not in address
    run = db.session.get_one(PlanningRunRow, address.rstrip("/").rsplit("/", 1)[1].split("?")[0])
    assert run.status == PlanningRunStatus.WAITING
