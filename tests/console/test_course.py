"""How a patient has been, on the console: the curve, the answers, and who may read them."""

from datetime import UTC, datetime

from flask import Flask

from tests.cast import Cast
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded
from tests.services import test_symptoms
from tests.services.test_symptoms import NOW


def answered(cast: Cast, days: int, total: int) -> None:
    test_symptoms.asked(cast, (datetime.now(UTC) - NOW).days + days, total)


def test_a_curve_has_its_table_and_what_it_is_compared_with(
    app: Flask, cast: Cast, browser_of: Browser
) -> None:
    del app
    infusion = (datetime.now(UTC) - NOW).days - 30
    test_symptoms.infused(cast, infusion)
    for days, total in ((-40, 20), (-20, 18), (-10, 11)):
        answered(cast, days, total)

    page = browser_of("nora").get(f"/patients/{cast.things['pat']['patient']}/course")

    assert_guarded(page)
    assert "the last score before the first infusion" in page.text
    assert page.text.count(' r="4"') == 3
    assert page.text.count('class="since"') == 1
    assert "9 lower" in page.text
    assert "reaches 5" in page.text
    assert "2 lower" in page.text
    assert "less than every published threshold" in page.text
    assert not any(word in page.text for word in ("severe", "moderate", "mild"))


def test_one_score_alone_is_drawn_too(cast: Cast, browser_of: Browser) -> None:
    answered(cast, -20, 18)

    page = browser_of("drew").get(f"/patients/{cast.things['pat']['patient']}/course").text

    assert "one score, 18 on" in page


def test_the_patients_page_tells_it_in_short(cast: Cast, browser_of: Browser) -> None:
    answered(cast, -40, 20)
    nora, fay = browser_of("nora"), browser_of("fay")
    address = f"/patients/{cast.things['pat']['patient']}"

    assert "20 of 27" in nora.get(address).text
    assert "Answers and curve" in nora.get(address).text
    assert "20 of 27" not in fay.get(address).text
    assert "Answers and curve" not in fay.get(address).text


def test_nobody_else_reads_the_answers(cast: Cast, browser_of: Browser) -> None:
    pat = f"/patients/{cast.things['pat']['patient']}/course"
    for who, status in (
        ("theo", 200),
        ("tess", 404),
        ("fay", 403),
        ("ana", 403),
        ("ada", 403),
        ("olga", 403),
        ("pat", 403),
    ):
        assert browser_of(who).get(pat).status_code == status, who


def test_a_patient_of_nobody_is_not_found(cast: Cast, browser_of: Browser) -> None:
    missing = cast.things["missing"]["patient"]

    assert browser_of("nora").get(f"/patients/{missing}/course").status_code == 404


def test_the_list_says_who_needs_somebody(cast: Cast, browser_of: Browser) -> None:
    test_symptoms.asked(cast, (datetime.now(UTC) - NOW).days - 1, None)
    nora, fay = browser_of("nora").get("/patients").text, browser_of("fay").get("/patients").text

    row = nora[nora.index("Pat Rowan</a>") :].split("</tr>")[0]
    assert "1 answer to look at" in row
    assert "overdue" in row
    desk = fay[fay.index("Pat Rowan</a>") :].split("</tr>")[0]
    assert "answer" not in desk
    assert "overdue" not in desk
