"""What may have arrived or not: sent again, or left to the staff, as the clinic chose; and what
changes between a worker's taking a message and its going out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server.config import BadSettings, embedded
from server.jobs import held, send
from server.notifications.channel import Message
from server.persistence import outbox
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.transactions import transaction
from server.services.booking import booking
from server.services.messages import outbox as messages
from server.services.messages import sending
from server.services.messages.sending import Claimed
from shared.vocabulary import ChannelName, MessageStatus, ReminderKind
from tests.faults.harness import new_message, new_patient
from tests.jobs.a_post import Post
from tests.jobs.mail_server import Postbox
from tests.services.a_series import NOW, ShortClinic, short_clinic

EMAIL = ChannelName.EMAIL


@pytest.fixture
def clinic(post: Post) -> ShortClinic:
    del post
    return short_clinic(chairs=2, therapists=2)


def due(clinic: ShortClinic, count: int = 1) -> None:
    """So many patients, with a message each."""
    with transaction() as session:
        for number in range(count):
            patient = new_patient(clinic, f"p{number}", outbox.now())
            session.add(patient)
            session.flush()
            session.add(new_message(patient, outbox.now(), dead=False))


@dataclass
class Watched:
    """Mail, with something that happens right after each letter has gone."""

    post: Post
    happens: Callable[[], None]
    dedupes: bool = False

    def send(self, key: str, address: str, message: Message) -> str:
        mail = Post(app=self.post.app, box=self.post.box).work.channels[EMAIL]
        number = mail.send(key, address, message)
        self.happens()
        return number


class Died(BaseException):
    """Stands for kill -9 in the middle of a test: nothing of Tandem's own catches it."""


def died() -> None:
    raise Died


def test_who_would_rather_not_send_twice_leaves_to_staff_what_may_have_arrived(
    app: Flask, postbox: Postbox
) -> None:
    post = Post(app=app, box=postbox, rather_not=frozenset({EMAIL}))
    due(short_clinic())
    post.more[EMAIL] = Watched(post, died)
    post.claim()
    with pytest.raises(Died):
        post.deliver()
    del post.more[EMAIL]
    post.lapse()

    post.run()

    [row] = post.rows()
    assert (row.status, row.failure) == (MessageStatus.DEAD, "unsure")
    assert len(postbox.letters) == 1
    assert messages.try_again(row.id)
    post.run()
    assert len(postbox.letters) == 2
    assert [each.status for each in post.rows()] == [MessageStatus.SENT]


def test_what_was_only_taken_when_its_worker_died_goes_out_all_the_same(
    app: Flask, postbox: Postbox
) -> None:
    post = Post(app=app, box=postbox, rather_not=frozenset({EMAIL}))
    due(short_clinic(), 3)
    post.more[EMAIL] = Watched(post, died)
    post.claim()
    with pytest.raises(Died):
        post.deliver(together=3)
    del post.more[EMAIL]
    post.lapse()

    post.run()

    statuses = sorted(row.status for row in post.rows())
    assert statuses == sorted([MessageStatus.DEAD, MessageStatus.SENT, MessageStatus.SENT])
    assert len({str(letter["To"]) for letter in postbox.letters}) == 3


def test_a_lost_reply_is_a_case_for_staff_and_a_plain_no_is_tried_again(
    app: Flask, postbox: Postbox
) -> None:
    post = Post(app=app, box=postbox, rather_not=frozenset({EMAIL}))
    due(short_clinic(), 2)
    postbox.loses_replies = 1
    post.claim()
    first, second = post.queue
    send.several(post.work, [first])
    postbox.refusing = "451"
    send.several(post.work, [second])

    found = {row.failure: row.status for row in post.rows()}
    assert found == {"unsure": MessageStatus.DEAD, "smtp-451": MessageStatus.WAITING}


def test_a_message_called_off_while_it_was_on_its_way_is_on_record_as_sent(
    post: Post, clinic: ShortClinic
) -> None:
    due(clinic)

    def stopped() -> None:
        with transaction():
            outbox.stop([row.subject_id for row in db.session.query(OutboxMessageRow)])

    post.more[EMAIL] = Watched(post, stopped)
    post.run()

    [row] = post.rows()
    assert (row.status, row.sent_at is not None) == (MessageStatus.SENT, True)
    assert len(post.box.letters) == 1


def test_of_several_taken_together_what_is_called_off_before_its_turn_does_not_go(
    post: Post, clinic: ShortClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send, "FRESH_SECONDS", 0)
    first, second = (clinic.patient(email=f"p{number}@home.example") for number in range(2))
    for therapist, patient in enumerate((first, second)):
        series_id = clinic.enrolled(patient_id=patient)
        plan = clinic.plan(therapist=therapist)
        booking.book(clinic.by, series_id, plan, expected_version=1, now=NOW)
    post.bring_forward(kind=ReminderKind.BEFORE)

    def all_stopped() -> None:
        with transaction():
            outbox.stop_for(first)
            outbox.stop_for(second)

    post.more[EMAIL] = Watched(post, all_stopped)
    post.claim()
    post.deliver(together=10)

    assert len(post.box.letters) == 1
    sent = post.rows(kind=ReminderKind.BEFORE, status=MessageStatus.SENT)
    assert {row.patient_id for row in sent} < {first, second}


def test_a_worker_that_is_told_to_stop_finishes_one_letter_and_gives_back_the_rest(
    post: Post, clinic: ShortClinic
) -> None:
    due(clinic, 3)
    post.claim()
    work = post.work
    work.channels[EMAIL] = Watched(post, work.held.ends.set)
    send.several(work, post.queue)
    post.queue.clear()

    assert len(post.box.letters) == 1
    post.run()  # at once: no lease has to run out first
    assert len({str(letter["To"]) for letter in post.box.letters}) == len(post.box.letters) == 3


def test_whoever_says_that_they_live_keeps_what_they_send_and_whoever_is_late_does_not(
    post: Post, clinic: ShortClinic
) -> None:
    due(clinic, 2)
    post.claim()
    letters = sending.take([Claimed(bundle=b, lease=lease) for b, lease in post.queue], "s")
    before = {row.id: row.lease_until for row in post.rows()}
    with post.work.held.holding([letters[0].lease]):
        sending.hold_on([letters[0].lease])
    after = {row.id: row.lease_until for row in post.rows()}
    assert all(after[one] > before[one] for one in before)

    post.lapse()
    sending.hold_on([letters[0].lease])

    assert all(row.lease_until < datetime.now(UTC) + timedelta(seconds=1) for row in post.rows())


def test_a_worker_holds_only_what_it_sends_and_speaks_up_well_in_time() -> None:
    mine = held.Held()
    with mine.holding(["a", "b"]), mine.holding(["b"]):
        assert mine.now() == ["a", "b"]
    assert mine.now() == []
    lease = sending.SENDING_LASTS.total_seconds()
    assert lease > held.SAYS_EVERY_SECONDS * 3
    assert lease > send.TRIES * send.BETWEEN_TRIES_SECONDS + held.SAYS_EVERY_SECONDS


def test_what_is_done_when_unsure_is_one_of_two_words(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_WHEN_UNSURE", "never")
    assert embedded(tmp_path).rather_not == {ChannelName.SMS}
    monkeypatch.setenv("SMS_WHEN_UNSURE", "maybe")
    with pytest.raises(BadSettings, match="SMS_WHEN_UNSURE"):
        embedded(tmp_path)
