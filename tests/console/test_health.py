"""How the clinic stands: counted as of now, each figure leading to where it is seen to."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server.persistence import appointments
from server.persistence.people import CredentialRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from tests import builders
from tests.cast import Cast
from tests.console.a_desk import open_desk
from tests.console.conftest import Browser
from tests.console.test_pages import assert_guarded


def test_the_administrator_sees_what_waits_for_somebody_and_no_name(app: Flask) -> None:
    desk = open_desk()
    series_id = desk.booked()
    desk.clinic.enrolled(patient_id=desk.clinic.patient(full_name="Wanda Waiting"))
    with transaction():
        check_in = builders.make_check_in(appointments.of_series(series_id)[0])
        builders.make_alert(check_in)
        builders.make_alert(check_in, acknowledged=True)

    reply = desk.browser(app, "ana").get("/health")

    assert_guarded(reply)
    page = " ".join(reply.text.split())
    assert '<strong>1</strong> <span class="of">answers nobody has taken on</span>' in page
    assert '<strong>1</strong> <span class="of">series without times</span>' in page
    assert "Wanda" not in page
    assert "Pat Example" not in page
    assert "chair hours taken" in page


@pytest.mark.breaks_on_purpose  # a therapist is booked past the end of their licence
def test_a_licence_that_ends_is_told_of_before_it_does(cast: Cast, browser_of: Browser) -> None:
    today = datetime.now(UTC).date()
    with transaction() as session:
        treats = cast.people["theo"].caller.practitioner_id
        for title, days in (("Old licence", -3), ("New licence", 20), ("Lasting licence", 200)):
            ends = today + timedelta(days=days)
            session.add(
                CredentialRow(
                    id=new_id(), practitioner_id=treats or "", title=title, expires_on=ends
                )
            )

    page = browser_of("ana").get("/health").text

    assert "Old licence" in page
    assert "ended" in page
    assert "New licence" in page
    assert "Lasting licence" not in page


@pytest.mark.parametrize("name", ["nora", "fay", "theo"])
def test_who_does_not_look_after_the_clinic_has_no_such_page(
    browser_of: Browser, name: str
) -> None:
    client = browser_of(name)

    assert client.get("/health").status_code == 403
    assert ">Health<" not in client.get("/today").text
