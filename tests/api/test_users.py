"""Logins: who may have one, and what becomes of sign-ins when they change."""

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast

GOOD = "seven green bottles"


def make(client: FlaskClient, cast: Cast, **given: object):
    wanted = {"email": "new@example.org", "password": GOOD, "role": "nurse", **given}
    return client.post("/api/v1/users", json=wanted, headers=cast.ana.headers)


def test_a_new_person_can_sign_in(cast: Cast, client: FlaskClient) -> None:
    made = make(client, cast, email="New.Person@Example.org")

    assert made.status_code == 201
    assert made.headers["ETag"] == '"1"'
    assert "password" not in made.text
    given = {"email": "new.person@example.org", "password": GOOD}
    assert client.post("/api/v1/sign-in", json=given).json["user"]["id"] == made.json["id"]


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "fourteen chars",
        "password1234567",
        "PasswordPassword",
        "123456789012345",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "qwertyuiopasdfgh",
        "new@example.org",
        "x" * 257,
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(
    cast: Cast, client: FlaskClient, password: str
) -> None:
    reply = make(client, cast, password=password)

    assert reply.status_code == 422
    assert reply.json["errors"][0]["path"] == "password"
    assert password not in reply.text or password == "short"


@pytest.mark.parametrize(
    "password", ["alllowercasewords", "sechs grüne Flaschen", "6 bottles + 7", " " * 3 + GOOD]
)
def test_no_rules_of_composition(cast: Cast, client: FlaskClient, password: str) -> None:
    reply = make(client, cast, password=password)

    assert reply.status_code == (201 if len(password) >= 15 else 422)


def test_one_address_has_one_sign_in(cast: Cast, client: FlaskClient) -> None:
    reply = make(client, cast, email="THEO@example.org")

    assert reply.status_code == 409


def test_a_patients_sign_in_names_a_patient_of_this_clinic(cast: Cast, client: FlaskClient) -> None:
    for patient_id in (None, cast.things["otto"]["patient"], cast.things["missing"]["patient"]):
        reply = make(client, cast, role="patient", patient_id=patient_id)
        assert reply.status_code == 422
        assert reply.json["errors"][0]["path"] == "patient_id"

    assert make(client, cast, patient_id=cast.things["pat"]["patient"]).status_code == 422
    good = make(client, cast, role="patient", patient_id=cast.things["pat"]["patient"])
    assert good.status_code == 201


def test_a_new_password_or_role_ends_every_sign_in(cast: Cast, client: FlaskClient) -> None:
    for person, change in ((cast.theo, {"password": GOOD}), (cast.nora, {"role": "front_desk"})):
        headers = {**cast.ana.headers, "If-Match": '"1"'}
        address = f"/api/v1/users/{person.caller.user_id}"

        reply = client.patch(address, json=change, headers=headers)

        assert reply.status_code == 200
        assert reply.headers["ETag"] == '"2"'
        assert client.get("/api/v1/me", headers=person.headers).status_code == 401


def test_an_administrator_cannot_shut_themselves_out(cast: Cast, client: FlaskClient) -> None:
    headers = {**cast.ana.headers, "If-Match": '"1"'}

    for change in ({"disabled": True}, {"role": "nurse"}):
        address = f"/api/v1/users/{cast.ana.caller.user_id}"
        assert client.patch(address, json=change, headers=headers).status_code == 409


def test_who_looked_at_this_patient_has_an_answer(cast: Cast, client: FlaskClient) -> None:
    pat = cast.things["pat"]
    client.get(f"/api/v1/series/{pat['series']}", headers=cast.nora.headers)
    client.get(f"/api/v1/series/{cast.things['quinn']['series']}", headers=cast.nora.headers)

    told = client.get(f"/api/v1/audit-events?patient_id={pat['patient']}", headers=cast.ada.headers)

    assert [(e["by_user_id"], e["action"]) for e in told.json] == [
        (cast.nora.caller.user_id, "series.read")
    ]
    again = client.get(
        f"/api/v1/audit-events?patient_id={pat['patient']}", headers=cast.ada.headers
    )
    assert [e["action"] for e in again.json] == ["audit.read", "series.read"]
    assert "Rowan" not in again.text
