from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from server.persistence import series as series_rows
from server.persistence.appointments import AppointmentRow, of_series
from server.persistence.transactions import transaction
from server.services.booking import appointments, booking, moves
from server.services.booking.moves import Wish
from server.services.messages import sending
from server.services.series import series_changes
from shared.vocabulary import AppointmentStatus, MessageStatus, ReminderKind
from tests.jobs.a_post import ZONE, Post
from tests.services.a_series import NOW, ShortClinic, short_clinic

WAITING, SENT = MessageStatus.WAITING, MessageStatus.SENT


@pytest.fixture
def clinic(post: Post) -> ShortClinic:
    del post
    return short_clinic()


def booked(clinic: ShortClinic, **patient: object) -> str:
    """A series with four visits booked, from the day after `NOW` on."""
    patient_id = clinic.patient(email="pat@home.example", **patient)
    series_id = clinic.enrolled(patient_id=patient_id)
    booking.book(clinic.by, series_id, clinic.plan(), expected_version=1, now=NOW)
    return series_id


def visit(series_id: str, code: str) -> str:
    return next(row.id for row in of_series(series_id) if row.visit_code == code)


def test_a_booked_visit_is_reminded_of_and_nothing_in_the_message_says_what_for(
    post: Post, clinic: ShortClinic
) -> None:
    booked(clinic)
    post.bring_forward(kind=ReminderKind.BEFORE)

    post.run()

    [letter] = post.box.letters
    assert letter["Subject"] == "A note for you"
    assert "Tuesday 2 March at 09:00" in letter.get_content()
    said = f"{letter['Subject']} {letter['From']} {letter.get_content()}".lower()
    for word in ("ketamine", "infusion", "therap", "ptsd", "pat example", "short"):
        assert word not in said


def test_reminders_that_are_due_together_come_as_one_message(
    post: Post, clinic: ShortClinic
) -> None:
    booked(clinic)
    post.bring_forward(status=WAITING)

    post.run()

    assert len(post.box.letters) == 1
    assert not post.rows(status=WAITING)
    assert len({row.bundle for row in post.rows(status=SENT)}) == 1


def test_a_moved_visit_is_never_reminded_of_at_its_old_time(
    post: Post, clinic: ShortClinic
) -> None:
    series_id = booked(clinic)
    appointment_id = visit(series_id, "session-2")
    wish = Wish(starts_at=datetime(2027, 3, 7, 15, tzinfo=ZONE), choices={})
    preview = moves.preview(clinic.by, appointment_id, wish, now=NOW)
    moves.apply(clinic.by, appointment_id, preview.id, expected_version=1, now=NOW)
    post.bring_forward(subject_id=appointment_id, status=WAITING)

    post.run()

    [text] = post.texts()
    assert "at 15:00" in text
    assert "at 09:00" not in text
    old = [row for row in post.rows(subject_id=appointment_id) if row.subject_version == 1]
    assert old
    assert {row.status for row in old} == {MessageStatus.STOPPED}


def test_a_visit_moved_between_claiming_and_sending_is_not_reminded_of_at_its_old_time(
    post: Post, clinic: ShortClinic
) -> None:
    series_id = booked(clinic)
    appointment_id = visit(series_id, "session-2")
    post.bring_forward(subject_id=appointment_id)
    post.claim()
    wish = Wish(starts_at=datetime(2027, 3, 7, 15, tzinfo=ZONE), choices={})
    preview = moves.preview(clinic.by, appointment_id, wish, now=NOW)
    moves.apply(clinic.by, appointment_id, preview.id, expected_version=1, now=NOW)

    post.deliver()

    assert post.texts() == []


def test_a_cancelled_visit_is_told_of_once_and_reminded_of_no_more(
    post: Post, clinic: ShortClinic
) -> None:
    series_id = booked(clinic)
    appointment_id = visit(series_id, "session-2")
    step = appointments.Step(to=AppointmentStatus.CANCELLED, expected_version=1, reason="ill")
    appointments.cancel(clinic.by, appointment_id, step, now=NOW)
    post.bring_forward(subject_id=appointment_id, status=WAITING)

    post.run()

    [text] = post.texts()
    assert "will not take place" in text
    assert "ill" not in text.split()


def test_an_infusion_of_a_series_on_hold_is_not_reminded_of(
    post: Post, clinic: ShortClinic
) -> None:
    series_id = booked(clinic)
    row = series_rows.series(clinic.by.clinic_id, series_id)
    assert row
    series_changes.hold(
        clinic.by, series_id, reason="r", release=False, expected_version=row.version, now=NOW
    )
    post.bring_forward(subject_id=visit(series_id, "infusion-1"))

    post.run()

    assert post.texts() == []


