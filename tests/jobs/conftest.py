"""A clinic with reminders, and a real mail server to send them to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.jobs.mail_server import Postbox, mail_server

if TYPE_CHECKING:
    from flask import Flask

    from tests.jobs.a_post import Post


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def post(app: "Flask", postbox: Postbox) -> "Post":
    """The outbox of a small clinic, sent to the mail server by hand."""
    from tests.jobs.a_post import Post

    return Post(app=app, box=postbox)
