"""The waiting list on the console, and times that came free for it."""

from server.persistence.database import db
from server.persistence.waiting import FreedTimeRow, WaitingRow
from tests.cast import Cast
from tests.console.conftest import Browser
from tests.console.test_needs import form_of
from tests.console.test_pages import assert_guarded


def fresh(row: type, row_id: str):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(row, row_id)


def test_who_waits_and_what_came_free_stand_on_one_page(cast: Cast, browser_of: Browser) -> None:
    del cast
    page = browser_of("fay").get("/waiting")

    assert_guarded(page)
    assert "Pat Rowan" in page.text
    assert "Quinn Alder" in page.text
    theo = browser_of("theo").get("/waiting").text
    assert "Pat Rowan" in theo
    assert "Quinn Alder" not in theo
    assert "Times that came free" not in theo


def test_a_freed_time_is_used_otherwise(cast: Cast, browser_of: Browser) -> None:
    fay, freed = browser_of("fay"), cast.things["pat"]["freed_time"]
    form = {"form": form_of(fay.get("/waiting").text)}

    closed = fay.post(f"/waiting/times/{freed}/close", data=form)

    assert closed.status_code == 303
    assert fresh(FreedTimeRow, freed).status == "closed"
    again = fay.post(f"/waiting/times/{freed}/close", data=form)
    assert again.status_code == 409
    assert "no longer free" in again.text
    theo = browser_of("theo")
    mine = {"form": form_of(theo.get("/waiting").text)}
    assert theo.post(f"/waiting/times/{freed}/offer", data=mine).status_code == 403


def test_a_patient_is_put_on_the_list_and_taken_off(cast: Cast, browser_of: Browser) -> None:
    fay, pat = browser_of("fay"), cast.things["pat"]
    entry = pat["waiting"]
    form = {"form": form_of(fay.get("/waiting").text)}
    wanted = form | {"series": pat["series"], "visit": "infusion", "weekday": "0"}
    assert fresh(WaitingRow, entry).patient_id == pat["patient"]
    fay.post(f"/waiting/{entry}/leave", data=form)
    assert f"/waiting/{entry}/leave" not in fay.get("/waiting").text

    joined = fay.post(f"/patients/{pat['patient']}/waiting", data=wanted)
    twice = fay.post(f"/patients/{pat['patient']}/waiting", data=wanted)

    assert (joined.status_code, twice.status_code) == (303, 409)
    assert "Mon with 24 hours" in fay.get("/waiting").text
    strange = form | {"series": cast.things["quinn"]["series"], "visit": "infusion"}
    assert fay.post(f"/patients/{pat['patient']}/waiting", data=strange).status_code == 422
    olga = browser_of("olga")
    theirs = {"form": form_of(olga.get("/waiting").text)}
    assert olga.post(f"/waiting/{entry}/leave", data=theirs).status_code == 404
