import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.persistence.audit import AuditEventRow
from server.persistence.check_ins import CheckInRow
from server.persistence.database import db
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import transaction
from server.services.days import sync
from server.services.people import wishes
from server.services.sign_ins import invitations, passwords
from tests import builders
from tests.cast import Cast

SCRIPT = re.compile(r"<script|\son\w+=|\sstyle=")
PAGES = ("/my", "/my/visits", "/my/check-ins", "/my/history", "/my/settings")


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Pat and Theo have passwords."""
    with transaction():
        for person in (cast.pat, cast.theo):
            user = db.session.get_one(UserRow, person.caller.user_id)
            user.email = f"{person.name}@clinic.example"
            user.password_hash = passwords.hashed(builders.PASSWORD)
    return cast


@pytest.fixture
def pat(client: FlaskClient, cast: Cast) -> FlaskClient:
    """Pat's browser, signed in."""
    assert signed_in(client, "pat@clinic.example").status_code == 303
    return client


def signed_in(client: FlaskClient, email: str, password: str = builders.PASSWORD) -> TestResponse:
    return sent(client, "/my/sign-in", page="/my/sign-in", email=email, password=password)


def sent(client: FlaskClient, path: str, *, page: str, **fields: str) -> TestResponse:
    """Send a form that stands on this page."""
    found = re.search(r'name="form" value="(\w+)"', client.get(page).text)
    return client.post(path, data={"form": found.group(1) if found else "", **fields})


def of_pat(cast: Cast, what: str) -> str:
    return cast.things["pat"][what]


def test_nobody_sees_a_page_without_signing_in(client: FlaskClient, cast: Cast) -> None:
    own = f"/my/visits/{of_pat(cast, 'appointment')}"
    for path in (*PAGES, own):
        reply = client.get(path)
        assert (reply.status_code, reply.location) == (303, "/my/sign-in")


def test_a_wrong_password_and_an_unknown_address_look_the_same(
    client: FlaskClient, cast: Cast
) -> None:
    wrong = signed_in(client, "pat@clinic.example", "not the one that fits at all")
    unknown = signed_in(client, "who@clinic.example", "not the one that fits at all")
    text = [re.sub(r'value="[^"]*"', "", each.text) for each in (wrong, unknown)]

    assert wrong.status_code == unknown.status_code == 422
    assert text[0] == text[1]


def test_staff_do_not_get_in_here_and_a_patients_cookie_opens_no_console(
    client: FlaskClient, cast: Cast
) -> None:
    assert signed_in(client, "theo@clinic.example").status_code == 422
    assert client.get("/my").status_code == 303
    signed_in(client, "pat@clinic.example")

    assert client.get("/today").status_code in (303, 403)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_whom_to_call_and_needs_no_script(pat: FlaskClient, path: str) -> None:
    reply = pat.get(path)

    assert reply.status_code == 200
    assert "tel:988" in reply.text
    assert not SCRIPT.search(reply.text)
    assert "script-src" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_form_of_another_site_does_nothing(pat: FlaskClient, cast: Cast) -> None:
    visit = of_pat(cast, "appointment")

    reply = pat.post(f"/my/visits/{visit}/confirm", data={"schedule_version": "1"})

    assert reply.location == "/my?note=again"
    assert "I will come" in pat.get(f"/my/visits/{visit}").text


def test_pat_confirms_a_visit(pat: FlaskClient, cast: Cast) -> None:
    visit = f"/my/visits/{of_pat(cast, 'appointment')}"

    reply = sent(pat, f"{visit}/confirm", page=visit, schedule_version="1")

    assert reply.location == f"{visit}?note=confirmed"
    assert "I will come" not in pat.get(visit).text


def test_what_was_shown_before_the_visit_moved_is_not_confirmed(
    pat: FlaskClient, cast: Cast
) -> None:
    visit = f"/my/visits/{of_pat(cast, 'appointment')}"
    for seen in ("7", "", "-1", "x", "9" * 30):
        reply = sent(pat, f"{visit}/confirm", page=visit, schedule_version=seen)
        assert reply.location == f"{visit}?note=soon"


def test_the_ride_home_needs_a_name_and_a_number(pat: FlaskClient, cast: Cast) -> None:
    visit = f"/my/visits/{of_pat(cast, 'appointment')}"

    assert sent(pat, f"{visit}/ride", page=visit, name=" ", phone="1").status_code == 422
    assert sent(pat, f"{visit}/ride", page=visit, name="Sam", phone="555").status_code == 303
    ride = sync.today(cast.pat.caller, now=datetime.now(UTC))["appointments"][0]["ride"]  # type: ignore[index]
    assert ride == {"name": "Sam", "phone": "555"}


def test_the_visit_of_somebody_else_is_not_there(pat: FlaskClient, cast: Cast) -> None:
    other = cast.things["quinn"]["appointment"]

    assert pat.get(f"/my/visits/{other}").status_code == 404
    page = f"/my/visits/{of_pat(cast, 'appointment')}"
    for step in ("confirm", "ride", "times", "move"):
        reply = sent(pat, f"/my/visits/{other}/{step}", page=page, name="Sam", phone="555")
        assert reply.status_code == 404


