"""Signing in with a browser: the cookie, the form, how it ends, and what a stranger meets."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from server.persistence.database import db
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import transaction
from server.services.sign_ins import browser_sign_in, throttle
from shared.vocabulary import Role
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.console.conftest import Browser

EMAIL = "thea@example.org"


@pytest.fixture
def thea(app: Flask) -> str:
    """The id of a therapist with a password."""
    with transaction():
        clinic = builders.make_clinic()
        builders.make_site(clinic)
        return builders.make_user(clinic.id, Role.THERAPIST, EMAIL, password=PASSWORD).id


def form_of(client: FlaskClient, address: str = "/sign-in", **more) -> str:
    found = re.search(r'name="form" value="([0-9a-f]{64})"', client.get(address, **more).text)
    assert found, "the page has a form of ours"
    return found[1]


def try_in(
    client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, **more
) -> TestResponse:
    given = {"email": email, "password": password, "form": form_of(client), **more}
    return client.post("/sign-in", data=given)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/week").status_code == 200


def cookies_set(reply: TestResponse) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in reply.headers.getlist("Set-Cookie")}


def test_the_bare_address_leads_through_sign_in_to_the_week(client: FlaskClient, thea: str) -> None:
    assert client.get("/").location == "/sign-in?back=/"
    assert client.get("/week").location == "/sign-in?back=/week"

    reply = try_in(client, "THEA@example.org ")

    assert (reply.status_code, reply.location) == (303, "/")
    assert client.get("/").location == "/week/timeline"
    assert is_signed_in(client)
    assert client.get("/sign-in").location == "/"


def test_the_cookie_is_hidden_from_scripts_and_only_its_hash_is_kept(
    client: FlaskClient, thea: str
) -> None:
    reply = try_in(client)

    cookie = cookies_set(reply)["tandem"]
    assert re.fullmatch(r"tandem=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", cookie)
    assert cookies_set(reply)["tandem_form"].startswith("tandem_form=;")
    browser_id = cookie.split("=", 1)[1].split(";")[0]
    for table in ("access_token", "token_family", "refresh_token", "audit_event"):
        rows = db.session.execute(text(f"SELECT * FROM {table}")).all()
        assert browser_id not in str(rows)


def test_over_https_the_cookie_is_bound_to_this_host(client: FlaskClient, thea: str) -> None:
    secure = {"base_url": "https://localhost"}
    given = {"email": EMAIL, "password": PASSWORD, "form": form_of(client, **secure)}

    reply = client.post("/sign-in", data=given, **secure)

    cookie = cookies_set(reply)["__Host-tandem"]
    assert "; Secure;" in cookie
    assert "Domain" not in cookie
    assert client.get("/week", **secure).status_code == 200
    plain = client.application.test_client()
    plain.set_cookie("tandem", cookie.split("=", 1)[1].split(";")[0])
    assert plain.get("/week", **secure).status_code == 303


def test_a_wrong_password_keeps_the_email_and_tells_nothing_more(
    client: FlaskClient, thea: str
) -> None:
    wrong = try_in(client, password="not the river at all")
    unknown = try_in(client, "no@one.example")

    assert wrong.status_code == unknown.status_code == 422
    assert f'value="{EMAIL}"' in wrong.text
    assert "not the river" not in wrong.text
    assert wrong.text.replace(EMAIL, "") == unknown.text.replace("no@one.example", "")
    assert "tandem" not in cookies_set(wrong)


@pytest.mark.parametrize("email", ["", "\0", "x" * 5000, '"><script>alert(1)</script>', "ä@ö"])
def test_nonsense_is_refused_like_a_wrong_password(client: FlaskClient, email: str) -> None:
    reply = try_in(client, email)

    assert reply.status_code == 422
    assert "<script>" not in reply.text


def test_too_many_tries_are_told_how_long_to_wait(client: FlaskClient, thea: str) -> None:
    for _ in range(throttle.MOST):
        throttle.count(EMAIL, now=datetime.now(UTC) - timedelta(minutes=3))

    reply = try_in(client)

    assert reply.status_code == 429
    assert "Wait 12 minutes, then try again." in reply.text
    assert 660 < int(reply.headers["Retry-After"]) <= 720
    assert f'value="{EMAIL}"' in reply.text


def test_every_sign_in_has_a_new_id_and_ends_the_one_before(client: FlaskClient, thea: str) -> None:
    first = cookies_set(try_in(client))["tandem"].split("=", 1)[1].split(";")[0]
    client.delete_cookie("tandem")
    form = form_of(client)
    client.set_cookie("tandem", first)
    given = {"email": EMAIL, "password": PASSWORD, "form": form}

    second = client.post("/sign-in", data=given)

    assert first not in str(cookies_set(second))
    old = client.application.test_client()
    old.set_cookie("tandem", first)
    assert is_signed_in(client)
    assert not is_signed_in(old)


def test_signing_out_kills_the_id(app: Flask, browser_of: Browser) -> None:
    client = browser_of("nora")
    browser_id = client.get_cookie("tandem").value
    form = form_of(client, "/week")

    reply = client.post("/sign-out", data={"form": form})

    assert (reply.status_code, reply.location) == (303, "/sign-in")
    assert client.get_cookie("tandem") is None
    thief = app.test_client()
    thief.set_cookie("tandem", browser_id)
    assert not is_signed_in(thief)


def test_a_quarter_of_an_hour_without_use_signs_out(app: Flask, thea: str) -> None:
    client, now = app.test_client(), datetime(2027, 3, 1, 9, tzinfo=UTC)
    client.set_cookie("tandem", browser_sign_in.begin_for(thea, now=now))
    for minutes in (14, 28, 42):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert is_signed_in(client)

    with time_machine.travel(now + timedelta(minutes=42 + 15), tick=False):
        reply = client.get("/week?day=2027-03-01")
        page = client.get(reply.location)

    assert reply.location == "/sign-in?back=/week?day%3D2027-03-01"
    assert "You have been signed out" in page.text
    assert 'name="back" value="/week?day=2027-03-01"' in page.text


def test_twelve_hours_end_even_the_busiest_day(app: Flask, thea: str) -> None:
    began = datetime(2027, 3, 1, 7, tzinfo=UTC)
    client = app.test_client()
    client.set_cookie("tandem", browser_sign_in.begin_for(thea, now=began))
    used = [began + timedelta(minutes=10 * n) for n in range(72)]

    for now in used:
        with time_machine.travel(now, tick=False):
            assert browser_sign_in.holder(client.get_cookie("tandem").value, now=now)

    with time_machine.travel(began + timedelta(hours=12), tick=False):
        assert not is_signed_in(client)


def test_a_disabled_person_is_out_with_the_next_request(cast: Cast, browser_of: Browser) -> None:
    client = browser_of("theo")
    assert is_signed_in(client)

    with transaction():
        db.session.get(UserRow, cast.theo.caller.user_id).disabled_at = datetime.now(UTC)

    assert client.get("/week").status_code == 303


def test_a_programs_token_is_no_browser_and_a_browser_no_token(
    app: Flask, cast: Cast, browser_of: Browser
) -> None:
    client = app.test_client()
    client.set_cookie("tandem", cast.nora.token)
    assert not is_signed_in(client)

    browser_id = browser_of("nora").get_cookie("tandem").value
    for token in (browser_id, f"browser:{browser_id}"):
        reply = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert reply.status_code == 401


FOREIGN = {
    "no word of ours": {"form": ""},
    "a made-up word": {"form": "0" * 64},
    "letters beyond ASCII": {"form": "ä" * 64},
    "another site": {"Origin": "https://evil.example"},
    "a hidden site": {"Origin": "null"},
    "another port": {"Origin": "http://localhost:81"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "a neighbour": {"Sec-Fetch-Site": "same-site"},
}


def test_a_form_of_another_site_signs_nobody_in_or_out(app: Flask, thea: str) -> None:
    for name, spoiled in FOREIGN.items():
        headers = {key: value for key, value in spoiled.items() if key != "form"}
        outside, inside = app.test_client(), app.test_client()
        inside.set_cookie("tandem", browser_sign_in.begin_for(thea, now=datetime.now(UTC)))
        into = {"form": form_of(outside), "email": EMAIL, "password": PASSWORD, **spoiled}
        out = {"form": form_of(inside, "/week"), **spoiled}

        refused = outside.post("/sign-in", data=into, headers=headers)
        stays = inside.post("/sign-out", data=out, headers=headers)

        assert (name, refused.status_code, stays.status_code) == (name, 403, 403)
        assert "tandem" not in cookies_set(refused)
        assert f'value="{EMAIL}"' in refused.text
        assert is_signed_in(inside)


def test_a_form_given_to_another_browser_does_not_count(
    app: Flask, client: FlaskClient, thea: str
) -> None:
    client.get("/sign-in")
    given = {"email": EMAIL, "password": PASSWORD, "form": form_of(app.test_client())}

    assert client.post("/sign-in", data=given).status_code == 403


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "/week\r\nX: y", "week"]
)
def test_nobody_is_led_away_after_signing_in(client: FlaskClient, thea: str, back: str) -> None:
    assert try_in(client, back=back).location == "/"


def test_one_returns_to_where_one_was(client: FlaskClient, thea: str) -> None:
    assert try_in(client, back="/week?day=2027-03-01").location == "/week?day=2027-03-01"
