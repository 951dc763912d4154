"""The page behind the message that a time has come free."""

import re
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from server.persistence.database import db
from server.persistence.transactions import transaction
from server.persistence.waiting import SlotOfferRow
from server.services.sign_ins import links
from server.services.sign_ins.links import Link, Purpose
from shared.vocabulary import OfferStatus
from tests.cast import Cast

SECRET = "only for tests"


def page_of(cast: Cast, what: str = "slot_offer") -> str:
    ends = datetime.now(UTC) + timedelta(days=1)
    offer_id = cast.things["pat"][what]
    link = Link(purpose=Purpose.OFFER, subject_id=offer_id, version=1, expires_at=ends)
    return f"/p/{links.sign(link, SECRET)}"


def status(cast: Cast, what: str = "slot_offer") -> str:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(SlotOfferRow, cast.things["pat"][what]).status


def test_opening_the_page_takes_nothing(client: FlaskClient, cast: Cast) -> None:
    for _ in range(5):
        page = client.get(page_of(cast))

    assert page.status_code == 200
    assert "Yes, I will take it" in page.text
    assert "Pat Rowan" not in page.text
    assert status(cast) == OfferStatus.OFFERED


def test_a_polite_no_leaves_it_to_others(client: FlaskClient, cast: Cast) -> None:
    page = client.post(f"{page_of(cast)}/leave")

    assert page.status_code == 200
    assert "Your visit stays as it is" in page.text
    assert not re.search("<form", page.text)
    assert status(cast) == OfferStatus.DECLINED


def test_whoever_comes_too_late_is_told_kindly(client: FlaskClient, cast: Cast) -> None:
    seen = client.get(page_of(cast, "lapsed"))
    tried = client.post(f"{page_of(cast, 'lapsed')}/take")

    for page, expected in ((seen, 200), (tried, 409)):
        assert page.status_code == expected
        assert "This time has gone. Your visit stays as it is." in page.text
        assert not re.search("<form", page.text)


def test_the_page_speaks_the_language_of_the_patient(client: FlaskClient, cast: Cast) -> None:
    from server.persistence.people import PatientRow

    with transaction():
        db.session.get_one(PatientRow, cast.things["pat"]["patient"]).language = "es"

    assert "Hay una hora libre" in client.get(page_of(cast)).text


def test_a_link_to_a_visit_takes_no_offer(client: FlaskClient, cast: Cast) -> None:
    ends = datetime.now(UTC) + timedelta(days=1)
    subject = cast.things["pat"]["appointment"]
    link = Link(purpose=Purpose.APPOINTMENT, subject_id=subject, version=1, expires_at=ends)

    assert client.post(f"/p/{links.sign(link, SECRET)}/take").status_code == 404