def test_questions_are_answered_once_and_the_answer_is_in_the_history(
    pat: FlaskClient, cast: Cast
) -> None:
    page = f"/my/check-ins/{of_pat(cast, 'check_in')}"
    names = set(re.findall(r'name="([\w.-]+)" value="1"', pat.get(page).text)) - {"form", "later"}
    assert names
    assert sent(pat, page, page=page).status_code == 422

    reply = sent(pat, page, page=page, **dict.fromkeys(names, "1"))

    assert "Thank you" in reply.text
    assert "already" in pat.get(page).text or "Thank you" in pat.get(page).text
    with transaction():
        row = db.session.get_one(CheckInRow, of_pat(cast, "check_in"))
        assert row.response is not None
        row.response.total = 7
    assert "<polyline" in pat.get("/my/history").text


def test_pat_says_how_to_be_written_to_and_in_which_language(pat: FlaskClient, cast: Cast) -> None:
    page = "/my/settings"
    wish = {"channel": "sms", "detail": "little", "quiet_from": "20:30", "quiet_until": "08:15"}

    assert sent(pat, page, page=page, **wish).location == f"{page}?note=saved"
    held = wishes.read(cast.pat.caller, str(cast.pat.caller.patient_id), now=datetime.now(UTC))
    assert (held.channel, held.detail) == ("sms", "little")
    assert (held.quiet_from, held.quiet_until) == (20 * 60 + 30, 8 * 60 + 15)
    assert sent(pat, "/my/language", page=page, language="es").status_code == 303
    assert "Ajustes" in pat.get(page).text


@pytest.mark.parametrize(
    "wrong",
    [{"channel": "pigeon"}, {"quiet_from": "25:00"}, {"quiet_until": ""}, {"detail": "all"}],
)
def test_what_cannot_be_is_not_saved(pat: FlaskClient, wrong: dict[str, str]) -> None:
    wish = {"channel": "sms", "detail": "little", "quiet_from": "20:30", "quiet_until": "08:15"}

    assert sent(pat, "/my/settings", page="/my/settings", **wish | wrong).status_code == 422


def test_pat_signs_out_elsewhere_and_here(pat: FlaskClient, cast: Cast) -> None:
    page = "/my/settings"
    sent(pat, f"/my/devices/{cast.pat.sign_in_id}/end", page=page)
    assert pat.get("/api/v1/me", headers=cast.pat.headers).status_code == 401

    assert sent(pat, "/my/sign-out", page=page).location == "/my/sign-in"
    assert pat.get("/my").location == "/my/sign-in"


def test_leaving_fast_signs_out_and_shows_a_page_that_says_nothing(pat: FlaskClient) -> None:
    reply = sent(pat, "/my/leave", page="/my")

    assert reply.location == "/my/notes"
    assert "988" not in pat.get("/my/notes").text
    assert pat.get("/my").location == "/my/sign-in"


def test_who_does_not_touch_the_page_is_signed_out(
    pat: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.patient_pages.my import browser

    later = datetime.now(UTC) + timedelta(minutes=16)
    monkeypatch.setattr(browser, "utc_now", lambda: later)

    assert pat.get("/my").location == "/my/sign-in?ended=1"


def test_answers_are_kept_for_later_and_count_only_when_sent(pat: FlaskClient, cast: Cast) -> None:
    page = f"/my/check-ins/{of_pat(cast, 'check_in')}"
    first = min(
        set(re.findall(r'name="([\w.-]+)" value="1"', pat.get(page).text)) - {"form", "later"}
    )

    assert sent(pat, page, page=page, later="1", **{first: "1"}).location == f"{page}?note=kept"

    assert re.search(rf'name="{first}" value="1" checked', pat.get(page).text)
    with transaction():
        assert db.session.get_one(CheckInRow, of_pat(cast, "check_in")).response is None


def test_the_clinics_code_opens_the_pages(client: FlaskClient, cast: Cast) -> None:
    made = invitations.invite(cast.fay.caller, cast.things["pat"]["patient"], now=datetime.now(UTC))
    page = f"/my/join/{made.code}"
    new = {"code": made.code, "email": "new@example.org", "password": builders.PASSWORD}

    assert sent(client, "/my/join", page=page, **new, again="something else").status_code == 422
    assert sent(client, "/my/join", page=page, **new, again=new["password"]).location == "/my"
    assert client.get("/my").status_code == 200
    assert sent(client, "/my/join", page=page, **new, again=new["password"]).status_code == 422


def test_a_calendar_learns_when_and_never_what_for(pat: FlaskClient, cast: Cast) -> None:
    visit = of_pat(cast, "appointment")
    one = pat.get(f"/my/visits/{visit}/calendar.ics")
    every = pat.get("/my/calendar.ics")

    assert one.mimetype == every.mimetype == "text/calendar"
    assert f"UID:{visit}@tandem\r\n" in one.text
    assert "SUMMARY:Appointment\r\n" in one.text
    assert all(len(line.encode()) <= 75 for line in one.text.split("\r\n"))
    for word in ("nfusion", "ketamine", "Theo", "Pat", "Rowan"):
        assert word not in one.text + every.text


def test_pat_takes_along_all_that_the_clinic_keeps(pat: FlaskClient, cast: Cast) -> None:
    reply = sent(pat, "/my/data.zip", page="/my/settings")

    whole = zipfile.ZipFile(io.BytesIO(reply.data))
    kept = json.loads(whole.read("my-data.json"))
    assert kept["patient"]["full_name"] == "Pat Rowan"
    assert [each["id"] for each in kept["check_ins"]] == [of_pat(cast, "check_in")]
    page = whole.read("my-data.html").decode()
    assert "Pat Rowan" in page
    assert not any(name in page for name in cast.things["quinn"].names)
    assert not any(word in page for word in ("password", "_hash"))
    with transaction():
        actions = db.session.scalars(select(AuditEventRow.action)).all()
    assert "me.export" in actions
