"""How full the hours are, pairing, messages and check-ins: figures with their tables, no names."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.console.reports.tabs import REPORTS, TABS
from server.persistence import appointments
from server.persistence.transactions import transaction
from server.services.booking import bookings
from shared.vocabulary import AppointmentStatus
from tests import builders
from tests.cast import Cast
from tests.console.a_desk import Desk, open_desk
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded
from tests.services.a_series import NOW


@pytest.fixture
def desk(app: Flask) -> Desk:
    del app
    return open_desk()


@pytest.fixture
def ana(app: Flask, desk: Desk) -> FlaskClient:
    return desk.browser(app, "ana")


def around() -> dict[str, str]:
    """Today, and the days on which the clinic's series are booked."""
    today, booked = datetime.now(UTC).date(), NOW.date() + timedelta(days=24)
    return {"first": str(min(today, booked) - timedelta(days=1)), "last": str(booked)}


def test_an_infusion_whose_psychotherapy_has_no_time_is_counted(
    desk: Desk, ana: FlaskClient
) -> None:
    series_id = desk.booked()
    with transaction():
        rows = {row.visit_code: row for row in appointments.of_series(series_id)}
        for code in ("infusion-1", "infusion-2"):
            rows[code].status = "fulfilled"
        ended = AppointmentStatus.CANCELLED
        bookings.let_go(rows["session-2"], ended, "", now=datetime.now(UTC))
        builders.make_dead_message(rows["infusion-1"])
        builders.make_check_in(rows["infusion-1"])

    pairing = ana.get("/reports/pairing", query_string=around())
    messages = ana.get("/reports/messages", query_string=around())

    assert_guarded(pairing)
    assert_guarded(messages)
    assert "1 of 2 infusions that took place have psychotherapy without a time" in pairing.text
    assert "1 were given up" in messages.text
    assert "0 of 1 check-ins that were due were answered" in messages.text
    assert "Pat Example" not in pairing.text + messages.text


def test_hours_taken_are_set_against_hours_open(desk: Desk, ana: FlaskClient) -> None:
    desk.booked()

    sheet = ana.get("/reports/hours.csv", query_string=around())

    assert sheet.status_code == 200
    lines = sheet.text.splitlines()
    assert lines[0] == "Hour and kind,Hours open,Hours taken"
    assert any(line.endswith(".0") or "," in line for line in lines[1:])
    taken = sum(float(line.rsplit(",", 1)[1]) for line in lines[1:])
    # Two infusions of two hours and two sessions of one.
    assert taken == pytest.approx(6.0, abs=0.5)


def test_each_table_is_a_sheet_too(desk: Desk, ana: FlaskClient) -> None:
    del desk
    for code in ("hours", "pairing", "reminders", "check-ins", "windows", "no-shows", "waiting"):
        assert ana.get(f"/reports/{code}.csv").status_code == 200, code
    assert ana.get("/reports/nothing.csv").status_code == 404
    assert ana.get("/reports/hours?first=2027-01-01&last=2020-01-01").status_code == 422


def test_every_report_stands_on_one_page_which_every_page_leads_to(
    desk: Desk, ana: FlaskClient
) -> None:
    del desk
    shown = [code for tab in TABS for code in tab.reports]
    assert sorted(shown) == sorted(REPORTS)
    for tab in TABS:
        page = ana.get(f"/reports/{tab.code}".rstrip("/"), query_string=around())
        assert page.status_code == 200, tab.code
        for code in tab.reports:
            assert f"/reports/{code}.csv" in page.text
        for other in TABS:
            assert f">{other.title}</a>" in page.text


def test_only_those_who_may_read_reports_do(cast: Cast, browser_of: Browser) -> None:
    del cast
    for who, status in (("ada", 200), ("fay", 200), ("theo", 403), ("pat", 403)):
        assert browser_of(who).get("/reports/hours").status_code == status, who
