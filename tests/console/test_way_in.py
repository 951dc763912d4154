import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from server.persistence import series
from server.services.sign_ins import invitations
from tests.console.a_desk import Desk, open_desk
from tests.console.test_pages import assert_guarded
from tests.console.test_patients import page_of, press


@pytest.fixture
def desk(app: Flask) -> Desk:
    del app
    return open_desk()


def test_the_front_desk_prints_a_code_that_works(app: Flask, desk: Desk) -> None:
    fay, series_id = desk.browser(app, "fay"), desk.clinic.enrolled()

    reply = press(fay, page_of(fay, series_id, desk), "Make a sign-in code")

    assert_guarded(reply)
    assert "<svg" in reply.text
    code = re.search(r"\b\w{4}-\w{4}-\w{4}\b", reply.text)
    assert code
    assert invitations.is_good(code[0], now=datetime.now(UTC))


def test_a_form_of_another_site_makes_no_code(app: Flask, desk: Desk) -> None:
    fay, series_id = desk.browser(app, "fay"), desk.clinic.enrolled()
    row = series.series(desk.clinic.by.clinic_id, series_id)
    assert row

    assert fay.post(f"/patients/{row.patient_id}/way-in").status_code == 403
