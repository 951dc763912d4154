"""What needs somebody stands on one page until something was done about it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.persistence.check_ins import AlertRow
from server.persistence.database import db
from server.persistence.follow_ups import FollowUpRow
from server.persistence.paperwork import PaperworkRow
from shared.vocabulary import AlertStatus, FollowUpStatus, PaperworkStatus
from tests.cast import Cast
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded


def form_of(page: str) -> str:
    return page.split('name="form" value="')[1].split('"', maxsplit=1)[0]


def alert(cast: Cast, name: str = "alert") -> AlertRow:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(AlertRow, cast.things["pat"][name])


def follow_up(cast: Cast) -> FollowUpRow:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(FollowUpRow, cast.things["pat"]["follow_up"])


@pytest.fixture
def nora(browser_of: Browser) -> FlaskClient:
    return browser_of("nora")


def test_an_answer_stays_until_it_was_taken_on_and_closed_with_what_was_done(
    cast: Cast, nora: FlaskClient
) -> None:
    page = nora.get("/needs")
    assert_guarded(page)
    assert "Pat Rowan" in page.text
    assert "Nobody has taken it on" in page.text
    before, form = page.text.count(">I take it on<"), form_of(page.text)

    taken = nora.post(f"/needs/alerts/{alert(cast).id}/take", data={"form": form})
    assert taken.status_code == 303
    assert alert(cast).status == AlertStatus.ACKNOWLEDGED
    shown = nora.get("/needs")
    assert shown.text.count(">I take it on<") == before - 1

    empty = nora.post(f"/needs/alerts/{alert(cast).id}/close", data={"form": form})
    assert empty.status_code == 422
    nora.post(
        f"/needs/alerts/{alert(cast).id}/close",
        data={"form": form, "outcome": "rang; is safe"},
    )
    assert (alert(cast).status, alert(cast).outcome) == (AlertStatus.CLOSED, "rang; is safe")


def test_what_somebody_else_took_on_is_said_and_nothing_is_lost(
    cast: Cast, nora: FlaskClient, browser_of: Browser
) -> None:
    form = form_of(nora.get("/needs").text)
    drew = browser_of("drew")
    address = f"/needs/alerts/{alert(cast).id}/take"
    drew.post(address, data={"form": form_of(drew.get("/needs").text)})

    late = nora.post(address, data={"form": form})

    assert late.status_code == 409
    assert "Somebody has acknowledged this alert already." in late.text


def test_a_missed_visit_is_settled_with_what_was_done_instead(
    cast: Cast, nora: FlaskClient
) -> None:
    page = nora.get("/needs").text
    assert "did not come" in page
    row = follow_up(cast)

    nora.post(
        f"/needs/visits/{row.id}/settle",
        data={"form": form_of(page), "version": row.version, "outcome": "comes on Monday"},
    )

    assert (follow_up(cast).status, follow_up(cast).outcome) == (
        FollowUpStatus.SETTLED,
        "comes on Monday",
    )


def test_a_page_out_of_date_settles_nothing(cast: Cast, nora: FlaskClient) -> None:
    form = form_of(nora.get("/needs").text)
    address = f"/needs/visits/{follow_up(cast).id}/settle"

    stale = nora.post(address, data={"form": form, "version": "77", "outcome": "x"})
    odd = nora.post(address, data={"form": form, "version": "one", "outcome": "x"})

    assert (stale.status_code, odd.status_code) == (409, 404)
    assert follow_up(cast).status == FollowUpStatus.OPEN


def test_the_front_desk_sees_missed_visits_and_no_answers(cast: Cast, browser_of: Browser) -> None:
    del cast
    page = browser_of("fay").get("/needs").text

    assert "Visits that did not take place" in page
    assert "Answers to look at" not in page


def test_a_therapist_sees_the_own_caseload_only(cast: Cast, browser_of: Browser) -> None:
    del cast
    page = browser_of("theo").get("/needs").text

    assert "Pat Rowan" in page
    assert "Quinn Alder" not in page


def test_another_clinic_cannot_take_it_on(app: Flask, cast: Cast, browser_of: Browser) -> None:
    del app
    olga = browser_of("olga")
    form = form_of(olga.get("/needs").text)

    reply = olga.post(f"/needs/alerts/{alert(cast).id}/take", data={"form": form})

    assert reply.status_code in (403, 404)
    assert alert(cast).status == AlertStatus.OPEN


def paper(cast: Cast) -> PaperworkRow:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(PaperworkRow, cast.things["pat"]["paperwork"])


def test_a_form_of_the_clinic_waits_until_it_is_filled_in_with_its_score(
    cast: Cast, nora: FlaskClient
) -> None:
    page, before = nora.get("/needs"), paper(cast)
    assert "Rating by a clinician" in page.text
    sent = {"form": form_of(page.text), "version": str(before.version), "on": "2026-02-30"}
    address = f"/needs/paperwork/{before.id}/filled"
    assert nora.post(address, data=sent).status_code == 422
    assert nora.post(address, data=sent | {"on": "2999-01-01"}).status_code == 422
    assert nora.post(address, data=sent | {"on": "2026-01-05", "total": "4.5"}).status_code == 422
    assert paper(cast).is_open

    done = nora.post(address, data=sent | {"on": "2026-01-05", "total": "31"})
    assert done.status_code == 303
    assert (paper(cast).status, paper(cast).total) == (PaperworkStatus.COMPLETED, 31)
    again = nora.post(address, data=sent | {"on": "2026-01-05", "total": "30"})
    assert again.status_code == 409
    assert paper(cast).total == 31


def test_the_front_desk_sees_which_form_is_due_and_cannot_fill_it_in(
    cast: Cast, browser_of: Browser
) -> None:
    fay, one = browser_of("fay"), paper(cast).id
    page = fay.get("/needs")
    assert "Rating by a clinician" in page.text
    assert "It is filled in" not in page.text
    sent = {"form": form_of(page.text), "version": "1", "on": "2026-01-05"}
    assert fay.post(f"/needs/paperwork/{one}/filled", data=sent).status_code == 403
    assert paper(cast).is_open


def count_of(client: FlaskClient, page: str = "/patients") -> str:
    return client.get(page).text.split('data-count="')[1].split('"', maxsplit=1)[0]


def test_every_page_counts_the_answers_that_nobody_has_taken_on(
    cast: Cast, nora: FlaskClient, browser_of: Browser
) -> None:
    theo, fay = browser_of("theo"), browser_of("fay")
    assert (count_of(nora), count_of(theo)) == ("2", "1")
    assert (nora.get("/needs/untaken").text, theo.get("/needs/untaken").text) == ("2", "1")
    assert "data-count" not in fay.get("/patients").text

    form = form_of(nora.get("/needs").text)
    nora.post(f"/needs/alerts/{alert(cast).id}/take", data={"form": form})

    assert (count_of(nora), count_of(theo)) == ("1", "0")
    assert fay.get("/needs/untaken").text == "0"
    assert browser_of("pat").get("/needs/untaken").status_code == 403
