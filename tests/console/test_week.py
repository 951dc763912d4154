"""The week on the page: what stands where, who may see it, and what a bad address gets."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from server.persistence.transactions import transaction
from server.services.sign_ins import browser_sign_in
from shared.vocabulary import BookableKind, Role
from tests import builders
from tests.cast import Cast
from tests.console import a_week
from tests.console.conftest import Browser

pytestmark = pytest.mark.breaks_on_purpose  # weeks are laid by hand, without a protocol behind them

WEEK = "/week?day=2027-03-03"
BAD_QUERIES = (
    "day=garbage",
    "day=2027-02-30",
    "day=0001-01-01",
    "day=9999-12-31",
    "day=",
    "day=2027-03-03%00",
    "site=" + "0" * 32,
    "site=1",
    "site=%00",
    "site=" + "x" * 5000,
    "site=" + "ä" * 32,
)


@pytest.fixture
def nora(app: Flask):
    """A nurse's browser, on a Wednesday, at the clinic whose week is told."""
    with transaction():
        clinic = builders.make_clinic()
        a_week.tell(a_week.House(clinic.id))
        user_id = builders.make_user(clinic.id, Role.NURSE, "nora@example.org").id
    client = app.test_client()
    with time_machine.travel(a_week.NOW, tick=False):
        client.set_cookie("tandem", browser_sign_in.begin_for(user_id, now=a_week.NOW))
        yield client


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def cell(page: str, row: str, day: int) -> str:
    """The words of one cell of the table."""
    found = re.search(rf'<th scope="row"[^>]*>{row}.*?</tr>', page, re.DOTALL)
    assert found, f"there is a row for {row}"
    return words(re.findall(r"<td .*?</td>", found[0], re.DOTALL)[day])


def test_a_visit_in_four_parts_is_one_entry(nora: FlaskClient) -> None:
    page = nora.get(WEEK).text

    monday = cell(page, "Infusion chairs", 0)
    assert "09:00–11:30 Infusion Ash Example took place" in monday
    assert monday.count("Ash Example") == 1
    assert "09:30–11:45 Infusion Elder Example arrived" in cell(page, "Nurses", 2)


def test_a_pool_says_how_many_at_once_when_most_are_there(nora: FlaskClient) -> None:
    page = nora.get(WEEK).text

    assert "peak 3 of 4" in cell(page, "Infusion chairs", 0)
    assert "peak 5 of 6" in cell(page, "Nurses", 0)
    assert "peak 1 of 4" in cell(page, "Infusion chairs", 2)


def test_somebody_who_must_be_there_is_not_used_up(nora: FlaskClient) -> None:
    monday = cell(nora.get(WEEK).text, "Prescriber on site", 0)

    assert "09:20–11:15 Infusion Ash Example took place on site" in monday
    assert "peak" not in monday


def test_closed_days_and_hours_are_said_in_words(nora: FlaskClient) -> None:
    page = nora.get(WEEK).text

    assert cell(page, "Theo Bookish|theo", 1).endswith("not working")
    assert cell(page, "Infusion chairs", 4).endswith("closed")
    assert cell(page, "Infusion chairs", 1).endswith("08:00–18:00 free")
    assert "Founders&#39; day" in page
    heads = [words(head) for head in re.findall(r'<th scope="col".*?</th>', page, re.DOTALL)]
    assert heads[3] == "Wed 3 Mar today"
    assert heads[5:] == ["Fri 5 Mar Founders&#39; day", "Sat 6 Mar closed", "Sun 7 Mar closed"]


def test_groups_stand_in_the_order_people_expect(nora: FlaskClient) -> None:
    page = nora.get(WEEK).text

    groups = [words(each) for each in re.findall(r'<th scope="rowgroup".*?</th>', page, re.DOTALL)]
    assert groups == ["Chairs", "Nurses", "Prescribers", "Therapists"]
    assert "preparation" in page.split("legend", 1)[1].split("</ul>")[0]


def test_the_clock_is_the_sites_own_and_named(nora: FlaskClient) -> None:
    assert "America/New York (EST, UTC−5)" in nora.get(WEEK).text
    changing = nora.get("/week?day=2027-03-10").text
    assert "(EST, UTC−5, then EDT, UTC−4: clocks change this week)" in changing