def test_what_comes_too_late_expires_and_is_not_sent(post: Post, clinic: ShortClinic) -> None:
    from sqlalchemy import update

    from server.persistence import outbox
    from server.persistence.database import db
    from server.persistence.outbox import OutboxMessageRow
    from server.persistence.transactions import transaction

    booked(clinic)
    with transaction():
        past = outbox.now() - timedelta(minutes=1)
        db.session.execute(update(OutboxMessageRow).values(due_at=past, not_after=past))

    post.run()

    assert post.texts() == []
    assert {row.status for row in post.rows()} == {MessageStatus.EXPIRED}


def test_a_worker_that_died_before_sending_loses_nothing(post: Post, clinic: ShortClinic) -> None:
    booked(clinic)
    post.bring_forward(kind=ReminderKind.BEFORE)
    post.claim()
    post.queue.clear()

    post.run()
    assert post.texts() == [], "the lease of the dead worker still holds"
    post.lapse()
    post.run()

    assert len(post.texts()) == 1


def test_a_message_sent_twice_has_the_same_number_so_that_the_recipient_can_tell(
    post: Post, clinic: ShortClinic
) -> None:
    booked(clinic)
    post.bring_forward(kind=ReminderKind.BEFORE)
    post.claim()
    bundle, lease = post.queue[0]
    from server.jobs import send
    from server.services.messages import sending
    from server.services.messages.sending import Claimed

    [letter] = sending.take([Claimed(bundle=bundle, lease=lease)], post.work.secret)
    note = send._message(post.work, letter)
    post.work.channels[letter.channel].send(letter.key, letter.address, note)
    # and then the worker is gone before it could mark
    post.queue.clear()
    post.lapse()
    post.bring_forward(kind=ReminderKind.CONFIRM)

    post.run()

    first, second, *_ = post.box.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()


def test_only_one_of_two_workers_with_the_same_work_sends_it(
    post: Post, clinic: ShortClinic
) -> None:
    booked(clinic)
    post.bring_forward(kind=ReminderKind.BEFORE)
    post.claim()
    post.queue *= 2

    post.deliver()

    assert len(post.texts()) == 1


def test_a_mail_server_that_is_busy_is_tried_again_later_and_at_last_given_up(
    post: Post, clinic: ShortClinic
) -> None:
    booked(clinic)
    post.bring_forward(kind=ReminderKind.BEFORE)
    post.box.refusing = "451"

    for _ in range(12):
        post.run()
        post.lapse()

    rows = post.rows(kind=ReminderKind.BEFORE)
    assert {row.status for row in rows} == {MessageStatus.DEAD}
    assert {row.failure for row in rows} == {"smtp-451"}
    assert {row.attempts for row in rows} == {8}


def test_an_address_that_is_refused_for_good_is_given_up_at_once(
    post: Post, clinic: ShortClinic
) -> None:
    booked(clinic)
    post.bring_forward(kind=ReminderKind.BEFORE)
    post.box.refusing = "550"

    post.run()

    assert {row.failure for row in post.rows(status=MessageStatus.DEAD)} == {"smtp-550"}


def test_a_patient_without_an_address_is_shown_to_staff_as_not_reached(
    post: Post, clinic: ShortClinic
) -> None:
    series_id = clinic.enrolled(patient_id=clinic.patient())
    booking.book(clinic.by, series_id, clinic.plan(), expected_version=1, now=NOW)
    post.bring_forward(kind=ReminderKind.BEFORE)

    post.run()

    assert {row.failure for row in post.rows(status=MessageStatus.DEAD)} == {"no-address"}


def test_a_patient_reads_spanish_where_they_asked_for_it(post: Post, clinic: ShortClinic) -> None:
    booked(clinic, language="es")
    post.bring_forward(kind=ReminderKind.BEFORE)

    post.run()

    [text] = post.texts()
    assert "martes 2 de marzo a las 09:00" in text


@pytest.mark.breaks_on_purpose
def test_a_message_of_which_no_letter_can_be_made_ends_on_the_staffs_list(
    post: Post, clinic: ShortClinic
) -> None:
    series_id = booked(clinic)
    post.bring_forward(kind=ReminderKind.BEFORE)
    with transaction() as session:
        bad = update(AppointmentRow).where(AppointmentRow.series_id == series_id)
        session.execute(bad.values(time_zone="Nowhere/Known"))

    for _ in range(8):
        post.run()
        post.lapse()

    assert not post.box.letters
    assert {row.failure for row in post.rows(status=MessageStatus.DEAD)} == {"unexpected"}


def test_no_more_is_claimed_than_can_be_sent_before_the_lease_runs_out(
    post: Post, clinic: ShortClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST_AHEAD", 2)
    booked(clinic)
    rows = post.rows(status=WAITING)[:3]
    for number, row in enumerate(rows):
        post.bring_forward(id=row.id)
        post.claim()
        assert len(post.queue) == min(number + 1, 2)

    post.run()
    post.run()

    assert len(post.box.letters) == 3
