"""The pages for who forgot their password."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.persistence.database import db
from server.persistence.invitations import InvitationRow
from server.services.sign_ins import links
from server.services.sign_ins.links import Link, Purpose
from tests.cast import Cast
from tests.patient_pages.test_my_pages import cast, sent, signed_in  # noqa: F401

ASK = "/my/forgotten"
NEW = "eleven purple kettles"
PAT = "pat@clinic.example"


def link(app: Flask) -> str:
    """Where the newest letter's link leads."""
    row = db.session.scalars(db.select(InvitationRow).order_by(InvitationRow.made_at)).all()[-1]
    made = Link(
        purpose=Purpose.FORGOTTEN,
        subject_id=row.id,
        version=1,
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )
    return f"/p/{links.sign(made, str(app.secret_key))}"


def test_from_the_letter_to_todays_page(app: Flask, client: FlaskClient, cast: Cast) -> None:  # noqa: F811
    del cast
    assert ASK in client.get("/my/sign-in").text
    assert "on its way" in sent(client, ASK, page=ASK, email=PAT).text

    opened = client.get(link(app))
    page = str(opened.location)
    assert opened.status_code == 303
    for again, password, status in ((NEW + "!", NEW, 422), ("short", "short", 422)):
        assert sent(client, page, page=page, password=password, again=again).status_code == status
    assert client.post(page, data={"password": NEW, "again": NEW}).status_code == 403
    assert sent(client, page, page=page, password=NEW, again=NEW).location == "/my"
    assert client.get("/my").status_code == 200

    over = client.get(page)
    assert over.status_code == 404
    assert "does not work any more" in over.text
    assert signed_in(app.test_client(), PAT, NEW).status_code == 303


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(
    client: FlaskClient,
    cast: Cast,  # noqa: F811
) -> None:
    del cast
    replies = [sent(client, ASK, page=ASK, email=email) for email in (PAT, "nobody@clinic.example")]

    bare = [re.sub(r'value="\w*"', "", reply.text) for reply in replies]
    assert bare[0] == bare[1]
    assert {reply.status_code for reply in replies} == {200}


@pytest.mark.parametrize("email", ["", "pat", "pat@", "p\0@clinic.example"])
def test_what_is_no_address_is_said_so(client: FlaskClient, cast: Cast, email: str) -> None:  # noqa: F811
    del cast
    assert sent(client, ASK, page=ASK, email=email).status_code == 422


def test_a_link_that_nobody_signed_says_so_and_offers_another(client: FlaskClient) -> None:
    reply = client.get("/my/password/" + "A" * 60)

    assert reply.status_code == 404
    assert "ask for a new one" in reply.text
    assert sent(client, "/my/password/x", page=ASK, password=NEW, again=NEW).status_code == 404
