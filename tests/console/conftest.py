"""Browsers signed in as any of the people of `cast`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.cast import Cast

Browser = Callable[[str], "FlaskClient"]


@pytest.fixture
def browser_of(app: "Flask", cast: "Cast") -> Browser:
    """A browser signed in as somebody of the cast."""
    from datetime import UTC, datetime

    from server.services.sign_ins import browser_sign_in

    def signed_in(name: str) -> "FlaskClient":
        user_id = cast.people[name].caller.user_id
        client = app.test_client()
        client.set_cookie("tandem", browser_sign_in.begin_for(user_id, now=datetime.now(UTC)))
        return client

    return signed_in
