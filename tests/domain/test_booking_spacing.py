"""Each rule once by itself: a plan that breaks exactly it, and one that only just stands."""

from dataclasses import replace
from datetime import date

import pytest

from tests.domain.clinic import (
    BOOKABLES,
    EVERY_DAY,
    TIMES,
    VISITS,
    at,
    broken,
    calendar,
    hours,
    placed,
    plan,
    proved,
)


def test_integration_is_no_sooner_than_24_hours_after_the_patient_left_the_infusion():
    found = proved(plan({"integration-1": "2027-05-11 11:00"}))
    broken(found, "integration-1", "outside-window", too="early", by=0.25)
    assert found[0].facts["nearest_at"] == at("2027-05-11 11:15")
    assert proved(plan({"integration-1": "2027-05-11 11:15"})) == []


def test_integration_is_no_later_than_72_hours_after_the_infusion():
    free = calendar()
    later = {"infusion-2": "2027-05-14 09:00"}
    assert proved(plan({"integration-1": "2027-05-13 11:15"} | later), free) == []
    found = proved(plan({"integration-1": "2027-05-13 11:30"} | later), free)
    broken(found, "integration-1", "outside-window", too="late", by=0.25)
    assert found[0].facts["nearest_at"] == at("2027-05-13 11:15")


@pytest.mark.parametrize(
    ("when", "too", "by", "nearest"),
    [
        ("2027-05-11 13:00", "early", 1, date(2027, 5, 12)),
        ("2027-05-17 09:00", "late", 2, date(2027, 5, 15)),
    ],
)
def test_infusions_keep_their_gap_in_days(when, too, by, nearest):
    found = proved(plan({"infusion-2": when}))
    broken(found, "infusion-2", "outside-window", too=too, by=by, nearest_on=nearest)


def test_infusions_may_be_at_the_first_and_the_last_day_of_their_gap():
    open_all_week = {
        each.id.replace("-", "_"): replace(
            each, weekly=(hours(capacity=each.weekly[0].capacity, days=EVERY_DAY),)
        )
        for each in BOOKABLES
    }
    for on in ("12", "15"):
        moved = plan({"infusion-2": f"2027-05-{on} 08:00"})
        assert proved(moved, calendar(**open_all_week)) == []


def test_a_visit_that_stays_keeps_its_window_to_one_that_moves():
    fixed = {"integration-1": placed("integration-1", TIMES["integration-1"])}
    moved = {"integration-1": None, "infusion-1": "2027-05-10 08:30"}
    assert proved(plan(moved), fixed=fixed) == []
    found = proved(plan(moved | {"infusion-1": "2027-05-10 09:15"}), fixed=fixed)
    broken(found, "integration-1", "outside-window", anchor="infusion-1")


def test_what_two_visits_that_stay_break_between_them_is_no_fault_of_the_plan():
    fixed = {
        "infusion-1": placed("infusion-1", TIMES["infusion-1"]),
        "integration-1": placed("integration-1", "2027-05-10 12:00"),
    }
    assert proved(plan(dict.fromkeys(fixed)), fixed=fixed) == []


def test_visits_kept_on_different_days_may_share_no_date():
    apart = replace(VISITS[2], never_same_day_as=("infusion-2",))
    series = (*VISITS[:2], apart, VISITS[3])
    shared = {"integration-1": "2027-05-12 08:00", "infusion-2": "2027-05-12 09:00"}
    assert proved(plan(shared)) == []
    found = proved(plan(shared), visits=series)
    broken(found, "infusion-2", "same-day", other="integration-1", on=date(2027, 5, 12))
    assert proved(visits=series) == []


def test_a_whole_family_may_be_kept_on_other_days():
    apart = replace(VISITS[2], never_same_day_as=("infusion",))
    series = (*VISITS[:2], apart, VISITS[3])
    shared = plan({"integration-1": "2027-05-13 11:15", "infusion-2": "2027-05-13 08:00"})
    broken(proved(shared, visits=series), "integration-1", "same-day", other="infusion-2")


def test_either_of_two_visits_may_say_that_they_are_kept_apart():
    shared = plan({"integration-1": "2027-05-12 08:00", "infusion-2": "2027-05-12 09:00"})
    for one in (2, 3):
        other = VISITS[5 - one].code
        series = list(VISITS)
        series[one] = replace(VISITS[one], never_same_day_as=(other,))
        broken(proved(shared, visits=tuple(series)), "infusion-2", "same-day")


def test_a_fixed_visit_may_hang_on_one_that_is_not_planned_any_more():
    fixed = {"integration-1": placed("integration-1", TIMES["integration-1"])}
    loose = replace(VISITS[3], windows=())
    left = {"integration-1": None, "infusion-1": None}
    assert proved(plan(left), fixed=fixed, visits=(VISITS[0], VISITS[2], loose)) == []
