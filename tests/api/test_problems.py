"""Whatever goes wrong, the reply is a problem of the same shape, and it tells nothing of inside."""

import json
import logging
from unittest import mock

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.config import Settings
from server.domain.breaches import Breach, BreachCode, Refused
from server.services.refusals import Conflict, Invalid, TooMany
from shared.problems import FieldFault
from shared.schemas.problems import ProblemSchema
from tests.cast import Cast

SIGN_IN = "/api/v1/sign-in"


def shape(reply, status: int, code: str) -> dict:
    """The problem, once it has the shape of one."""
    assert reply.status_code == status, reply.text
    assert reply.content_type == "application/problem+json"
    assert reply.json["type"] == f"urn:tandem:problem:{code}"
    assert reply.json["status"] == status
    assert not ProblemSchema().validate(reply.json)
    return reply.json


BAD_BODIES = {
    "not JSON": (b"{", 400),
    "nothing": (b"", 400),
    "not UTF-8": (b'{"email": "\xff"}', 400),
    "NaN": (b'{"email": NaN}', 400),
    "a name twice": (b'{"email": "a@b.co", "email": "c@d.co"}', 400),
    "very deep": (b"[" * 100_000 + b"]" * 100_000, 400),
    "rather deep": (b'{"email": ' + b"[" * 100 + b"]" * 100 + b"}", 422),
    "digits without end": (b'{"email": ' + b"9" * 10_000 + b"}", 400),
    "a huge number": (b'{"email": 99999999999999999999}', 422),
    "an infinite number": (b'{"email": 1e999}', 422),
    "a NUL": (b'{"email": "a@b.co", "password": "a\\u0000b"}', 422),
    "a NUL in a name": (b'{"ema\\u0000il": "a@b.co"}', 422),
    "half a surrogate pair": (b'{"email": "a@b.co", "password": "\\ud800"}', 422),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "a word": (b'"sign me in"', 422),
    "an unknown field": (b'{"email": "a@b.co", "password": "x", "admin": true}', 422),
    "a number for text": (b'{"email": 5, "password": "x"}', 422),
    "overlong": (b'{"email": "a@b.co", "password": "x", "device": "' + b"y" * 201 + b'"}', 422),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_a_clear_refusal(client: FlaskClient, name: str) -> None:
    body, status = BAD_BODIES[name]

    reply = client.post(SIGN_IN, data=body, content_type="application/json")

    problem = shape(reply, status, "invalid" if status == 422 else "bad-request")
    assert status == 400 or problem["errors"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(client: FlaskClient, kind: str) -> None:
    reply = client.post(SIGN_IN, data=b'{"email": "a@b.co"}', content_type=kind)

    shape(reply, 415, "unsupported-media-type")


def test_a_huge_body_is_not_read(client: FlaskClient) -> None:
    reply = client.post(SIGN_IN, data=b" " * 2_100_000, content_type="application/json")

    shape(reply, 413, "too-large")


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("nonsense=1", "nonsense"),
        ("page=0", "page"),
        ("page=1.5", "page"),
        ("page=99999999999999999999", "page"),
        ("page=1&page=2", "page"),
        ("page_size=101", "page_size"),
        ("since=2027-01-01T00:00:00", "since"),
        ("since=2027-02-30T00:00:00Z", "since"),
        ("since=1066-10-14T00:00:00Z", "since"),
        ("patient_id=42", "patient_id"),
        ("patient_id=%00", "patient_id"),
        ("a%00b=1", "ab"),
    ],
)
def test_a_bad_query_names_the_parameter(
    cast: Cast, client: FlaskClient, query: str, path: str
) -> None:
    reply = client.get(f"/api/v1/audit-events?{query}", headers=cast.ada.headers)

    assert shape(reply, 422, "invalid")["errors"][0]["path"] == path


@pytest.mark.parametrize("given", ["x", "A" * 32, "%00", "1", "..", "a" * 31, "a" * 33])
def test_an_address_with_something_else_for_an_id_does_not_exist(
    client: FlaskClient, given: str
) -> None:
    shape(client.get(f"/api/v1/users/{given}"), 404, "not-found")


def test_an_unknown_method_names_those_there_are(client: FlaskClient) -> None:
    for method in ("DELETE", "TRACE"):
        reply = client.open("/api/v1/me", method=method)
        shape(reply, 405, "method-not-allowed")
        assert "GET" in reply.headers["Allow"]


