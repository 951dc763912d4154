"""Patients on the console: found, read, their series planned and booked, and who may not."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.persistence import appointments, series
from server.services.series import series_changes
from tests.console.a_desk import Desk, open_desk
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk()


@pytest.fixture
def drew(app: Flask, desk: Desk) -> FlaskClient:
    return desk.browser(app, "drew")


def press(client: FlaskClient, page: str, title: str, **more: str) -> TestResponse:
    """Send the form of the first button with this title."""
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    form = next(each for each in forms if re.search(rf"<button[^>]*>{title}", each))
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    said = re.search(rf'<button[^>]*?name="([^"]+)" value="([^"]+)">{title}', form)
    fields |= {said[1]: said[2]} if said else {}
    return client.post(re.search(r'action="([^"]+)"', form)[1], data=fields | more)


def page_of(client: FlaskClient, series_id: str, desk: Desk) -> str:
    row = series.series(desk.clinic.by.clinic_id, series_id)
    reply = client.get(f"/patients/{row.patient_id}")
    assert_guarded(reply)
    return reply.text


def live(series_id: str) -> dict[str, str]:
    return {row.visit_code: row.id for row in appointments.of_series(series_id) if row.live}


def test_a_name_is_found_without_standing_in_the_address(drew: FlaskClient, desk: Desk) -> None:
    desk.clinic.enrolled()
    page = drew.get("/patients").text
    assert "Pat Example" in page

    found = press(drew, page, "Find", name="exam")
    none = press(drew, page, "Find", name="nobody")

    assert_guarded(found)
    assert "Pat Example" in found.text
    assert "Pat Example" not in none.text
    assert found.request.query_string == b""


def test_a_series_is_planned_and_booked_in_two_steps(drew: FlaskClient, desk: Desk) -> None:
    series_id = desk.clinic.enrolled()

    plans = press(drew, page_of(drew, series_id, desk), "Plan series")
    assert_guarded(plans)
    assert re.findall(r'<h2 id="p-[^"]*">(\w+)', plans.text) == ["Best", "Second", "Third"]
    assert "hour" in plans.text
    booked = press(drew, plans.text, "Book")

    assert booked.status_code == 303
    assert set(live(series_id)) == {"infusion-1", "session-1", "infusion-2", "session-2"}
    assert "every visit of the plan has its time" in drew.get(booked.location).text


def test_one_visit_is_booked_by_itself_when_all_it_counts_from_has_a_time(
    drew: FlaskClient, desk: Desk
) -> None:
    series_id = desk.clinic.enrolled()
    page = page_of(drew, series_id, desk)
    assert page.count("Find a time") == 1, "only the first infusion waits for nothing"

    times = press(drew, page, "Find a time")
    press(drew, times.text, "Book")

    assert set(live(series_id)) == {"infusion-1"}
    assert page_of(drew, series_id, desk).count("Find a time") == 2


def test_wishes_are_kept(drew: FlaskClient, desk: Desk) -> None:
    series_id = desk.clinic.enrolled()
    plans = press(drew, page_of(drew, series_id, desk), "Plan series").text

    therapist = desk.clinic.therapist_ids[1]
    wished = press(drew, plans, "Show plans", **{"with-therapist": therapist, "not_on": "1"})

    assert "with th-1" in wished.text
    assert "with th-0" not in wished.text
    assert not re.search(r"<strong>Tue ", wished.text)


def test_where_there_is_no_plan_the_page_says_why_and_what_would_help(
    drew: FlaskClient, desk: Desk
) -> None:
    series_id = desk.clinic.enrolled(patient_id=desk.clinic.patient(weekly=[]))

    page = press(drew, page_of(drew, series_id, desk), "Plan series").text

    assert "There is no such plan" in page
    assert "It would work if the patient could come at any time" in page
    change = re.search(r'name="changes" value="([^"]*)"', page)
    assert change
    tried = press(drew, page, "Show what that would do", changes=unescape(change[1]))
    assert_guarded(tried)
    assert tried.status_code == 200
    assert "If this were otherwise" in tried.text
    assert "Infusion 1" in tried.text
    assert ">Book<" not in tried.text, "what is only tried cannot be booked"
    assert live(series_id) == {}
    form = re.search(r'name="form" value="([^"]+)"', page)
    for spoilt in ("", "{}", "[1]", '[{"kind": "no-such"}]', '[{"kind": "window"}]'):
        sent = {"form": form[1] if form else "", "changes": spoilt}
        assert drew.post(f"/series/{series_id}/trial", data=sent).status_code == 404


def test_a_plan_that_was_taken_meanwhile_is_refused_beside_fresh_ones(
    drew: FlaskClient, desk: Desk
) -> None:
    first, second, third = (desk.clinic.enrolled() for _ in range(3))
    pages = [press(drew, page_of(drew, each, desk), "Plan series").text for each in (first, second)]
    late = press(drew, page_of(drew, third, desk), "Plan series").text
    for page in pages:
        press(drew, page, "Book")

    reply = press(drew, late, "Book")

    if reply.status_code == 409:
        assert "Nothing was booked" in reply.text
        assert live(third) == {}
        assert press(drew, reply.text, "Book").status_code == 303


def test_a_held_series_says_so_and_offers_no_plan(drew: FlaskClient, desk: Desk) -> None:
    series_id = desk.booked()
    row = series.series(desk.clinic.by.clinic_id, series_id)
    series_changes.hold(
        desk.clinic.by,
        series_id,
        reason="blood pressure",
        release=True,
        expected_version=row.version,
        now=datetime.now(UTC),
    )

    page = page_of(drew, series_id, desk)

    assert "On hold: blood pressure" in page
    assert "Plan series" not in page
    assert drew.get(f"/series/{series_id}/plans").status_code == 200


def test_a_patient_without_a_series_begins_one(app: Flask, desk: Desk) -> None:
    fay, patient_id = desk.browser(app, "fay"), desk.clinic.patient()
    page = fay.get(f"/patients/{patient_id}").text

    began = press(fay, page, "Begin", edition=desk.clinic.version_id, ready_on="2027-03-01")

    assert began.status_code == 303
    assert "Plan series" in fay.get(began.location).text
    again = press(fay, page, "Begin", edition=desk.clinic.version_id, ready_on="2027-03-01")
    assert again.status_code == 409
    assert "has a series that has not ended" in again.text
    assert press(fay, page, "Begin", edition=desk.clinic.version_id).status_code == 422


def test_nobody_reads_or_plans_what_is_out_of_their_reach(browser_of: Browser, cast) -> None:
    pat, quinn, otto = (cast.things[name] for name in ("pat", "quinn", "otto"))
    for who, things, status in (
        ("theo", pat, 200),
        ("theo", quinn, 404),
        ("nora", quinn, 200),
        ("nora", otto, 404),
        ("ada", pat, 403),
        ("pat", pat, 403),
    ):
        assert browser_of(who).get(f"/patients/{things['patient']}").status_code == status
        assert browser_of(who).get(f"/series/{things['series']}/plans").status_code == status
    theo = browser_of("theo").get("/patients").text
    assert "Pat Rowan" in theo
    assert "Quinn Alder" not in theo


def test_forms_from_elsewhere_are_refused(drew: FlaskClient, desk: Desk) -> None:
    series_id = desk.clinic.enrolled()

    for address in ("/patients", f"/series/{series_id}/plans", f"/series/{series_id}/book"):
        assert drew.post(address, data={"form": "x"}).status_code == 403
