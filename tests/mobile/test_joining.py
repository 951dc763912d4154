"""From the clinic's code to the first plan on the phone, against a real server."""

import sqlite3
from pathlib import Path

import httpx
import pytest

from mobile import background
from mobile.patient_phone import PatientPhone
from mobile.viewmodels import joining
from shared import routes
from tests.demo_clinic import EMAIL, PASSWORD
from tests.mobile.conftest import QUICK

STAFF = "fay@demo.invalid"


def code_for(address: str, patient_id: str) -> str:
    staff = {"email": STAFF, "password": PASSWORD}
    signed_in = httpx.post(address + routes.SIGN_IN, json=staff).json()
    bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
    made = httpx.post(f"{address}/api/v1/patients/{patient_id}/invitations", headers=bearer)
    assert made.status_code == 201
    return str(made.json()["code"])


@pytest.fixture
def patient_id(demo_clinic: Path) -> str:
    with sqlite3.connect(demo_clinic / "tandem.db") as rows:
        found = rows.execute('SELECT patient_id FROM "user" WHERE email = ?', [EMAIL]).fetchone()
    rows.close()
    return str(found[0])


def test_a_code_brings_the_plan_onto_a_new_phone(
    server: str, patient_id: str, tmp_path: Path
) -> None:
    phone = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)
    phone.call_at(server)
    code = code_for(server, patient_id)
    said: list[str] = []

    phone.join("ABCD-EFGH-JKMN", "new@example.org", PASSWORD, said.append)
    phone.join(code, "new@example.org", "short", said.append)
    phone.join(code, STAFF, PASSWORD, said.append)
    phone.join(code.lower(), EMAIL, PASSWORD, said.append)

    words = phone.words
    wrong, taken = words("join.wrong"), words("join.email")
    assert said == [wrong, wrong, taken, ""]
    phone.choose_pin("4826")
    phone.sync()
    assert phone.document("today") is not None
    phone.close()


@pytest.mark.parametrize(
    "pasted",
    [
        "{code}",
        "  {code}\n",
        "{address}/my/join/{code}",
        "{address}/my/join/{code}/?from=mail#top",
        "Welcome! Open <{address}/my/join/{code}>. See you soon.",
        "https://elsewhere.example/my/join/{code}",
    ],
)
def test_the_code_is_found_in_what_was_pasted(pasted: str) -> None:
    code, address = "ABCD-EFGH-JKMN", "https://clinic.example"
    assert joining.code_in(pasted.format(code=code, address=address)) == code


def test_a_link_without_a_code_is_no_code() -> None:
    assert joining.code_in("https://clinic.example/my/join/") == ""


def test_the_link_that_the_phone_knows_is_the_one_the_web_pages_answer(server: str) -> None:
    page = httpx.get(server + joining.LINK + "ABCD-EFGH-JKMN")
    assert page.status_code == 200
    assert "ABCD-EFGH-JKMN" in page.text


def test_with_no_signal_the_code_is_not_used_up(
    server: str, patient_id: str, tmp_path: Path
) -> None:
    phone = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)
    phone.call_at("http://127.0.0.1:9")
    said: list[str] = []
    phone.join(code_for(server, patient_id), EMAIL, PASSWORD, said.append)
    assert said == [phone.words("sign-in.offline")]
    phone.close()


def test_who_tries_too_often_is_told_to_wait_and_not_that_there_is_no_signal(
    server: str, tmp_path: Path
) -> None:
    phone = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)
    phone.call_at(server)
    said: list[str] = []

    for _ in range(11):
        phone.forgotten("often@example.org", said.append)

    assert said[:10] == [phone.words("forgotten.sent")] * 10
    assert said[10] == phone.words("sign-in.too-many")
    phone.close()
