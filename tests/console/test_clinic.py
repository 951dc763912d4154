"""Setting up the clinic on the console: hours, absences and what they disturb, repairs, imports."""

import re
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.persistence import appointments, people
from tests.console.a_desk import Desk, open_desk
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded
from tests.console.test_patients import press

PEOPLE = "kind,name,site,phone\npatient,Rosa Rowan,Only,555 1\npatient,Ruth Reed,Only,555 2\n"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk()


@pytest.fixture
def ana(app: Flask, desk: Desk) -> FlaskClient:
    return desk.browser(app, "ana")


def names(desk: Desk) -> set[str]:
    found, _ = people.patients(desk.clinic.by.clinic_id)
    return {row.full_name for row in found}


def first_day(series_id: str) -> date:
    row = next(row for row in appointments.of_series(series_id) if row.visit_code == "session-1")
    return datetime.fromisoformat(row.wall_time).date()


def test_what_can_be_booked_is_listed_with_its_week(ana: FlaskClient) -> None:
    page = ana.get("/clinic")

    assert_guarded(page)
    assert "mon-sun 00:00-24:00" in page.text


def test_a_week_is_written_as_people_say_it(ana: FlaskClient, desk: Desk) -> None:
    address = f"/clinic/bookables/{desk.clinic.chairs_id}"
    page = ana.get(address).text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    week = {"days": ["mon-fri", ""], "opens": ["08:00", ""], "closes": ["18:00", ""]}

    bad = ana.post(
        f"{address}/week", data=hidden | week | {"capacity": ["2", ""], "opens": ["8", ""]}
    )
    done = ana.post(f"{address}/week", data=hidden | week | {"capacity": ["2", ""]})
    stale = ana.post(f"{address}/week", data=hidden | week | {"capacity": ["1", ""]})

    assert bad.status_code == 422
    assert "row 1: a time such as 08:30" in bad.text
    assert 'value="mon-fri"' in bad.text, "what was typed is not lost"
    assert "Every booked visit still fits" in done.text
    assert 'value="mon-fri"' in done.text
    assert stale.status_code == 409
    for reply in (bad, done, stale):
        assert_guarded(reply)


def test_an_absence_names_what_it_disturbs_and_the_repair_is_shown_then_applied(
    ana: FlaskClient, desk: Desk
) -> None:
    series_id = desk.booked()
    row = next(r for r in appointments.of_series(series_id) if r.visit_code == "session-1")
    therapist, day = row.choices["therapist"], first_day(series_id).isoformat()
    page = ana.get(f"/clinic/bookables/{therapist}").text

    away = press(ana, page, "Add days away", first=day, last=day, reason="ill")
    assert "no longer fit" in away.text
    assert "ill" in away.text
    shown = press(ana, away.text, "Show the repair")
    assert_guarded(shown)
    assert "Pat Example" in shown.text
    done = press(ana, shown.text, "Change all of this")

    assert "exactly as shown" in done.text
    again = press(ana, shown.text, "Change all of this")
    assert again.status_code == 409
    after = press(ana, ana.get("/clinic").text, "Look for visits to repair")
    assert "nothing has to change" in after.text


def test_an_absence_is_taken_back(ana: FlaskClient, desk: Desk) -> None:
    page = ana.get(f"/clinic/bookables/{desk.clinic.chairs_id}").text
    away = press(ana, page, "Add days away", first="2027-05-03", last="2027-05-04").text
    assert away.count("Take back") == 2

    left = press(ana, away, "Take back").text

    assert left.count("Take back") == 1
    assert press(ana, left, "Add days away", first="x").status_code == 422


def test_a_table_is_looked_at_first_and_then_imported(ana: FlaskClient, desk: Desk) -> None:
    page = ana.get("/clinic/import").text

    looked = press(ana, page, "Look first", table="people", text=PEOPLE)
    assert_guarded(looked)
    assert "This would add: 2 patient" in looked.text
    assert names(desk) == set()
    done = press(ana, looked.text, "Import it now")

    assert "Added: 2 patient" in done.text
    assert names(desk) == {"Rosa Rowan", "Ruth Reed"}


def test_a_bad_row_is_named_and_nothing_is_written(ana: FlaskClient, desk: Desk) -> None:
    page = ana.get("/clinic/import").text
    bad = PEOPLE + "patient,Rita Reed,Nowhere,555 3\n"

    looked = press(ana, page, "Look first", table="people", text=bad)
    forced = press(ana, page, "Look first", table="people", text=bad, step="import")

    assert re.search(r"<td>4</td><td>site</td><td>there is no site of that name", looked.text)
    assert "Rita Reed" in looked.text, "what was pasted is not lost"
    assert forced.status_code == 422
    assert re.search(r"<td>4</td><td>site</td>", forced.text)
    assert names(desk) == set()


def test_only_administrators_change_hours_and_import(browser_of: Browser, cast) -> None:
    bookable, foreign = cast.things["pat"]["bookable"], cast.things["otto"]["bookable"]
    nora = browser_of("nora")
    assert "Save the week" not in nora.get(f"/clinic/bookables/{bookable}").text
    assert nora.get("/clinic/import").status_code == 403
    assert nora.get(f"/clinic/bookables/{foreign}").status_code == 404
    assert browser_of("pat").get("/clinic").status_code == 403
    assert browser_of("ada").get("/").location == "/health"
    assert browser_of("ana").post("/clinic/import", data={"form": "x"}).status_code == 403
