"""Who looked at whom, for those who watch over it."""

from datetime import UTC, datetime, timedelta

from server.console.record.words import DID
from server.services.access import ACTIONS
from tests.cast import Cast
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded


def test_every_look_at_a_patient_stands_on_their_record(cast: Cast, browser_of: Browser) -> None:
    pat = cast.things["pat"]["patient"]
    browser_of("theo").get(f"/patients/{pat}")

    page = browser_of("ana").get(f"/patients/{pat}/looked")

    assert_guarded(page)
    assert "theo@example.org" in page.text
    assert "opened the patient&#39;s page" in page.text


def test_an_auditor_reads_the_clinics_record_and_no_patient(
    cast: Cast, browser_of: Browser
) -> None:
    pat = cast.things["pat"]["patient"]
    browser_of("theo").get(f"/patients/{pat}")
    ada = browser_of("ada")

    page = ada.get("/record")

    assert_guarded(page)
    assert "theo@example.org" in page.text
    assert f"patient {pat[:8]}" in page.text
    assert "Pat Rowan" not in page.text
    assert ada.get(f"/patients/{pat}/looked").status_code == 403


def test_the_record_is_asked_by_person_and_day(cast: Cast, browser_of: Browser) -> None:
    pat, ada = cast.things["pat"]["patient"], browser_of("ada")
    browser_of("theo").get(f"/patients/{pat}")
    browser_of("nora").get(f"/patients/{pat}")

    def rows(**asked: str) -> str:
        return ada.get("/record", query_string=asked).text.split("<tbody>")[1]

    assert "nora@" not in rows(who=cast.theo.caller.user_id)
    assert "theo@" in rows(who=cast.theo.caller.user_id)
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    assert "Nothing is on record for this" in rows(last=yesterday)
    assert ada.get("/record?who=garbage").status_code == 404
    assert ada.get("/record?page=99999999&first=nonsense").status_code == 200


def test_nobody_else_reads_it(cast: Cast, browser_of: Browser) -> None:
    for who in ("theo", "nora", "fay", "drew", "pat"):
        assert browser_of(who).get("/record").status_code == 403, who
    assert "theo@" not in browser_of("olga").get("/record").text


def test_every_change_that_can_be_on_record_has_words() -> None:
    assert set(DID) >= {each for each in ACTIONS if not each.endswith(".read")}
