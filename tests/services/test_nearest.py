"""A refused wish is answered with the nearest time that books."""

from datetime import timedelta

import pytest
from flask import Flask

from server.services.booking import booking, moves
from server.services.booking.moves import Wish
from server.services.planning import nearest
from tests.services.a_series import NOW, ShortClinic, short_clinic
from tests.services.test_moves import live


@pytest.fixture
def clinic(app: Flask) -> ShortClinic:
    return short_clinic()


def test_the_nearest_time_is_allowed_and_none_is_nearer(clinic: ShortClinic) -> None:
    series_id = clinic.enrolled()
    booking.book(clinic.by, series_id, clinic.plan(), expected_version=None, now=NOW)
    row = live(series_id)["session-2"]
    first = live(series_id)["infusion-2"].ends_at + timedelta(hours=24)
    wish = Wish(starts_at=first - timedelta(hours=3), choices={})

    found = nearest.allowed(clinic.by, row.id, wish, now=NOW)

    assert found == first, "a session is due 24 hours after its infusion"
    shown = moves.preview(clinic.by, row.id, Wish(starts_at=found, choices={}), now=NOW)
    assert [each["visit"] for each in shown.body["visits"]] == ["session-2"]


def test_the_present_time_is_no_answer(clinic: ShortClinic) -> None:
    series_id = clinic.enrolled()
    booking.book(clinic.by, series_id, clinic.plan(), expected_version=None, now=NOW)
    row = live(series_id)["session-1"]

    found = nearest.allowed(clinic.by, row.id, Wish(starts_at=row.starts_at, choices={}), now=NOW)

    assert abs(found - row.starts_at) == timedelta(minutes=15)


def test_where_nothing_is_allowed_nearby_none_is_named(clinic: ShortClinic) -> None:
    series_id = clinic.enrolled()
    booking.book(clinic.by, series_id, clinic.plan(), expected_version=None, now=NOW)
    row = live(series_id)["infusion-1"]
    wish = Wish(starts_at=row.starts_at + timedelta(days=40), choices={})

    assert nearest.allowed(clinic.by, row.id, wish, now=NOW) is None
