"""A gateway that says everything five times, in no order, from eight connections at once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from server.notifications.gateway import GatewayChannel
from server.persistence.audit import AuditEventRow
from server.persistence.contact import ConfirmationRow
from server.persistence.database import db
from server.services.booking import booking
from shared.vocabulary import ChannelName, MessageStatus, ReminderKind
from tests.jobs.a_post import Post
from tests.jobs.gateway_server import SECRET, gateway_server
from tests.jobs.mail_server import Postbox
from tests.jobs.test_gateway import by_phone
from tests.services.a_series import NOW, ShortClinic, short_clinic

PATIENTS, TIMES, AT_ONCE = 4, 5, 8


def test_what_a_gateway_says_five_times_in_no_order_and_at_once_counts_once(app: Flask) -> None:
    app.config["GATEWAY_SECRETS"] = {ChannelName.SMS: SECRET}
    clinic = short_clinic(chairs=PATIENTS, therapists=PATIENTS)
    with gateway_server() as gateway:
        channel = GatewayChannel(url=gateway.url, secret=SECRET, name=ChannelName.SMS)
        post = Post(app=app, box=Postbox(), more={ChannelName.SMS: channel})
        for number in range(PATIENTS):
            _booked(clinic, number)
        post.bring_forward(kind=ReminderKind.CONFIRM)
        post.run()
    asked = {row.subject_id for row in post.rows(status=MessageStatus.SENT)}
    db.session.rollback()
    said = [each for key in gateway.taken for each in _words(key, gateway.taken[key]["to"])] * TIMES
    random.Random(5).shuffle(said)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = Counter(threads.map(lambda each: _post(app, *each), said))

    assert statuses == {200: len(said)}
    confirmed = db.session.scalars(select(ConfirmationRow.appointment_id)).all()
    assert set(confirmed) == asked
    on_record = select(AuditEventRow.subject_id).filter_by(action="appointments.confirm")
    assert Counter(db.session.scalars(on_record)) == Counter(asked)
    assert all(row.delivered_at for row in post.rows(status=MessageStatus.SENT))


def _booked(clinic: ShortClinic, number: int) -> None:
    patient_id = clinic.patient(phone=f"+1555010440{number}")
    by_phone(clinic, patient_id)
    series_id = clinic.enrolled(patient_id=patient_id)
    booking.book(clinic.by, series_id, clinic.plan(therapist=number), expected_version=1, now=NOW)


def _words(key: str, sender: str) -> list[tuple[str, dict[str, object]]]:
    reply = {"id": f"in-{key[:9]}", "channel": "sms", "sender": sender, "text": "C", "answers": key}
    return [("replies", reply), ("deliveries", {"channel": "sms", "key": key, "arrived": True})]


def _post(app: Flask, where: str, body: dict[str, object]) -> int:
    headers = {"Authorization": f"Bearer {SECRET}"}
    answer = app.test_client().post(f"/api/v1/gateway/{where}", json=body, headers=headers)
    return answer.status_code
