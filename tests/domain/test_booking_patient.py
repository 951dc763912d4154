"""Each rule once by itself: a plan that breaks exactly it, and one that only just stands."""

from dataclasses import replace
from datetime import date

import pytest

from server.domain.calendars import Busy, PatientTimes
from tests.domain.clinic import (
    VISITS,
    at,
    broken,
    hours,
    plan,
    proved,
)


def test_a_patient_is_at_one_of_the_plans_visits_at_a_time():
    loose = replace(VISITS[2], windows=())
    series = (*VISITS[:2], loose, VISITS[3])
    assert proved(plan({"integration-1": "2027-05-10 11:15"}), visits=series) == []
    found = proved(plan({"integration-1": "2027-05-10 11:00"}), visits=series)
    broken(found, "integration-1", "patient-double-booked", other="infusion-1")


@pytest.mark.parametrize(
    ("word", "starts", "ends", "overlaps"),
    [
        ("before", "10:00", "11:00", False),
        ("until", "10:00", "11:15", False),
        ("into", "10:00", "11:30", True),
        ("across", "10:00", "13:00", True),
        ("same", "11:15", "12:15", True),
        ("within", "11:30", "12:00", True),
        ("out of", "12:00", "13:00", True),
        ("from", "12:15", "13:00", False),
        ("after", "12:30", "13:00", False),
    ],
)
def test_another_appointment_of_the_patient_overlaps_the_integration(word, starts, ends, overlaps):
    busy = Busy(starts_at=at(f"2027-05-11 {starts}"), ends_at=at(f"2027-05-11 {ends}"))
    found = proved(patient=PatientTimes(busy=(busy,)))
    if overlaps:
        broken(found, "integration-1", "patient-double-booked", starts_at=busy.starts_at)
    else:
        assert found == []


def test_turnover_needs_no_patient():
    busy = Busy(starts_at=at("2027-05-10 11:15"), ends_at=at("2027-05-10 12:00"))
    assert proved(patient=PatientTimes(busy=(busy,))) == []


def test_visits_lie_in_the_hours_the_patient_can_come():
    def when(opens, closes):
        return PatientTimes(weekly=(hours(opens, closes),))

    assert proved(plan({"infusion-2": "2027-05-13 09:45"}), patient=when(9, 13)) == []
    found = proved(plan({"infusion-2": "2027-05-13 11:00"}), patient=when(9, 13))
    broken(found, "infusion-2", "patient-unavailable", part="observation", away=False)
    assert found[0].facts["at"] == at("2027-05-13 13:00")


def test_a_patient_who_is_away_is_away_all_day():
    away = PatientTimes(away=frozenset({date(2027, 5, 13)}))
    broken(proved(patient=away), "infusion-2", "patient-unavailable", away=True)


def test_no_hours_at_all_means_never_and_none_given_means_always():
    assert {each.code for each in proved(patient=PatientTimes(weekly=()))} == {
        "patient-unavailable"
    }
    assert proved(patient=PatientTimes(weekly=None)) == []
