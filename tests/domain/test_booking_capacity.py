"""Each rule once by itself: a plan that breaks exactly it, and one that only just stands."""

from dataclasses import replace
from datetime import date

import pytest

from server.domain.calendars import AvailabilityException
from server.domain.protocols import Part
from tests.domain.clinic import (
    BOOKABLES,
    VISITS,
    at,
    broken,
    calendar,
    chosen,
    claim,
    codes,
    hours,
    plan,
    proved,
    takes,
    visit,
)

CHAIRS, _, ON_SITE, TH_1 = BOOKABLES[:4]


def test_a_visit_claims_only_what_the_clinic_has():
    series = (*VISITS[:3], visit("infusion-2", takes("laser"), windows=VISITS[3].windows))
    broken(proved(visits=series), "infusion-2", "unknown-bookable", bookable="laser")


def test_credentials_last_until_their_last_day():
    def valid_until(last):
        return proved(None, calendar(th_1=replace(TH_1, usable_until=last)))

    broken(valid_until(date(2027, 5, 10)), "integration-1", "credential-expired", bookable="th-1")
    assert valid_until(date(2027, 5, 11)) == []


@pytest.mark.parametrize("start", ["07:45", "17:15", "20:00"])
def test_a_therapist_sees_nobody_outside_their_hours(start):
    found = proved(plan({"integration-1": f"2027-05-12 {start}"}))
    broken(found, "integration-1", "outside-hours", bookable="th-1", capacity=0)


@pytest.mark.parametrize("start", ["08:00", "17:00"])
def test_a_therapist_may_work_to_the_edges_of_their_hours(start):
    assert proved(plan({"integration-1": f"2027-05-12 {start}"})) == []


def test_a_holiday_closes_the_whole_day():
    shut = replace(CHAIRS, exceptions=(AvailabilityException(on=date(2027, 5, 13)),))
    broken(proved(None, calendar(chairs=shut)), "infusion-2", "outside-hours", bookable="chairs")


def test_a_chair_is_taken_until_it_is_ready_again():
    others = [claim("chairs", "2027-05-10 11:15", "2027-05-10 12:00") for _ in range(2)]
    found = proved(None, calendar(*others))
    broken(found, "infusion-1", "no-capacity", bookable="chairs", part="turnover", taken=2)
    assert found[0].facts["at"] == at("2027-05-10 11:15")
    assert proved(None, calendar(others[0])) == []


def test_nurses_are_counted_as_the_part_needs_them():
    one_in_infusion = claim("nurses", "2027-05-10 09:30", "2027-05-10 10:15")
    two_in_infusion = replace(one_in_infusion, units=2)
    assert proved(None, calendar(one_in_infusion)) == []
    found = proved(None, calendar(two_in_infusion))
    broken(found, "infusion-1", "no-capacity", needs=2, taken=2, capacity=3, part="infusion")
    two_in_observation = claim("nurses", "2027-05-10 10:15", "2027-05-10 12:00", 2)
    assert proved(None, calendar(two_in_observation)) == []


def test_the_plans_own_visits_take_capacity_from_each_other():
    session = (Part(name="session", minutes=60, with_patient=False, claims=(chosen("therapist"),)),)
    family_talk = visit("family-talk", parts=session)
    series = (*VISITS, family_talk)
    assert proved(plan({"family-talk": "2027-05-11 12:15"}), visits=series) == []
    found = proved(plan({"family-talk": "2027-05-11 12:00"}), visits=series)
    assert codes(found) == [("integration-1", "no-capacity"), ("family-talk", "no-capacity")]


def test_a_prescriber_on_site_is_needed_throughout_but_not_used_up():
    busy = [claim("on-site", "2027-05-10 09:00", "2027-05-10 12:00") for _ in range(5)]
    assert proved(None, calendar(*busy)) == []
    at_lunch = replace(
        ON_SITE,
        exceptions=(AvailabilityException(on=date(2027, 5, 10), opens=610, closes=640),),
    )
    found = proved(None, calendar(on_site=at_lunch))
    broken(found, "infusion-1", "nobody-on-site", bookable="on-site", part="infusion")
    assert found[0].facts["at"] == at("2027-05-10 10:10")
    in_observation = replace(
        ON_SITE,
        exceptions=(AvailabilityException(on=date(2027, 5, 10), opens=615, closes=700),),
    )
    assert proved(None, calendar(on_site=in_observation)) == []


def test_credentials_last_to_the_end_of_their_last_day():
    late = replace(TH_1, weekly=(hours(8, 24),), usable_until=date(2027, 5, 12))
    assert proved(plan({"integration-1": "2027-05-12 23:00"}), calendar(th_1=late)) == []


def test_a_claim_that_lasts_for_days_counts_on_each_of_them():
    leave = claim("th-1", "2027-05-08 00:00", "2027-05-15 00:00")
    broken(proved(None, calendar(leave)), "integration-1", "no-capacity", bookable="th-1", taken=1)
