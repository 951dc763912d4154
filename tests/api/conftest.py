"""Two clinics full of people for whoever asks for `cast`."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask

    from tests.cast import Cast


@pytest.fixture
def cast(app: "Flask") -> "Cast":
    from tests.cast import everybody

    return everybody()
