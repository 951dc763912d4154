"""A new password by the API, as the phone app asks for it."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from server.persistence.database import db
from server.persistence.invitations import InvitationRow
from server.persistence.sign_ins import UserRow
from server.services.sign_ins import links
from server.services.sign_ins.links import Link, Purpose
from tests.cast import Cast

NEW = "eleven purple kettles"


def test_a_patient_asks_and_chooses(app: Flask, client: FlaskClient, cast: Cast) -> None:
    email = db.session.get_one(UserRow, cast.pat.caller.user_id).email
    for each in (email, "nobody@example.org"):
        reply = client.post("/api/v1/passwords/forgotten", json={"email": each})
        assert (reply.status_code, reply.data) == (204, b"")
    row = db.session.scalars(db.select(InvitationRow)).one()
    ends = datetime.now(UTC) + timedelta(minutes=5)
    link = Link(purpose=Purpose.FORGOTTEN, subject_id=row.id, version=1, expires_at=ends)
    token = links.sign(link, str(app.secret_key))

    weak = client.post("/api/v1/passwords", json={"token": token, "password": "short"})
    good = client.post("/api/v1/passwords", json={"token": token, "password": NEW})
    again = client.post("/api/v1/passwords", json={"token": token, "password": NEW})

    assert weak.status_code == 422
    assert good.status_code == 200
    assert good.json is not None
    assert good.json["user"]["email"] == email
    assert again.status_code == 422
    assert again.content_type == "application/problem+json"