def test_links_lead_a_week_earlier_and_later(nora: FlaskClient) -> None:
    page = nora.get(WEEK).text

    assert "day=2027-02-22" in page
    assert "day=2027-03-08" in page
    assert 'aria-current="true">This week' in page
    assert "day=2027-02-22" in nora.get("/week").text
    assert nora.get("/week?day=2000-01-03").status_code == 200
    assert nora.get("/week?day=2199-12-22").status_code == 200


def test_no_address_on_the_page_names_a_patient(nora: FlaskClient) -> None:
    page = nora.get(WEEK).text

    for address in re.findall(r'(?:href|action|src)="([^"]*)"', page):
        assert not re.search("ash|birch|example", address, re.IGNORECASE)


def test_a_bad_address_is_told_kindly(nora: FlaskClient) -> None:
    for query in BAD_QUERIES:
        reply = nora.get(f"/week?{query}")

        assert (query, reply.status_code) == (query, 404)
        assert "There is nothing at this address" in reply.text


def test_staff_see_the_week_and_others_are_told_why_not(cast: Cast, browser_of: Browser) -> None:
    seen = {name: browser_of(name).get("/week").status_code for name in cast.people}

    assert {name for name, status in seen.items() if status == 200} == {
        "ana", "theo", "tess", "drew", "nora", "fay", "olga",
    }  # fmt: skip
    assert {status for status in seen.values() if status != 200} == {403}


def test_a_patient_is_welcomed_and_shown_where_to_go(browser_of: Browser) -> None:
    reply = browser_of("pat").get("/week")

    assert reply.status_code == 403
    assert "Your own pages are waiting for you" in reply.text
    assert "phone app" in reply.text
    assert "Sign out" in reply.text
    assert "Quinn" not in reply.text


def test_another_clinic_is_as_if_it_were_not(cast: Cast, browser_of: Browser) -> None:
    day = (datetime.now(UTC) + timedelta(days=2)).date()
    theirs = browser_of("olga").get(f"/week?site={cast.things['pat']['site']}")
    own = browser_of("olga").get(f"/week?day={day}").text

    assert theirs.status_code == 404
    assert "Pat Rowan" not in theirs.text + own
    assert "Otto Birch" in own
    assert "Larkfield" not in own


def test_everybody_shown_is_on_record(cast: Cast, browser_of: Browser) -> None:
    day = (datetime.now(UTC) + timedelta(days=2)).date()
    browser_of("nora").get(f"/week?day={day}")

    listed = browser_of("nora").get(
        f"/api/v1/audit-events?patient_id={cast.things['pat']['patient']}",
        headers=cast.ada.headers,
    )
    assert "week.read" in {each["action"] for each in listed.json}


def test_names_are_shown_as_text(app: Flask, nora: FlaskClient) -> None:
    with transaction():
        clinic = builders.make_clinic("Another")
        house = a_week.House(clinic.id, "<b>Harbour</b>")
        house.infusion("<script>alert(1)</script>", a_week.at(0, "09:00"))
        user_id = builders.make_user(clinic.id, Role.NURSE).id
    client = app.test_client()
    client.set_cookie("tandem", browser_sign_in.begin_for(user_id, now=a_week.NOW))

    page = client.get(WEEK).text

    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_site_with_nothing_in_it_says_so(app: Flask) -> None:
    with transaction():
        clinic = builders.make_clinic()
        user_id = builders.make_user(clinic.id, Role.NURSE).id
        builders.make_site(clinic)
    client = app.test_client()
    client.set_cookie("tandem", browser_sign_in.begin_for(user_id, now=datetime.now(UTC)))

    assert "Nothing to book here yet" in client.get("/week").text


def test_a_thousand_claims_are_shown_within_the_time_of_a_blink(app: Flask) -> None:
    with transaction():
        clinic = builders.make_clinic()
        house = a_week.House(clinic.id)
        wide = builders.make_pool(house.site, "wide", BookableKind.CHAIR, 200)
        house.chairs, house.nurses = wide, wide
        for number in range(112):
            house.infusion(f"Robin {number}", a_week.at(number % 5, f"{8 + number % 7:02d}:00"))
        user_id = builders.make_user(clinic.id, Role.NURSE).id
    client = app.test_client()
    client.set_cookie("tandem", browser_sign_in.begin_for(user_id, now=datetime.now(UTC)))
    client.get(WEEK)

    took = []
    for _ in range(3):
        began = time.process_time()  # not the wall's: other tests are running beside this one
        reply = client.get(WEEK)
        took.append(time.process_time() - began)

    assert reply.text.count('<li class="infusion') == 2 * 112
    assert min(took) < 0.3
