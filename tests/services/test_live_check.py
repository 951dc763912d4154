"""The answer while a visit is dragged: as a move gives it, looked up once and put on record."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from server.domain.breaches import BreachCode
from server.persistence import appointments
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.services.booking import live_check, moves
from server.services.booking.live_check import Answer, Steps
from server.services.booking.moves import Wish
from server.services.record import audit
from shared.vocabulary import Role
from tests.console.a_desk import Desk, open_desk
from tests.services.a_series import ZONE

GRID = timedelta(minutes=15)
"""Of the clinic's only site."""


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A clinic that is always open; what may be asked of it changes with `booked`."""
    del app
    return open_desk()


def row(series_id: str, code: str) -> AppointmentRow:
    return next(each for each in appointments.of_series(series_id) if each.visit_code == code)


def asked(desk: Desk, at: AppointmentRow, days: int, slots: int) -> Answer:
    now = at.made_at + timedelta(minutes=1)
    return live_check.ask(desk.clinic.by, at.id, Steps(days=days, slots=slots), now=now)


def test_a_step_is_a_day_or_a_piece_of_the_grid_on_the_clock_face(desk: Desk) -> None:
    at = row(desk.booked(), "infusion-1")
    stands = at.starts_at.astimezone(ZONE)

    later = asked(desk, at, 1, 2).wished

    assert later.replace(tzinfo=None) == stands.replace(tzinfo=None) + timedelta(days=1) + 2 * GRID


def test_what_a_step_offers_is_what_a_move_to_that_time_offers(desk: Desk) -> None:
    at = row(desk.booked(), "infusion-2")
    appointment_id, now = at.id, at.made_at + timedelta(minutes=1)

    step = asked(desk, at, 0, 4)
    wish = Wish(starts_at=step.wished, choices={})
    move = moves.preview(desk.clinic.by, appointment_id, wish, now=now)

    assert step.offered is not None
    assert step.offered.body == move.body
    assert step.visit == "infusion-2"


def test_a_refused_step_says_why_and_is_on_record_too(desk: Desk) -> None:
    at = row(desk.booked(), "infusion-2")
    patient_id, now = at.patient_id, at.made_at + timedelta(minutes=1)

    step = asked(desk, at, -300, 0)

    assert step.offered is None
    assert step.refusal is not None
    assert BreachCode.IN_THE_PAST in {each.code for each in step.refusal.breaches}
    auditor = replace(desk.clinic.by, role=Role.AUDITOR)
    seen, _ = audit.listed(auditor, now=now, patient_id=patient_id)
    assert "appointments.move" in {each.action for each in seen}


ONCE = (
    "SELECT appointment.id, appointment.patient_from",
    "SELECT bookable.id, bookable.clinic_id",
    "FROM availability ",
    "FROM holiday ",
)


@pytest.mark.parametrize(
    ("code", "days", "moves_along"),
    [("session-2", 0, False), ("infusion-2", 2, True), ("infusion-2", -300, False)],
)
def test_a_step_looks_up_the_patient_and_the_bookables_once(
    desk: Desk, code: str, days: int, moves_along: bool
) -> None:
    at = row(desk.booked(), code)
    with statements() as read:
        step = asked(desk, at, days, 1)

    assert (step.offered is not None and len(visits(step)) > 1) == moves_along
    for what in ONCE:
        assert sum(what in each for each in read) == 1, what


def visits(step: Answer) -> list[object]:
    found = step.offered.body["visits"] if step.offered else []
    assert isinstance(found, list)
    return found


@contextmanager
def statements() -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:  # type: ignore[no-untyped-def]
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)
