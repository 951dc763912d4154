"""A time comes free: who is asked, who gets it, and what the others find."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask

from server.domain.breaches import Refused
from server.persistence import appointments as appointment_rows
from server.persistence import waiting as rows
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.waiting import FreedTimeRow, SlotOfferRow
from server.services.access import Caller
from server.services.booking import appointments, booking
from server.services.booking.appointments import Step
from server.services.record import doctor
from server.services.refusals import Conflict, Invalid, NotFound
from server.services.waiting import freed_times, slot_offers, waiting_list
from server.services.waiting.waiting_list import Wanted
from shared.vocabulary import AppointmentStatus, FreedStatus, OfferStatus, ReminderKind, Role
from tests.services.a_series import NOW, ShortClinic, short_clinic

TUESDAY = date(2027, 3, 2)
LATER = date(2027, 3, 9)
CANCELLED_AT = NOW - timedelta(hours=16)
"""Sunday at four in the afternoon, 41 hours before the visit on Tuesday at nine."""
BOOKED_AT = NOW - timedelta(days=2)


@pytest.fixture
def clinic(app: Flask) -> ShortClinic:
    del app
    return short_clinic(therapists=4)


def booked(clinic: ShortClinic, *, day: date, hour: int = 9, therapist: int = 0) -> str:
    series_id = clinic.enrolled(
        patient_id=clinic.patient(email="pat@home.example"), now=BOOKED_AT - timedelta(days=1)
    )
    plan = clinic.plan(day=day, hour=hour, therapist=therapist)
    booking.book(clinic.by, series_id, plan, expected_version=1, now=BOOKED_AT)
    return series_id


def visit(series_id: str, code: str) -> AppointmentRow:
    db.session.rollback()
    db.session.expire_all()
    found = [row for row in appointment_rows.of_series(series_id) if row.visit_code == code]
    return next((row for row in found if row.live), found[-1])


def patient(clinic: ShortClinic, series_id: str) -> Caller:
    who = visit(series_id, "infusion-1").patient_id
    return replace(clinic.by, role=Role.PATIENT, patient_id=who)


def waits(
    clinic: ShortClinic, series_id: str, *, since: datetime = BOOKED_AT, **more: object
) -> str:
    by = patient(clinic, series_id)
    wanted = Wanted(series_id=series_id, visit_code="infusion-1", **more)  # type: ignore[arg-type]
    return waiting_list.join(by, str(by.patient_id), wanted, now=since).id


def cancelled(clinic: ShortClinic, series_id: str, code: str = "infusion-1") -> str:
    """The freed time that it leaves, by id."""
    row = visit(series_id, code)
    step = Step(to=AppointmentStatus.CANCELLED, expected_version=row.version, reason="rang")
    appointments.cancel(clinic.by, row.id, step, now=CANCELLED_AT)
    found = db.session.query(FreedTimeRow).filter_by(appointment_id=row.id).one()
    return found.id


def look(clinic: ShortClinic, freed_id: str, now: datetime = CANCELLED_AT) -> int:
    return freed_times.look(clinic.by.clinic_id, freed_id, now=now)


def offers(freed_id: str) -> list[SlotOfferRow]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.get_one(FreedTimeRow, freed_id).offers)


def offer_to(freed_id: str, series_id: str) -> str:
    return next(each.id for each in offers(freed_id) if each.series_id == series_id)


def freed_with(clinic: ShortClinic, waiting: int) -> tuple[str, list[str]]:
    """A freed time on Tuesday, and series of patients who wait for one, longest first. Their first
    infusions are a week later, an hour apart by therapist."""
    gone = booked(clinic, day=TUESDAY)
    hours = [7, 10, 13, 16][:waiting]
    found = [booked(clinic, day=LATER, hour=h, therapist=n) for n, h in enumerate(hours)]
    for place, series_id in enumerate(found):
        waits(clinic, series_id, since=BOOKED_AT + timedelta(minutes=place))
    return cancelled(clinic, gone), found


def test_a_freed_time_is_offered_to_those_whose_series_it_serves_and_the_first_has_it(
    clinic: ShortClinic,
) -> None:
    freed_id, (first, second) = freed_with(clinic, 2)
    assert look(clinic, freed_id) == 2

    soon = CANCELLED_AT + timedelta(minutes=5)
    slot_offers.accept(patient(clinic, second), offer_to(freed_id, second), now=soon)
    with pytest.raises(Conflict):
        slot_offers.accept(patient(clinic, first), offer_to(freed_id, first), now=soon)

    assert visit(second, "infusion-1").starts_at == datetime(2027, 3, 2, 14, tzinfo=UTC)
    assert visit(first, "infusion-1").starts_at.date() == LATER
    status = {each.series_id: each.status for each in offers(freed_id)}
    assert status == {first: OfferStatus.GONE, second: OfferStatus.ACCEPTED}
    assert db.session.get_one(FreedTimeRow, freed_id).status == FreedStatus.TAKEN
    assert doctor.examine(now=soon) == []


def test_of_those_who_accept_at_the_same_instant_one_has_it_and_the_others_keep_theirs(
    clinic: ShortClinic, app: Flask
) -> None:
    freed_id, series = freed_with(clinic, 3)
    assert look(clinic, freed_id) == 3
    asked = [(patient(clinic, each), offer_to(freed_id, each)) for each in series]
    soon, ready = CANCELLED_AT + timedelta(minutes=5), Barrier(len(asked))
    db.session.rollback()

    def accept(by: Caller, offer_id: str) -> str:
        with app.app_context():
            ready.wait()
            try:
                slot_offers.accept(by, offer_id, now=soon)
            except Conflict as gone:
                return str(gone)
            return "taken"

    with ThreadPoolExecutor(len(asked)) as pool:
        said = list(pool.map(lambda each: accept(*each), asked))

    assert sorted(said) == sorted([slot_offers.GONE, slot_offers.GONE, "taken"])
    moved = [each for each in series if visit(each, "infusion-1").starts_at.date() != LATER]
    assert len(moved) == 1
    assert doctor.examine(now=soon) == []


def test_whoever_takes_it_waits_no_longer_and_the_others_still_do(clinic: ShortClinic) -> None:
    freed_id, (first, second) = freed_with(clinic, 2)
    look(clinic, freed_id)

    by = patient(clinic, first)
    slot_offers.accept(by, offer_to(freed_id, first), now=CANCELLED_AT + timedelta(minutes=5))

    assert rows.open_entry(first, "infusion-1") is None
    assert rows.open_entry(second, "infusion-1") is not None


def test_a_few_are_asked_at_once_and_the_next_once_these_have_let_it_lapse(
    clinic: ShortClinic,
) -> None:
    freed_id, series = freed_with(clinic, 4)

    assert look(clinic, freed_id) == 3
    assert look(clinic, freed_id, CANCELLED_AT + timedelta(minutes=30)) == 0
    assert look(clinic, freed_id, CANCELLED_AT + timedelta(minutes=61)) == 1

    asked = [each.series_id for each in offers(freed_id)]
    assert asked == series
    assert [each.status for each in offers(freed_id)][:3] == [OfferStatus.EXPIRED] * 3


def test_an_offer_that_has_lapsed_cannot_be_taken(clinic: ShortClinic) -> None:
    freed_id, (first,) = freed_with(clinic, 1)
    look(clinic, freed_id)

    with pytest.raises(Conflict):
        slot_offers.accept(
            patient(clinic, first),
            offer_to(freed_id, first),
            now=CANCELLED_AT + timedelta(minutes=61),
        )


def test_while_somebody_thinks_about_it_nobody_else_can_book_it(clinic: ShortClinic) -> None:
    freed_id, _ = freed_with(clinic, 1)
    look(clinic, freed_id)
    other = clinic.enrolled(now=BOOKED_AT)
    whole = clinic.plan(day=TUESDAY, therapist=3)
    plan = replace(whole, placements=whole.placements[:1])

    with pytest.raises(Refused, match="no-capacity"):
        booking.book(clinic.by, other, plan, expected_version=1, now=CANCELLED_AT)
    freed_times.close(replace(clinic.by, role=Role.FRONT_DESK), freed_id, now=CANCELLED_AT)
    booking.book(clinic.by, other, plan, expected_version=1, now=CANCELLED_AT)

    assert [each.status for each in offers(freed_id)] == [OfferStatus.GONE]


def test_who_was_asked_least_and_waits_longest_comes_first(clinic: ShortClinic) -> None:
    freed_id, series = freed_with(clinic, 2)
    look(clinic, freed_id)
    third = booked(clinic, day=LATER, hour=19, therapist=2)
    waits(clinic, third)

    order = [each.series_id for each in rows.in_fair_order(clinic.site_id)]

    assert order == [third, *series]


@pytest.mark.parametrize(
    "wish",
    [
        {"not_before": date(2027, 3, 3)},
        {"not_after": date(2027, 3, 1)},
        {"weekdays": (0, 2, 3)},
        {"notice_hours": 48},
    ],
)
def test_nobody_is_asked_for_a_time_they_said_would_not_do(
    clinic: ShortClinic, wish: dict[str, object]
) -> None:
    gone, series_id = booked(clinic, day=TUESDAY), booked(clinic, day=LATER, therapist=1)
    waits(clinic, series_id, **wish)

    assert look(clinic, cancelled(clinic, gone)) == 0


def test_a_time_later_than_the_present_one_serves_nobody(clinic: ShortClinic) -> None:
    early, late = booked(clinic, day=TUESDAY), booked(clinic, day=LATER, therapist=1)
    waits(clinic, early)

    assert look(clinic, cancelled(clinic, late)) == 0


def test_a_visit_without_a_time_gets_one(clinic: ShortClinic) -> None:
    gone, series_id = booked(clinic, day=TUESDAY), booked(clinic, day=LATER, therapist=1)
    for code in ("session-2", "infusion-2", "session-1", "infusion-1"):
        cancelled(clinic, series_id, code)
    waits(clinic, series_id)
    freed_id = cancelled(clinic, gone)
    assert look(clinic, freed_id) == 1

    by = patient(clinic, series_id)
    slot_offers.accept(by, offer_to(freed_id, series_id), now=CANCELLED_AT)

    row = visit(series_id, "infusion-1")
    assert (row.live, row.starts_at) == (True, datetime(2027, 3, 2, 14, tzinfo=UTC))


def test_an_infusion_is_never_offered_with_too_little_notice_to_fast(
    clinic: ShortClinic,
) -> None:
    gone, series_id = booked(clinic, day=TUESDAY), booked(clinic, day=LATER, therapist=1)
    waits(clinic, series_id, notice_hours=2)
    freed_id = cancelled(clinic, gone)

    assert look(clinic, freed_id, datetime(2027, 3, 1, 20, tzinfo=UTC)) == 0


def test_in_quiet_hours_nobody_is_woken_and_the_offer_waits_for_the_morning(
    clinic: ShortClinic,
) -> None:
    freed_id, (first,) = freed_with(clinic, 1)
    night = datetime(2027, 3, 1, 5, tzinfo=UTC)  # midnight in New York

    assert look(clinic, freed_id, night) == 1

    [offer] = offers(freed_id)
    [message] = db.session.query(OutboxMessageRow).filter_by(kind=ReminderKind.TIME_FREE)
    assert message.due_at == datetime(2027, 3, 1, 12, tzinfo=UTC)  # seven in the morning
    assert offer.expires_at == message.due_at + timedelta(hours=1)
    assert offer.series_id == first


def test_no_is_an_answer_and_the_next_is_asked_at_once(clinic: ShortClinic) -> None:
    freed_id, (first,) = freed_with(clinic, 1)
    look(clinic, freed_id)
    by = patient(clinic, first)

    slot_offers.decline(by, offer_to(freed_id, first), now=CANCELLED_AT)

    row = db.session.get_one(FreedTimeRow, freed_id)
    assert (row.held_until, row.status) == (None, FreedStatus.OPEN)
    assert look(clinic, freed_id) == 0  # nobody else waits
    assert rows.open_entry(first, "infusion-1") is not None


def test_another_patient_can_neither_see_nor_take_an_offer(clinic: ShortClinic) -> None:
    freed_id, (first, second) = freed_with(clinic, 2)
    look(clinic, freed_id)

    with pytest.raises(NotFound):
        slot_offers.accept(patient(clinic, second), offer_to(freed_id, first), now=CANCELLED_AT)


def test_one_waits_once_and_only_for_a_visit_that_is_due(clinic: ShortClinic) -> None:
    series_id = booked(clinic, day=LATER)
    waits(clinic, series_id)

    with pytest.raises(Conflict):
        waits(clinic, series_id)
    by = patient(clinic, series_id)
    wanted = Wanted(series_id=series_id, visit_code="nothing")
    with pytest.raises(Invalid):
        waiting_list.join(by, str(by.patient_id), wanted, now=BOOKED_AT)


def test_a_time_that_nobody_can_reach_any_more_is_closed(clinic: ShortClinic) -> None:
    freed_id, _ = freed_with(clinic, 1)

    look(clinic, freed_id, datetime(2027, 3, 2, 13, tzinfo=UTC))

    assert db.session.get_one(FreedTimeRow, freed_id).status == FreedStatus.CLOSED
