"""Text messages by a clinic's gateway: out, and what comes back."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.config import Gateway as GatewaySettings
from server.notifications.gateway import GatewayChannel
from server.persistence import appointments, contact
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.transactions import transaction
from server.services.access import Caller
from server.services.booking import booking
from server.services.messages import outbox, replies
from server.services.messages.replies import Incoming
from server.services.people import wishes
from server.services.people.wishes import Wishes
from shared.vocabulary import ChannelName, MessageStatus, ReminderKind, Role
from tests.builders import make_user
from tests.jobs.a_post import Post
from tests.jobs.gateway_server import SECRET, Gateway, gateway_server
from tests.services.a_series import NOW, ShortClinic, short_clinic

PHONE = "+1 (555) 010-4477"
WAITING, SENT, DEAD = MessageStatus.WAITING, MessageStatus.SENT, MessageStatus.DEAD


@pytest.fixture
def gateway(post: Post) -> Iterator[Gateway]:
    with gateway_server() as made:
        channel = GatewayChannel(url=made.url, secret=SECRET, name=ChannelName.SMS)
        post.more[ChannelName.SMS] = channel
        yield made


@pytest.fixture
def clinic(gateway: Gateway) -> ShortClinic:
    del gateway
    return short_clinic()


def by_phone(clinic: ShortClinic, patient_id: str, *, stopped: bool = False) -> None:
    wished = Wishes(
        channel=ChannelName.SMS,
        detail="times",
        time_zone=None,
        quiet_from=0,
        quiet_until=0,
        stopped=stopped,
    )
    wishes.change(_desk(clinic), patient_id, wished, now=NOW)


def _desk(clinic: ShortClinic) -> Caller:
    return replace(clinic.by, role=Role.FRONT_DESK)


def booked(clinic: ShortClinic, phone: str = PHONE, hour: int = 9) -> str:
    """A patient with four visits, written to by text message; the id of the patient."""
    patient_id = clinic.patient(phone=phone)
    by_phone(clinic, patient_id)
    series_id = clinic.enrolled(patient_id=patient_id)
    booking.book(clinic.by, series_id, clinic.plan(hour=hour), expected_version=1, now=NOW)
    return patient_id


@dataclass(frozen=True)
class Told:
    """A message as it was after it had been sent."""

    id: str
    clinic_id: str
    subject_id: str
    bundle: str
    status: str
    failure: str
    provider_id: str


def told(post: Post, patient_id: str) -> Told:
    """The first question whether the patient comes, after it was sent."""
    row = post.rows(kind=ReminderKind.CONFIRM, patient_id=patient_id)[0]
    post.bring_forward(id=row.id)
    post.run()
    [sent] = post.rows(id=row.id)
    return Told(**{each.name: getattr(sent, each.name) for each in fields(Told)})


def answer(words: str, *, number: str = "1", phone: str = PHONE, key: str | None = None) -> str:
    incoming = Incoming(id=number, channel=ChannelName.SMS, sender=phone, text=words, answers=key)
    return replies.take(incoming, now=NOW + timedelta(minutes=5))


def comes(row: Told) -> bool:
    db.session.rollback()
    db.session.expire_all()
    return contact.confirmation(row.subject_id) is not None


def test_a_text_message_reaches_the_gateway_once_and_says_how_to_answer(
    post: Post, gateway: Gateway, clinic: ShortClinic
) -> None:
    row = told(post, booked(clinic))

    [(key, message)] = gateway.taken.items()
    assert (row.status, row.bundle, row.provider_id) == (SENT, key, f"no-{key[:8]}")
    assert (message["channel"], message["to"]) == ("sms", PHONE)
    assert "C if you can come" in message["text"]
    assert "STOP" in message["text"]


def test_a_crash_between_sending_and_marking_reaches_the_phone_once(
    post: Post, gateway: Gateway, clinic: ShortClinic
) -> None:
    row = told(post, booked(clinic))
    with transaction():
        again = db.session.get_one(OutboxMessageRow, row.id)
        again.status, again.lease, again.lease_until = WAITING, None, None

    post.run()

    assert gateway.asked == [row.bundle, row.bundle]
    assert len(gateway.taken) == 1


@pytest.mark.parametrize(
    ("status", "becomes"),
    [(400, DEAD), (404, DEAD), (408, WAITING), (429, WAITING), (503, WAITING)],
)
def test_what_the_gateway_refuses_is_given_up_and_what_it_cannot_do_now_is_tried_again(
    post: Post, gateway: Gateway, clinic: ShortClinic, status: int, becomes: MessageStatus
) -> None:
    gateway.answering = status

    row = told(post, booked(clinic))

    assert (row.status, row.failure) == (becomes, f"gateway-{status}")


def test_the_word_c_confirms_the_visit_that_was_asked_about(
    post: Post, clinic: ShortClinic
) -> None:
    row = told(post, booked(clinic))

    assert answer(" c. ", key=row.bundle) == "confirmed"

    assert comes(row)


def test_without_a_key_the_last_message_is_meant_if_the_phone_is_one_patients(
    post: Post, clinic: ShortClinic
) -> None:
    row = told(post, booked(clinic))

    assert answer("Sí", phone="001 555 010 4477") == "confirmed"

    assert comes(row)


def test_a_phone_that_two_patients_share_confirms_only_by_key(
    post: Post, clinic: ShortClinic
) -> None:
    first, second = told(post, booked(clinic)), told(post, booked(clinic, hour=13))

    assert answer("C", number="1") == "nothing"
    assert answer("C", number="2", key=second.bundle) == "confirmed"

    assert (comes(first), comes(second)) == (False, True)


def test_another_phone_cannot_confirm_with_a_key_it_has_seen(
    post: Post, clinic: ShortClinic
) -> None:
    row = told(post, booked(clinic))

    assert answer("C", phone="+1 555 010 0000", key=row.bundle) == "nothing"

    assert not comes(row)


def test_a_confirmation_for_a_time_that_no_longer_holds_has_no_effect(
    post: Post, clinic: ShortClinic
) -> None:
    row = told(post, booked(clinic))
    with transaction():
        visit = appointments.appointment(row.clinic_id, row.subject_id)
        assert visit is not None
        visit.schedule_version += 1

    assert answer("C", key=row.bundle) == "nothing"

    assert not comes(row)


def test_m_tells_the_desk_and_moves_nothing(post: Post, clinic: ShortClinic) -> None:
    with transaction():
        desk = make_user(clinic.by.clinic_id, Role.FRONT_DESK, "desk@clinic.example")
    row = told(post, booked(clinic))

    assert answer("m", key=row.bundle) == "asked-to-move"
    post.bring_forward(kind=ReminderKind.MOVE_ASKED)
    post.run()

    [note] = post.rows(kind=ReminderKind.MOVE_ASKED)
    assert (note.user_id, note.status) == (desk.id, SENT)
    [letter] = post.box.letters
    assert letter["To"] == "desk@clinic.example"
    assert "Pat Example" not in letter.as_string()


def test_stop_ends_every_message_and_start_brings_back_what_is_still_to_come(
    post: Post, gateway: Gateway, clinic: ShortClinic
) -> None:
    patient_id = booked(clinic)
    before = {(row.kind, row.subject_id) for row in post.rows(status=WAITING)}

    assert answer("STOP", number="1") == "stopped"
    assert not post.rows(status=WAITING, patient_id=patient_id)
    assert answer("start", number="2") == "started"

    assert {(row.kind, row.subject_id) for row in post.rows(status=WAITING)} == before
    assert not gateway.asked


def test_what_was_booked_while_nothing_was_wanted_is_told_once_it_is_wanted_again(
    post: Post, clinic: ShortClinic
) -> None:
    patient_id = clinic.patient(phone=PHONE)
    by_phone(clinic, patient_id, stopped=True)
    series_id = clinic.enrolled(patient_id=patient_id)
    booking.book(clinic.by, series_id, clinic.plan(), expected_version=1, now=NOW)
    assert not post.rows(patient_id=patient_id)

    by_phone(clinic, patient_id)

    asked = [row.subject_id for row in post.rows(kind=ReminderKind.CONFIRM, status=WAITING)]
    assert len(asked) == len(set(asked)) > 0


def test_answers_that_come_five_times_and_in_any_order_count_once(
    post: Post, clinic: ShortClinic
) -> None:
    told(post, booked(clinic))
    sent = [("STOP", "1"), ("START", "2"), ("C", "3")]
    first = [answer(words, number=number) for words, number in sent]
    status = {row.id: row.status for row in post.rows()}
    shuffled = sent * 5
    random.Random(7).shuffle(shuffled)

    again = {(words, answer(words, number=number)) for words, number in shuffled}

    assert first == ["stopped", "started", "confirmed"]
    assert again == {("STOP", "stopped"), ("START", "started"), ("C", "confirmed")}
    assert {row.id: row.status for row in post.rows()} == status


@pytest.mark.parametrize("words", ["", "see you", "C u there", "stop by later", "x" * 2000, "🙂"])
def test_anything_but_one_known_word_has_no_effect(
    post: Post, clinic: ShortClinic, words: str
) -> None:
    row = told(post, booked(clinic))

    assert answer(words, key=row.bundle) == "nothing"

    assert not comes(row)


def test_word_of_deliveries_in_any_order_ends_the_same(post: Post, clinic: ShortClinic) -> None:
    row = told(post, booked(clinic))
    key = str(row.bundle)

    for arrived in (False, True, True, False, False):
        assert replies.delivered(key, arrived=arrived, now=NOW) == 1

    [after] = post.rows(id=row.id)
    assert after.status == SENT
    assert after.delivered_at is not None


def test_what_never_arrived_is_shown_and_goes_again_under_another_key(
    post: Post, gateway: Gateway, clinic: ShortClinic
) -> None:
    row = told(post, booked(clinic))
    old = str(row.bundle)
    replies.delivered(old, arrived=False, now=NOW)
    assert post.rows(id=row.id)[0].status == DEAD

    outbox.resend(_desk(clinic), row.id, now=NOW)
    post.bring_forward(id=row.id)
    post.run()

    assert len(gateway.taken) == 2
    assert replies.delivered(old, arrived=False, now=NOW) == 0
    assert post.rows(id=row.id)[0].status == SENT


class TestAtTheDoor:
    @pytest.fixture
    def door(self, app: Flask) -> FlaskClient:
        app.config["GATEWAY_SECRETS"] = {ChannelName.SMS: SECRET}
        return app.test_client()

    def knock(self, door: FlaskClient, secret: str | None, **more: object) -> int:
        body = {"id": "7", "sender": PHONE, "text": "C", **more}
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return door.post("/api/v1/gateway/replies", json=body, headers=headers).status_code

    def test_only_the_gateway_that_knows_its_secret_is_heard(self, door: FlaskClient) -> None:
        assert self.knock(door, SECRET) == 200
        assert self.knock(door, None) == 401
        assert self.knock(door, "guessed") == 401
        assert self.knock(door, SECRET, channel="push") == 401

    def test_a_clinic_without_a_gateway_hears_nobody(self, client: FlaskClient) -> None:
        assert self.knock(client, "") == 401
        assert self.knock(client, "anything") == 401

    def test_nonsense_is_refused_by_the_name_of_its_field(self, door: FlaskClient) -> None:
        reply = door.post(
            "/api/v1/gateway/deliveries",
            json={"key": "short", "arrived": True},
            headers={"Authorization": f"Bearer {SECRET}"},
        )

        assert reply.status_code == 422
        assert [each["path"] for each in reply.json["errors"]] == ["key"]


def test_a_gateway_is_known_from_the_settings(sqlite_url: str) -> None:
    from server.app import create_app
    from server.config import Settings

    known = {ChannelName.SMS: GatewaySettings(url="http://127.0.0.1:9", secret=SECRET)}
    app = create_app(Settings(database_url=sqlite_url, secret_key="x", gateways=known))

    assert app.config["GATEWAY_SECRETS"] == {ChannelName.SMS: SECRET}
