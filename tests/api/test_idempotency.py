"""One key, one effect, one reply: one after the other, all at once, and after a crash."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import fields
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.app import create_app
from server.config import Settings
from server.persistence.appointments import AppointmentRow
from server.persistence.audit import AuditEventRow
from server.persistence.database import db
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.services.record import audit
from server.services.refusals import Conflict
from shared.schemas.fields import Body, Title, Whole
from tests.cast import Cast

ACTION = "series.book"


class Wish(Body):
    title = Title(required=True)


class Made(Body):
    id = fields.String(required=True)
    version = Whole(1, 9, required=True)


@pytest.fixture(scope="module")
def application() -> Flask:
    """The application with one more address, where each effect leaves an audit event."""
    made = create_app(Settings(database_url="sqlite://", secret_key="-", testing=True))
    room = ApiBlueprint("effects", description="For this test.")

    @room.route("/effects", methods=["POST"])
    @room.action(ACTION, operation="makeEffect")
    @room.once
    @room.arguments(Wish)
    @room.response(201, Made)
    def make(sent: dict[str, Any]) -> Any:
        made = new_id()
        with transaction(Locks(names=frozenset({"effects"}))):
            audit.changed(caller(), ACTION, now=utc_now(), subject_id=made)
            if sent["title"] == "refuse":
                raise Conflict("No.")
        return {"id": made, "version": 3}

    made.register_blueprint(room)
    return made


def effects() -> int:
    db.session.rollback()
    query = select(func.count()).select_from(AuditEventRow).where(AuditEventRow.action == ACTION)
    return db.session.scalar(query) or 0


def make(client: FlaskClient, cast: Cast, key: str | None = "k1", title: str = "one"):
    headers = {**cast.theo.headers, **({"Idempotency-Key": key} if key else {})}
    return client.post("/api/v1/effects", json={"title": title}, headers=headers)


def test_the_second_time_gives_the_first_reply(client: FlaskClient, cast: Cast) -> None:
    first, second = make(client, cast), make(client, cast)

    assert first.status_code == second.status_code == 201
    assert first.json == second.json
    assert first.headers["ETag"] == second.headers["ETag"] == '"3"'
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert effects() == 1


def test_twenty_at_once_have_one_effect_and_equal_replies(app: Flask, cast: Cast) -> None:
    replies = twenty_at_once(lambda: make(app.test_client(), cast))

    assert len(replies) == 20
    assert len(set(replies)) == 1
    assert replies[0][0] == 201
    assert effects() == 1


def test_a_series_booked_by_twenty_tries_at_once_is_booked_once(app: Flask, cast: Cast) -> None:
    pat = cast.things["pat"]
    headers = {**cast.theo.headers, "Idempotency-Key": "book-it", "If-Match": '"1"'}
    address, plan = f"/api/v1/series/{pat['series']}/bookings", {"plan_id": pat["plan"]}

    replies = twenty_at_once(lambda: app.test_client().post(address, json=plan, headers=headers))

    assert len(set(replies)) == 1, {status for status, _ in replies}
    assert replies[0][0] == 201
    db.session.rollback()
    booked = select(func.count()).select_from(AppointmentRow)
    assert db.session.scalar(booked.where(AppointmentRow.series_id == pat["series"])) == 2
    assert effects() == 1


def twenty_at_once(ask: Callable[[], TestResponse]) -> list[tuple[int, str]]:
    replies: list[tuple[int, str]] = []
    start = threading.Barrier(20)

    def one() -> None:
        start.wait()
        reply = ask()
        replies.append((reply.status_code, reply.text))

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


def test_the_key_with_another_body_is_refused(client: FlaskClient, cast: Cast) -> None:
    make(client, cast)

    other = make(client, cast, title="two")

    assert other.status_code == 422
    assert other.json["type"] == "urn:tandem:problem:key-reused"
    assert effects() == 1


def test_somebody_elses_key_is_their_own(client: FlaskClient, cast: Cast) -> None:
    make(client, cast)
    headers = {**cast.tess.headers, "Idempotency-Key": "k1"}

    other = client.post("/api/v1/effects", json={"title": "one"}, headers=headers)

    assert other.status_code == 201
    assert effects() == 2


def test_what_was_refused_may_be_tried_again(client: FlaskClient, cast: Cast) -> None:
    refused = make(client, cast, title="refuse")
    assert refused.status_code == 409
    assert effects() == 0

    again = make(client, cast)

    assert again.status_code == 201
    assert effects() == 1


def test_without_a_key_each_has_its_effect(client: FlaskClient, cast: Cast) -> None:
    make(client, cast, key=None)
    make(client, cast, key=None)

    assert effects() == 2


@pytest.mark.parametrize("key", ["", "a b", "x" * 81, "caf\u00e9", "a\tb"])
def test_a_key_is_one_to_eighty_visible_characters(
    client: FlaskClient, cast: Cast, key: str
) -> None:
    headers = {**cast.theo.headers, "Idempotency-Key": key}

    reply = client.post("/api/v1/effects", json={"title": "one"}, headers=headers)

    assert reply.status_code == 422
    assert reply.json["errors"][0]["path"] == "Idempotency-Key"
    assert effects() == 0
