"""Reports ask for the days they are of, and read as much as happened on those days."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from server.persistence import appointments, reporting
from server.persistence.database import db
from server.persistence.reporting import Counted, Tied
from server.services.booking import appointments as services
from server.services.booking.appointments import Step
from server.services.record import care_reports, reports
from shared.vocabulary import AppointmentStatus
from tests.console.a_desk import Desk, open_desk

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
CLINIC = "c" * 32


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A clinic in which a whole series took place."""
    del app
    desk = open_desk()
    rows = appointments.of_series(desk.booked())
    for appointment_id, version, ends_at in [(row.id, row.version, row.ends_at) for row in rows]:
        step = Step(to=AppointmentStatus.FULFILLED, expected_version=version)
        services.progress(desk.clinic.by, appointment_id, step, now=ends_at)
    return desk


def days(desk: Desk) -> dict[str, date]:
    """On which local day each visit took place."""
    rows, _ = appointments.between(
        desk.clinic.by.clinic_id,
        start=datetime(2020, 1, 1, tzinfo=UTC),
        end=datetime(2090, 1, 1, tzinfo=UTC),
    )
    return {row.visit_code: date.fromisoformat(row.wall_time[:10]) for row in rows}


def test_a_visit_is_measured_from_one_before_the_days_asked_for(desk: Desk) -> None:
    on = days(desk)
    assert on["infusion-1"] < on["infusion-2"]

    found = reports.kept(desk.clinic.by, on["infusion-2"], on["infusion-2"])

    kept = {each.kind: (each.fulfilled, each.windowed, each.inside) for each in found}
    assert kept["infusion"] == (1, 1, 1)


def test_psychotherapy_after_the_days_asked_for_counts_for_its_infusion(desk: Desk) -> None:
    on = days(desk)
    assert on["session-2"] > on["infusion-2"]

    found = care_reports.pairings(desk.clinic.by, on["infusion-2"], on["infusion-2"])

    assert [(each.infusions, each.unpaired) for each in found] == [(1, 0)]


def _ended() -> object:
    return reporting.ended(CLINIC, start=START, end=END)


def _alike() -> object:
    window = Counted("v", "infusion-2", 0, "infusion-1", 0, True)
    return list(reporting.alike(CLINIC, [window], start=START, end=END))


def _paired() -> object:
    return reporting.paired(CLINIC, [Tied("v", "infusion-1", "session-1")], start=START, end=END)


def _waits() -> object:
    return reporting.waits(CLINIC, now=END + timedelta(days=1))


@pytest.mark.parametrize("ask", [_ended, _alike, _paired, _waits])
def test_no_report_reads_all_the_appointments_there_are(
    app: Flask, ask: Callable[[], object]
) -> None:
    del app
    with _statements() as asked:
        ask()

    plans = [_plan(statement, parameters) for statement, parameters in asked]
    of_appointments = [line for plan in plans for line in plan if "appointment" in line]

    assert of_appointments
    assert all("index" in line.lower() for line in of_appointments), plans
    if db.engine.dialect.name == "postgresql":
        # The series touched, and what is counted from: no row is fetched for either.
        assert any("Index Only Scan" in line for line in of_appointments), plans


@contextmanager
def _statements() -> Iterator[list[tuple[str, object]]]:
    found: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, *_more) -> None:  # type: ignore[no-untyped-def]
        found.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


def _plan(statement: str, parameters: object) -> list[str]:
    """How the database would answer, had it more than a handful of rows to look through."""
    connection, postgresql = db.engine.raw_connection(), db.engine.dialect.name == "postgresql"
    cursor = connection.cursor()
    if postgresql:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    cursor.execute(f"{'EXPLAIN' if postgresql else 'EXPLAIN QUERY PLAN'} {statement}", parameters)
    plan = [str(row[-1]) for row in cursor.fetchall()]
    connection.close()
    # Conditions name the table too; what is read stands on lines of its own.
    return [line for line in plan if not postgresql or "Scan" in line]
