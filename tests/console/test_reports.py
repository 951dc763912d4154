"""Reports count what took place, inside its window or not, name nobody, and leave nobody out."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.persistence import appointments
from server.services.booking import appointments as services
from server.services.booking.appointments import Step
from server.services.record import reports
from shared.vocabulary import AppointmentStatus
from tests.console.a_desk import Desk, open_desk
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A clinic in which one series took place but for its last visit, and another waits."""
    desk = open_desk()
    series_id = desk.booked()
    desk.clinic.enrolled()
    rows = appointments.of_series(series_id)
    seen = [(row.id, row.version, row.visit_code, row.ends_at) for row in rows]
    for appointment_id, version, code, ends_at in seen:
        to = AppointmentStatus.NO_SHOW if code == "session-2" else AppointmentStatus.FULFILLED
        step = Step(to=to, expected_version=version, reason="ill")
        services.progress(desk.clinic.by, appointment_id, step, now=ends_at)
    return desk


def span(desk: Desk) -> tuple[datetime, datetime]:
    rows, _ = appointments.between(
        desk.clinic.by.clinic_id,
        start=datetime(2020, 1, 1, tzinfo=UTC),
        end=datetime(2090, 1, 1, tzinfo=UTC),
    )
    return min(row.starts_at for row in rows), max(row.ends_at for row in rows)


def test_visits_are_counted_inside_their_windows(desk: Desk) -> None:
    first, last = span(desk)

    found = reports.kept(desk.clinic.by, first.date(), last.date())
    weeks = reports.missed(desk.clinic.by, first.date(), last.date())

    kept = {each.kind: (each.fulfilled, each.windowed, each.inside) for each in found}
    assert kept == {"infusion": (2, 1, 1), "integration": (1, 1, 1)}
    assert sum(each.no_shows for each in weeks) == 1
    assert sum(each.fulfilled for each in weeks) == 3


def test_who_still_waits_is_told_beside_who_waited(desk: Desk) -> None:
    _, last = span(desk)

    found = reports.waiting(desk.clinic.by, now=last)

    assert (found.finished, found.still_waiting) == (1, 1)
    assert found.waiting_longest_days is not None


def test_the_page_and_its_tables_say_the_same_and_name_nobody(app: Flask, desk: Desk) -> None:
    first, last = span(desk)
    query = f"first={first.date() - timedelta(days=1)}&last={last.date()}"
    with time_machine.travel(last + timedelta(days=1)):
        client = desk.browser(app, "ana")
        page = client.get(f"/reports/protocol?{query}")
        sheet = client.get(f"/reports/windows.csv?{query}")
        wrong = client.get("/reports?first=2027-03-02&last=2027-03-01")

    assert_guarded(page)
    assert "2 of 2 visits with a window took place inside it (100.0 %)." in page.text
    assert "Pat Example" not in page.text + sheet.text
    assert list(csv.reader(sheet.text.splitlines()))[1] == ["infusion", "2", "1", "1"]
    assert wrong.status_code == 422
    assert_guarded(wrong)


def test_who_may_not_read_reports_gets_none(browser_of: Browser) -> None:
    def status(name: str, path: str) -> int:
        client: FlaskClient = browser_of(name)
        return client.get(path).status_code

    assert status("ana", "/reports") == status("ada", "/reports/waiting.csv") == 200
    assert status("theo", "/reports") == status("pat", "/reports") == 403
    assert status("theo", "/reports/waiting.csv") == status("theo", "/reports/hours") == 403
    assert status("ana", "/reports/nothing.csv") == status("ana", "/reports/nothing") == 404
