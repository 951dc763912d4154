"""Signing in, staying signed in through lost replies, and what a thief of tokens meets."""

import statistics
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from server.persistence.database import db
from server.persistence.transactions import transaction
from server.services.refusals import NotSignedIn, TooMany
from server.services.sign_ins import sign_in, throttle, tokens
from shared.vocabulary import Role
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
EMAIL = "thea@example.org"


@pytest.fixture
def thea(app: Flask) -> str:
    """The id of a therapist with a password."""
    with transaction():
        clinic = builders.make_clinic()
        return builders.make_user(clinic.id, Role.THERAPIST, EMAIL, password=PASSWORD).id


def try_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, **more: str):
    return client.post("/api/v1/sign-in", json={"email": email, "password": password, **more})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_right_password_opens_with_tokens_that_work(client: FlaskClient, thea: str) -> None:
    reply = try_in(client, "THEA@example.org", device="Thea's phone")

    assert reply.status_code == 200
    assert reply.json["token_type"] == "Bearer"
    assert reply.json["expires_in"] == 600
    assert reply.json["user"]["id"] == thea
    me = client.get("/api/v1/me", headers=bearer(reply.json["access_token"]))
    assert me.json["user"]["email"] == EMAIL
    devices = client.get("/api/v1/sign-ins", headers=bearer(reply.json["access_token"]))
    assert [(d["device"], d["present"]) for d in devices.json] == [("Thea's phone", True)]


def test_unknown_person_and_wrong_password_look_alike(client: FlaskClient, thea: str) -> None:
    wrong, unknown = try_in(client, password="another long password"), try_in(client, "no@one.org")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.data == unknown.data
    assert "password_hash" not in wrong.text


def test_unknown_person_and_wrong_password_take_equally_long(
    app: Flask, dear_passwords: None, thea: str
) -> None:
    def takes(email: str) -> float:
        # The processor's time, not the clock's: other tests run beside this one.
        began = time.process_time()
        with pytest.raises(NotSignedIn):
            sign_in.sign_in(email, "another long password", now=NOW)
        return time.process_time() - began

    takes("warm-up@example.org")
    known = statistics.median(takes(EMAIL) for _ in range(3))
    unknown = statistics.median(takes(f"nobody-{n}@example.org") for n in range(3))

    assert 0.4 < known / unknown < 2.5


def test_accents_may_be_typed_either_way(client: FlaskClient, app: Flask) -> None:
    with transaction():
        clinic = builders.make_clinic()
        composed = "caf\u00e9 au lait le matin"
        builders.make_user(clinic.id, Role.NURSE, "zoe@example.org", password=composed)

    reply = try_in(client, "zoe@example.org", "cafe\u0301 au lait le matin")

    assert reply.status_code == 200


def test_ten_failures_make_the_next_one_wait_but_never_sign_anybody_out(
    client: FlaskClient, thea: str
) -> None:
    inside = try_in(client).json

    answers = [try_in(client, password=f"wrong password {n:02}").status_code for n in range(11)]

    assert answers == [401] * 10 + [429]
    held = try_in(client)
    assert held.status_code == 429
    assert 0 < int(held.headers["Retry-After"]) <= 15 * 60
    assert client.get("/api/v1/me", headers=bearer(inside["access_token"])).status_code == 200
    renewed = client.post("/api/v1/tokens/refresh", json={"refresh_token": inside["refresh_token"]})
    assert renewed.status_code == 200


def test_after_a_quarter_of_an_hour_one_may_try_again(app: Flask) -> None:
    for _ in range(10):
        throttle.count(EMAIL, now=NOW)
    with pytest.raises(TooMany) as refused:
        throttle.count(EMAIL, now=NOW + timedelta(minutes=14))
    assert refused.value.retry_after in (60, 61)

    throttle.count(EMAIL, now=NOW + timedelta(minutes=15, seconds=1))


def test_of_twenty_guesses_at_once_exactly_ten_are_looked_at(app: Flask, thea: str) -> None:
    answers: list[int] = []

    def guess() -> None:
        answers.append(try_in(app.test_client(), password="a wrong password").status_code)

    together([guess] * 20)

    assert sorted(answers) == [401] * 10 + [429] * 10


def test_a_disabled_person_is_out_with_the_next_request(cast: Cast, client: FlaskClient) -> None:
    user = client.get(f"/api/v1/users/{cast.theo.caller.user_id}", headers=cast.ana.headers)
    change = {**cast.ana.headers, "If-Match": user.headers["ETag"]}
    assert client.get("/api/v1/me", headers=cast.theo.headers).status_code == 200

    client.patch(
        f"/api/v1/users/{cast.theo.caller.user_id}", json={"disabled": True}, headers=change
    )

    assert client.get("/api/v1/me", headers=cast.theo.headers).status_code == 401


def test_access_ends_after_ten_minutes_and_the_sign_in_after_thirty_days(
    app: Flask, thea: str
) -> None:
    given = sign_in.begin(thea, now=NOW).tokens
    assert sign_in.holder(given.access_token, now=NOW + timedelta(minutes=9, seconds=59))
    with pytest.raises(NotSignedIn):
        sign_in.holder(given.access_token, now=NOW + timedelta(minutes=10))

    at, last = NOW, given
    for _ in range(29):
        at += timedelta(days=1)
        last = sign_in.renew(last.refresh_token, now=at).tokens
    with pytest.raises(NotSignedIn):
        sign_in.renew(last.refresh_token, now=NOW + timedelta(days=30))


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_thousand_lost_replies_sign_nobody_out(app: Flask, thea: str) -> None:
    lose_replies(1000, thea)


