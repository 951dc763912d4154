"""What an administrator sets up on the console: people, on call, house rules, texts, places."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.persistence.check_ins import on_call
from server.persistence.database import db
from server.persistence.people import PractitionerRow
from server.persistence.sign_ins import UserRow, user_by_email
from server.services.clinic import help_lines, house_rules
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.console.conftest import Browser
from tests.console.test_needs import form_of
from tests.console.test_pages import assert_guarded

PAGES = ("people", "on-call", "house", "texts", "sites")


@pytest.fixture
def ana(browser_of: Browser) -> FlaskClient:
    return browser_of("ana")


def send(client: FlaskClient, page: str, address: str, **fields: object) -> TestResponse:
    return client.post(address, data={"form": form_of(client.get(page).text)} | fields)


def fresh(row: type, row_id: str):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(row, row_id)


def test_every_page_opens_for_staff_and_changes_only_for_administrators(
    cast: Cast, browser_of: Browser
) -> None:
    del cast
    for page in PAGES:
        for who in ("ana", "nora", "fay", "theo", "drew"):
            shown = browser_of(who).get(f"/clinic/{page}")
            assert_guarded(shown)
            buttons = re.findall(
                r"<button[^>]*>([^<]*)", shown.text.split("<main")[1].split("</main>")[0]
            )
            # A prescriber may change who is on call, nobody else may change a thing.
            assert bool(buttons) == (who == "ana" or (who == "drew" and page == "on-call")), page
        assert browser_of("pat").get(f"/clinic/{page}").status_code == 403


def test_somebody_is_let_in_given_another_role_and_shut_out(cast: Cast, ana: FlaskClient) -> None:
    del cast
    new = {"email": "new@example.org", "role": "nurse", "password": PASSWORD}
    made = send(ana, "/clinic/people", "/clinic/people", **new)
    assert made.status_code == 303
    row = user_by_email("new@example.org")
    assert row is not None
    address, user_id, version = f"/clinic/people/{row.id}", row.id, row.version

    send(ana, "/clinic/people", address, version=version, step="role", role="therapist")
    assert fresh(UserRow, user_id).role == "therapist"
    stale = send(ana, "/clinic/people", address, version=version, step="out")
    assert stale.status_code == 409
    assert "Somebody else changed this meanwhile" in stale.text
    send(ana, "/clinic/people", address, version=version + 1, step="out")
    assert fresh(UserRow, user_id).disabled_at is not None
    assert "shut out" in ana.get("/clinic/people").text


def test_what_is_wrong_with_a_sign_in_is_said_beside_its_field(
    cast: Cast, ana: FlaskClient
) -> None:
    del cast
    wrong = {"email": "nobody", "role": "nurse", "password": PASSWORD, "what": "user"}

    refused = send(ana, "/clinic/people", "/clinic/people", **wrong)

    assert refused.status_code == 422
    assert 'id="email-fault"' in refused.text
    assert 'value="nobody"' in refused.text
    assert PASSWORD not in refused.text
    patient = wrong | {"email": "p@example.org", "role": "patient"}
    assert send(ana, "/clinic/people", "/clinic/people", **patient).status_code == 422
    taken = wrong | {"email": "nora@example.org"}
    assert send(ana, "/clinic/people", "/clinic/people", **taken).status_code == 409


def test_a_licence_that_ends_is_seen_before_it_has(cast: Cast, ana: FlaskClient) -> None:
    theo = fresh(PractitionerRow, cast.things["pat"]["practitioner"])
    soon = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
    address, version = f"/clinic/practitioners/{theo.id}", theo.version

    kept = send(
        ana,
        "/clinic/people",
        address,
        version=version,
        title="Theo",
        credential=["Licence", ""],
        expires_on=[soon, ""],
    )

    assert kept.status_code == 303
    assert "Licence: ends soon" in ana.get("/clinic/people").text
    twice = {"credential": ["A", "A"], "expires_on": ["", ""], "title": "Theo"}
    assert send(ana, "/clinic/people", address, version=version + 1, **twice).status_code == 422


def test_somebody_who_treats_is_added(cast: Cast, ana: FlaskClient) -> None:
    del cast
    new = {"title": "Thea", "role": "therapist", "credential": "Licence", "expires_on": ""}
    assert send(ana, "/clinic/people", "/clinic/practitioners", **new).status_code == 303
    assert "Thea" in ana.get("/clinic/people").text
    nameless = send(ana, "/clinic/people", "/clinic/practitioners", role="therapist")
    assert nameless.status_code == 422


def test_the_rota_is_kept_in_its_order(cast: Cast, ana: FlaskClient) -> None:
    nora, drew = (cast.people[name].caller.user_id for name in ("nora", "drew"))
    clinic_id = cast.ana.caller.clinic_id
    assert "Nobody is on call" in ana.get("/clinic/on-call").text

    rota = {
        "who": [nora, "", drew],
        "minutes": ["10", "15", "30"],
        "days": ["01234", "0123456", "56"],
        "opens": ["08:00", "00:00", "20:00"],
        "closes": ["17:30", "24:00", "08:00"],
    }
    assert send(ana, "/clinic/on-call", "/clinic/on-call", **rota).status_code == 303

    assert [(row.user_id, row.within_minutes) for row in on_call(clinic_id)] == [
        (nora, 10),
        (drew, 30),
    ]
    assert [(row.days, row.opens, row.closes) for row in on_call(clinic_id)] == [
        ([0, 1, 2, 3, 4], 480, 1050),
        ([5, 6], 1200, 480),
    ]
    always = {"minutes": "5", "days": "0123456", "opens": "00:00", "closes": "24:00"}
    for wrong in (
        {name: [value, value] for name, value in always.items()} | {"who": [nora, nora]},
        {"who": [nora], "minutes": ["soon"]},
        {"who": [nora], "days": ["78"]},
        {"who": [nora], "opens": ["8"]},
        {"who": [nora], "closes": ["24:01"]},
        {"who": [cast.pat.caller.user_id]},
        {"who": [cast.olga.caller.user_id]},
    ):
        sent = {**always, **wrong}
        assert send(ana, "/clinic/on-call", "/clinic/on-call", **sent).status_code == 422
    assert len(on_call(clinic_id)) == 2


def test_house_rules_and_help_line_are_kept(cast: Cast, ana: FlaskClient) -> None:
    rules = {
        "version": 1,
        "confirm_hours": "48",
        "ride_home_hours": "24",
        "evening": "17:30",
        "morning": "06:45",
        "noshow_after_minutes": "",
        "digest_at": "",
        "after_missed_check_in": "alert",
        "rise_limit": "8",
        "side_effect_limit": "",
    }
    assert send(ana, "/clinic/house", "/clinic/house", **rules).status_code == 303
    kept = house_rules.read(cast.ana.caller)
    assert (kept.confirm_hours, kept.evening, kept.digest_at) == (48, 17 * 60 + 30, None)
    assert not kept.offers_freed_times
    assert (kept.after_missed_check_in, kept.rise_limit) == ("alert", 8)
    assert kept.side_effect_limit is None
    wrong = rules | {"version": kept.version, "evening": "late", "what": "rules"}
    refused = send(ana, "/clinic/house", "/clinic/house", **wrong)
    assert refused.status_code == 422
    assert 'value="late"' in refused.text
    many = rules | {"version": kept.version, "confirm_hours": "99999", "what": "rules"}
    assert 'id="confirm_hours-fault"' in send(ana, "/clinic/house", "/clinic/house", **many).text

    line = {"title": "Help by night", "phone": "988", "clinic_phone": ""}
    assert send(ana, "/clinic/house", "/clinic/help-line", **line).status_code == 303
    assert help_lines.of_clinic(cast.ana.caller.clinic_id).title == "Help by night"


def test_words_of_the_clinic_are_shown_as_the_whole_message(cast: Cast, ana: FlaskClient) -> None:
    del cast
    mine = {"language": "en", "kind": "before", "text": "See you {day} at {time}."}

    assert send(ana, "/clinic/texts", "/clinic/texts", **mine).status_code == 303
    page = ana.get("/clinic/texts").text
    assert "See you " in page
    assert "in the clinic's own words" in page
    telling = mine | {"text": "Your ketamine infusion is {day}."}
    refused = send(ana, "/clinic/texts", "/clinic/texts", **telling)
    assert refused.status_code == 422
    assert "Your ketamine infusion" in refused.text
    assert send(ana, "/clinic/texts", "/clinic/texts", **mine, usual="1").status_code == 303
    assert "in the clinic's own words" not in ana.get("/clinic/texts").text
    assert ana.get("/clinic/texts?language=tlh").status_code == 404


def test_a_site_is_closed_on_a_day_and_open_again(cast: Cast, ana: FlaskClient) -> None:
    site = cast.things["pat"]["site"]
    page = ana.get("/clinic/sites").text
    version = int(page.split('name="version" value="')[1].split('"', maxsplit=1)[0])
    day = (datetime.now(UTC).date() + timedelta(days=100)).isoformat()

    closed = send(
        ana, "/clinic/sites", f"/clinic/sites/{site}/closed", version=version, on=day, title="Fair"
    )
    assert closed.status_code == 303
    page = ana.get("/clinic/sites").text
    assert "Fair" in page
    holiday = page.split("Fair")[1].split('name="holiday" value="')[1].split('"', maxsplit=1)[0]
    opened = {"version": version + 1, "holiday": holiday}
    send(ana, "/clinic/sites", f"/clinic/sites/{site}/open", **opened)
    assert "Fair" not in ana.get("/clinic/sites").text
    no_day = send(ana, "/clinic/sites", f"/clinic/sites/{site}/closed", version=version + 2)
    assert no_day.status_code == 422


def test_a_site_and_a_room_are_added(cast: Cast, ana: FlaskClient) -> None:
    site = {"title": "Mesa", "time_zone": "America/Denver", "grid_minutes": "15"}
    assert send(ana, "/clinic/sites", "/clinic/sites", **site).status_code == 303
    assert "Mesa" in ana.get("/clinic/sites").text
    lost = site | {"time_zone": "Nowhere/Land", "what": "site-new"}
    assert "zonenew-fault" in send(ana, "/clinic/sites", "/clinic/sites", **lost).text
    here = cast.things["pat"]["site"]
    room = {"title": "Quiet room", "code": "quiet", "kind": "room", "capacity": "1"}
    added = send(ana, "/clinic/sites", "/clinic/bookables", site_id=here, **room)
    assert added.status_code == 303
    assert "Quiet room" in ana.get("/clinic").text


def test_nobody_of_another_clinic_changes_anything(cast: Cast, browser_of: Browser) -> None:
    olga, theo = browser_of("olga"), cast.theo.caller.user_id
    assert (
        send(olga, "/clinic/people", f"/clinic/people/{theo}", version=1, step="out").status_code
        == 404
    )
    assert fresh(UserRow, theo).disabled_at is None
    fay = browser_of("fay")
    form = form_of(fay.get("/patients").text)
    for address in ("/clinic/people", "/clinic/on-call", "/clinic/help-line", "/clinic/sites"):
        assert fay.post(address, data={"form": form}).status_code in (403, 422), address
