import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from server.persistence import check_ins as rows
from server.persistence.database import db
from server.services.booking import appointments
from server.services.booking.appointments import Step
from server.services.check_ins import alerts
from server.services.people import on_call
from server.services.people.on_call import OnCall
from server.services.sign_ins import links
from server.services.sign_ins.links import Link, Purpose
from shared.vocabulary import AlertStatus, AppointmentStatus, CheckInStatus
from tests.cast import Cast

SECRET = "only for tests"


def link_to(cast: Cast, what: str, *, version: int = 1, lasts_hours: float = 24) -> str:
    purpose = Purpose.APPOINTMENT if what == "appointment" else Purpose.CHECK_IN
    ends = datetime.now(UTC) + timedelta(hours=lasts_hours)
    subject = cast.things["pat"][what]
    link = Link(purpose=purpose, subject_id=subject, version=version, expires_at=ends)
    return links.sign(link, SECRET)


def everything() -> dict[str, int]:
    """How many rows every table has, but for the record of who looked."""
    tables = set(db.metadata.tables) - {"audit_event"}
    return {
        name: db.session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
        for name in sorted(tables)
    }


def test_a_link_comes_back_as_it_was_signed_and_a_changed_one_does_not() -> None:
    ends = datetime(2027, 3, 1, 12, tzinfo=UTC)
    link = Link(purpose=Purpose.CHECK_IN, subject_id="ab" * 16, version=7, expires_at=ends)
    token = links.sign(link, SECRET)

    assert links.read(token, SECRET) == link
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(links.BadLink):
            links.read(token[:place] + other + token[place + 1 :], SECRET)
    with pytest.raises(links.BadLink):
        links.read(token, "another secret")


def test_opening_a_link_changes_nothing_however_often_a_scanner_does_it(
    client: FlaskClient, cast: Cast
) -> None:
    before = everything()

    for what in ("appointment", "check_in"):
        for _ in range(5):
            token = link_to(cast, what)
            assert client.get(f"/p/{token}").status_code == 200
            assert client.head(f"/p/{token}").status_code == 200

    db.session.rollback()
    assert everything() == before


def test_one_button_says_that_the_patient_will_come(client: FlaskClient, cast: Cast) -> None:
    token = link_to(cast, "appointment")
    page = client.get(f"/p/{token}").get_data(as_text=True)
    assert "I will come" in page

    after = client.post(f"/p/{token}/confirm")

    assert after.status_code == 200
    assert "We know that you will come" in after.get_data(as_text=True)
    assert "I will come</button>" not in client.get(f"/p/{token}").get_data(as_text=True)


def test_the_patient_says_on_the_page_who_takes_them_home(client: FlaskClient, cast: Cast) -> None:
    token = link_to(cast, "appointment")

    done = client.post(f"/p/{token}/ride", data={"name": "Sam <b>", "phone": "555 0100"})
    empty = client.post(f"/p/{token}/ride", data={"name": " ", "phone": ""})

    assert "Takes you home: <strong>Sam &lt;b&gt;</strong>" in done.get_data(as_text=True)
    assert empty.status_code == 422


def test_a_link_to_a_time_that_no_longer_holds_is_kindly_refused(
    client: FlaskClient, cast: Cast
) -> None:
    step = Step(to=AppointmentStatus.CANCELLED, expected_version=1, reason="Ill")
    appointments.cancel(
        cast.drew.caller, cast.things["pat"]["appointment"], step, now=datetime.now(UTC)
    )
    token = link_to(cast, "appointment")

    for reply in (client.get(f"/p/{token}"), client.post(f"/p/{token}/confirm")):
        assert reply.status_code == 404
        assert "no longer works" in reply.get_data(as_text=True)


@pytest.mark.parametrize("address", ["nonsense", "A" * 60, "%00", "é"])
def test_a_mangled_link_is_a_kind_page_and_no_error(
    client: FlaskClient, cast: Cast, address: str
) -> None:
    del cast
    reply = client.get(f"/p/{address}")

    assert reply.status_code == 404
    assert "988" in reply.get_data(as_text=True)


def test_a_link_that_is_over_opens_nothing(client: FlaskClient, cast: Cast) -> None:
    assert client.get(f"/p/{link_to(cast, 'check_in', lasts_hours=-1)}").status_code == 404


def test_an_answer_by_link_that_somebody_must_see_opens_an_alert_and_shows_the_help_line(
    client: FlaskClient, cast: Cast
) -> None:
    on_call.change(
        cast.ana.caller,
        [OnCall(user_id=cast.nora.caller.user_id, within_minutes=10)],
        now=datetime.now(UTC),
    )
    token = link_to(cast, "check_in")
    form = client.get(f"/p/{token}").get_data(as_text=True)
    assert "How do you feel today?" in form

    done = client.post(f"/p/{token}/answers", data={"mood": "3", "urges": "1", "note": "bad night"})

    assert done.status_code == 200
    page = done.get_data(as_text=True)
    assert re.search(r'class="call first" href="tel:988"', page)
    assert "watch" not in page.lower()
    row = rows.check_in(cast.drew.caller.clinic_id, cast.things["pat"]["check_in"])
    assert row is not None
    assert row.response is not None
    assert (row.status, row.response.help_line) == (CheckInStatus.COMPLETED, True)
    found, _ = alerts.listed(
        cast.nora.caller, status=AlertStatus.OPEN, page=1, page_size=50, now=datetime.now(UTC)
    )
    mine = [each for each in found if "thoughts-of-death" in each.reasons and len(each.steps) > 1]
    assert [step.what for step in mine[0].steps] == ["raised", "told"]


def test_answering_a_second_time_is_told_so_and_the_first_answers_stay(
    client: FlaskClient, cast: Cast
) -> None:
    token = link_to(cast, "check_in")
    client.post(f"/p/{token}/answers", data={"mood": "3"})

    again = client.post(f"/p/{token}/answers", data={"mood": "9"})

    assert "You have answered these questions" in again.get_data(as_text=True)
    row = rows.check_in(cast.drew.caller.clinic_id, cast.things["pat"]["check_in"])
    assert row is not None
    assert row.response is not None
    assert row.response.answers["mood"] == 3


def test_a_wrong_answer_keeps_what_was_written(client: FlaskClient, cast: Cast) -> None:
    token = link_to(cast, "check_in")

    reply = client.post(f"/p/{token}/answers", data={"mood": "11", "note": "my own words"})

    assert reply.status_code == 422
    assert "my own words" in reply.get_data(as_text=True)


def test_the_pages_load_nothing_from_elsewhere_and_run_no_script(
    client: FlaskClient, cast: Cast
) -> None:
    reply = client.get(f"/p/{link_to(cast, 'check_in')}")

    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert reply.headers["Cache-Control"] == "no-store"
    assert "<script" not in reply.get_data(as_text=True)