def test_a_hundred_lost_replies_sign_nobody_out_whatever_the_database(
    app: Flask, thea: str
) -> None:
    lose_replies(100, thea)


def lose_replies(count: int, thea: str) -> None:
    at, held = NOW, sign_in.begin(thea, now=NOW).tokens

    for _ in range(count):
        at += timedelta(minutes=10)
        sign_in.renew(held.refresh_token, now=at)  # the reply is dropped
        held = sign_in.renew(held.refresh_token, now=at + timedelta(seconds=30)).tokens

    assert sign_in.holder(held.access_token, now=at + timedelta(minutes=1)).user_id == thea


@pytest.mark.parametrize("thief_is_first", [True, False])
def test_a_stolen_refresh_token_ends_with_both_of_them_out(
    app: Flask, thea: str, thief_is_first: bool
) -> None:
    stolen = sign_in.begin(thea, now=NOW).tokens.refresh_token
    later = NOW + timedelta(minutes=5)
    first = sign_in.renew(stolen, now=later).tokens  # the thief or Thea, who then goes on
    first = sign_in.renew(first.refresh_token, now=later + timedelta(seconds=5)).tokens

    second_at = later + (timedelta(seconds=20) if thief_is_first else timedelta(minutes=20))
    with pytest.raises(NotSignedIn):
        sign_in.renew(stolen, now=second_at)

    with pytest.raises(NotSignedIn):
        sign_in.holder(first.access_token, now=second_at)
    with pytest.raises(NotSignedIn):
        sign_in.renew(first.refresh_token, now=second_at)


def test_a_token_that_comes_back_too_late_ends_the_sign_in(app: Flask, thea: str) -> None:
    held = sign_in.begin(thea, now=NOW).tokens
    lost = sign_in.renew(held.refresh_token, now=NOW).tokens

    with pytest.raises(NotSignedIn):
        sign_in.renew(held.refresh_token, now=NOW + timedelta(seconds=61))

    with pytest.raises(NotSignedIn):
        sign_in.renew(lost.refresh_token, now=NOW + timedelta(seconds=62))


def test_a_replaced_token_betrays_whoever_comes_with_it(app: Flask, thea: str) -> None:
    held = sign_in.begin(thea, now=NOW).tokens
    caught = sign_in.renew(held.refresh_token, now=NOW).tokens  # somebody else got this reply
    again = sign_in.renew(held.refresh_token, now=NOW + timedelta(seconds=5)).tokens
    with pytest.raises(NotSignedIn):
        sign_in.holder(caught.access_token, now=NOW + timedelta(seconds=6))

    with pytest.raises(NotSignedIn):
        sign_in.renew(caught.refresh_token, now=NOW + timedelta(seconds=10))

    with pytest.raises(NotSignedIn):
        sign_in.renew(again.refresh_token, now=NOW + timedelta(seconds=15))


def test_ten_renewals_at_once_leave_one_pair_that_counts(app: Flask, thea: str) -> None:
    held = sign_in.begin(thea, now=NOW).tokens
    given: list[tokens.Tokens] = []

    def renew() -> None:
        with app.app_context():
            given.append(sign_in.renew(held.refresh_token, now=NOW).tokens)

    together([renew] * 10)

    db.session.rollback()
    unused = db.session.execute(text("SELECT hash FROM refresh_token WHERE used_at IS NULL"))
    assert len(given) == 10
    assert {hash_ for (hash_,) in unused} < {tokens.hash_of(t.refresh_token) for t in given}


def test_signing_out_ends_this_sign_in_and_no_other(cast: Cast, client: FlaskClient) -> None:
    elsewhere = sign_in.begin(cast.theo.caller.user_id, now=datetime.now(UTC)).tokens

    assert client.post("/api/v1/sign-out", headers=cast.theo.headers).status_code == 204

    assert client.get("/api/v1/me", headers=cast.theo.headers).status_code == 401
    assert client.get("/api/v1/me", headers=bearer(elsewhere.access_token)).status_code == 200


def test_a_lost_phone_is_signed_out_from_another(cast: Cast, client: FlaskClient) -> None:
    mine = bearer(
        sign_in.begin(cast.theo.caller.user_id, now=datetime.now(UTC)).tokens.access_token
    )
    lost = f"/api/v1/sign-ins/{cast.theo.sign_in_id}"

    assert client.delete(lost, headers=cast.tess.headers).status_code == 404
    assert client.delete(lost, headers=mine).status_code == 204

    assert client.get("/api/v1/me", headers=cast.theo.headers).status_code == 401
    assert client.delete(lost, headers=mine).status_code == 404


def test_no_token_and_no_password_stands_in_the_database(client: FlaskClient, thea: str) -> None:
    given = try_in(client).json
    client.post("/api/v1/tokens/refresh", json={"refresh_token": given["refresh_token"]})

    kept = "".join(
        str(db.session.execute(text(f'SELECT * FROM "{table}"')).all())
        for table in db.metadata.tables
    )

    assert EMAIL in kept
    for secret in (given["access_token"], given["refresh_token"], PASSWORD):
        assert secret not in kept


def together(works: list) -> None:
    """Run these at the same moment, each in a thread of its own."""
    start = threading.Barrier(len(works))

    def work(one) -> None:
        start.wait()
        one()

    threads = [threading.Thread(target=work, args=(one,)) for one in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
