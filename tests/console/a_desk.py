"""A small clinic that is always open, with staff who can sign in at its console."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

from server.persistence.transactions import transaction
from server.services.booking import booking
from server.services.planning import planning
from server.services.sign_ins import browser_sign_in
from shared.vocabulary import Role
from tests import builders
from tests.services.a_series import ShortClinic, short_clinic

ROLES = {
    "ana": Role.ADMINISTRATOR,
    "drew": Role.PRESCRIBER,
    "fay": Role.FRONT_DESK,
    "theo": Role.THERAPIST,
}


@dataclass
class Desk:
    """The clinic, and the ids of its staff's sign-ins by name."""

    clinic: ShortClinic
    users: dict[str, str]

    def browser(self, app: Flask, name: str) -> FlaskClient:
        """A browser signed in as one of the staff."""
        client = app.test_client()
        browser_id = browser_sign_in.begin_for(self.users[name], now=datetime.now(UTC))
        client.set_cookie("tandem", browser_id)
        return client

    def booked(self) -> str:
        """A new series with every visit booked; its id."""
        now = datetime.now(UTC)
        series_id = self.clinic.enrolled(now=now)
        offer = planning.propose(self.clinic.by, series_id, now=now, count=1)
        plan_id, version = offer.plans[0].id, offer.series_version
        booking.book_plan(self.clinic.by, series_id, plan_id, expected_version=version, now=now)
        return series_id


def open_desk() -> Desk:
    """Write the clinic and its staff."""
    clinic = short_clinic(chairs=2)
    with transaction():
        users = {
            name: builders.make_user(
                clinic.by.clinic_id, role, f"{name}@example.org", password=builders.PASSWORD
            ).id
            for name, role in ROLES.items()
        }
    return Desk(clinic, users)