@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [
        (None, 428, "precondition-required"),
        ('"9"', 412, "stale"),
        ("*", 412, "stale"),
        ('W/"1"', 412, "stale"),
        ('"1", "2"', 412, "stale"),
        ("1", 412, "stale"),
        ('"0"', 412, "stale"),
        ('"99999999999"', 412, "stale"),
    ],
)
def test_a_change_names_the_version_it_has_seen(
    cast: Cast, client: FlaskClient, tag: str | None, status: int, code: str
) -> None:
    headers = {**cast.ana.headers, **({"If-Match": tag} if tag else {})}
    address = f"/api/v1/users/{cast.theo.caller.user_id}"

    reply = client.patch(address, json={"disabled": True}, headers=headers)

    shape(reply, status, code)
    assert client.get("/api/v1/me", headers=cast.theo.headers).status_code == 200


def test_every_breach_is_told_with_its_sentence(app: Flask, client: FlaskClient) -> None:
    breaches = [
        Breach(code=BreachCode.SAME_DAY, visit="integration-1", facts={"other": "infusion-1"}),
        Breach(code=BreachCode.ON_HOLD),
    ]

    [reply] = raised(app, client, Refused(breaches))

    told = shape(reply, 409, "refused")["breaches"]
    assert [breach["code"] for breach in told] == ["same-day", "on-hold"]
    assert told[0]["visit"] == "integration-1"
    assert told[0]["sentence"].startswith("Integration 1 must not be on the same day")


def test_each_refusal_of_a_service_has_its_own_problem(app: Flask, client: FlaskClient) -> None:
    waits, fields, beside = raised(
        app,
        client,
        TooMany(61),
        Invalid([FieldFault("visits.0.starts_at", "is in the past")]),
        Conflict("There is one already."),
    )

    shape(waits, 429, "too-many-attempts")
    assert waits.headers["Retry-After"] == "61"
    assert shape(fields, 422, "invalid")["errors"] == [
        {"path": "visits.0.starts_at", "reason": "is in the past"}
    ]
    assert shape(beside, 409, "conflict")["detail"] == "There is one already."


def test_a_mistake_of_ours_tells_nobody_about_a_patient(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        [reply] = raised(app, client, RuntimeError("Pat Rowan was born on 1980-02-01"))

    number = shape(reply, 500, "internal")["instance"].rpartition(":")[2]
    assert number in caplog.text
    assert "RuntimeError" in caplog.text
    assert "Rowan" not in caplog.text + reply.text + json.dumps(dict(reply.headers))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://nobody:secret@127.0.0.1:1/nothing?connect_timeout=2",
        "sqlite:////no/such/folder/tandem.db",
    ],
)
@pytest.mark.parametrize("address", ["/readyz", "/api/v1/me"])
def test_without_its_database_the_service_says_come_back(url: str, address: str) -> None:
    app = create_app(Settings(database_url=url, secret_key="for tests"))

    reply = app.test_client().get(address, headers={"Authorization": "Bearer " + "x" * 43})

    shape(reply, 503, "unavailable")
    assert int(reply.headers["Retry-After"]) > 0
    assert "secret" not in reply.text
    assert app.test_client().get("/healthz").status_code == 200


def test_before_its_migrations_the_service_is_not_ready(empty_database_url: str) -> None:
    app = create_app(Settings(database_url=empty_database_url, secret_key="for tests"))

    shape(app.test_client().get("/readyz"), 503, "unavailable")


def test_when_all_is_well_it_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "clock": "late"}  # none has ever run


def raised(app: Flask, client: FlaskClient, *errors: Exception) -> list:
    """The replies where a view meets these, one after the other."""
    waiting = iter(errors)

    def view() -> str:
        raise next(waiting)

    # In the place of a view that is there: an application that has served takes no new address.
    with mock.patch.dict(app.view_functions, {"health.alive": view}):
        return [client.get("/healthz") for _ in errors]


def test_a_probe_is_told_that_nobody_looks_after_the_messages(client: FlaskClient) -> None:
    from server.services.record import clock

    assert client.get("/readyz/clock").json == {"status": "late"}

    clock.ticked("send")

    assert client.get("/readyz/clock").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "clock": "ok"}
