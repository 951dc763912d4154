"""Each rule once by itself: a plan that breaks exactly it, and one that only just stands."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from server.domain.booking import breaches
from server.domain.placement import Placement
from shared.vocabulary import BookableKind
from tests.domain.clinic import (
    EVERY_DAY,
    NOW,
    SERIES,
    at,
    bookable,
    broken,
    calendar,
    hours,
    plan,
    proved,
)


@pytest.mark.parametrize(
    "text", ["2027-05-13T09:00", "0001-01-01T00:00+14:00", "9999-12-31T23:00Z"]
)
def test_a_time_that_is_no_instant_is_named_and_nothing_fails(text):
    placements = (
        *plan({"infusion-2": None}).placements,
        Placement(visit="infusion-2", starts_at=datetime.fromisoformat(text)),
    )
    broken(proved(plan(placements=placements)), "infusion-2", "not-an-instant")


@pytest.mark.parametrize("what", ["now", "not_before", "fixed"])
def test_a_naive_time_in_what_the_clinic_itself_says_is_an_error(what):
    naive = datetime.fromisoformat("2027-05-03T07:00")
    given = {
        "now": {},
        "not_before": {"not_before": naive},
        "fixed": {"fixed": {"evaluation": Placement(visit="evaluation", starts_at=naive)}},
    }
    series, now = replace(SERIES, **given[what]), naive if what == "now" else NOW
    with pytest.raises(ValueError, match="has no time zone"):
        breaches(series, plan(), calendar(), now=now)


def test_no_visit_begins_in_the_past():
    def proved_at(now):
        return breaches(SERIES, plan(), calendar(), now=now)

    broken(proved_at(at("2027-05-04 09:01")), "evaluation", "in-the-past")
    assert proved_at(at("2027-05-04 09:00")) == []


def test_no_visit_begins_before_the_clinic_plans():
    found = proved(not_before=at("2027-05-04 09:15"))
    broken(found, "evaluation", "too-soon", first_allowed_at=at("2027-05-04 09:15"))
    assert proved(not_before=at("2027-05-04 09:00")) == []


@pytest.mark.parametrize("start", ["09:05", "09:00:01", "09:00:00.000001", "09:07:30"])
def test_visits_begin_on_the_grid(start):
    found = proved(plan({"infusion-2": f"2027-05-13 {start}"}))
    broken(found, "infusion-2", "off-grid", grid_minutes=15, nearest_at=at("2027-05-13 09:00"))


def test_the_nearest_line_of_the_grid_may_be_the_next():
    found = proved(plan({"infusion-2": "2027-05-13 09:08"}))
    broken(found, "infusion-2", "off-grid", nearest_at=at("2027-05-13 09:15"))


def test_a_visit_ends_on_the_day_it_begins():
    night = calendar(th_1=bookable("th-1", BookableKind.THERAPIST, hours(0, 24, days=EVERY_DAY)))
    found = proved(plan({"integration-1": "2027-05-12 23:15"}), night)
    broken(found, "integration-1", "over-midnight", ends_at=at("2027-05-13 00:15"))
    assert proved(plan({"integration-1": "2027-05-12 23:00"}), night) == []


def test_no_visit_is_before_the_patient_is_ready():
    found = proved(ready_on=date(2027, 5, 5))
    broken(found, "evaluation", "before-ready", first_allowed_on=date(2027, 5, 5))
    assert proved(ready_on=date(2027, 5, 4)) == []


def test_no_visit_is_after_the_last_day_planned_for():
    broken(proved(last_day=date(2027, 5, 12)), "infusion-2", "after-last-day")
    assert proved(last_day=date(2027, 5, 13)) == []


def test_the_series_starts_by_its_day_whatever_comes_later():
    found = proved(start_by=date(2027, 5, 9))
    broken(found, "infusion-1", "after-start-by", last_allowed_on=date(2027, 5, 9))
    assert proved(start_by=date(2027, 5, 10)) == []
