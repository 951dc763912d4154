"""The watch itself: it must hear what it is there for."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from server.app import create_app
from server.config import Settings
from server.persistence.database import db
from tests import canary
from tests.services.a_series import short_clinic

NAME, MAIL = "Zuleika Canary", "zuleika.canary@home.example"


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """One that nobody else watches, because here words come out on purpose."""
    made = create_app(Settings(database_url=database_url, secret_key="-", testing=True))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("log", f"could not write to {NAME.upper()}"),
        ("log", f"no such address: {MAIL}"),
        ("address", "/api/v1/patients?name=zuleika+canary"),
        ("address", "/console/patients?mail=zuleika.canary%40home.example"),
    ],
)
def test_what_comes_out_by_a_side_door_is_heard(app: Flask, where: str, says: str) -> None:
    with canary.watching() as watch:
        short_clinic().patient(full_name=NAME, email=MAIL)
        if where == "log":
            logging.getLogger("tandem.test").error(says)
        else:
            app.test_client().get(says)

    assert [leak.partition(":")[0] for leak in watch.leaks()] == [where]


def test_a_traceback_in_the_log_is_heard(app: Flask) -> None:
    with canary.watching() as watch:
        short_clinic().patient(full_name=NAME)
        try:
            raise ValueError(NAME)  # noqa: TRY301 - as deep in some library
        except ValueError:
            logging.getLogger("tandem.test").exception("something failed")

    assert watch.leaks() == [f"log: {NAME!r}"]
