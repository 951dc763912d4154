"""Each rule once by itself: a plan that breaks exactly it, and one that only just stands."""

from dataclasses import replace
from datetime import UTC, date
from types import MappingProxyType

from server.domain.breaches import Refused
from server.domain.calendars import PatientTimes
from server.domain.placement import SeriesPlan
from shared.vocabulary import VisitKind
from tests.domain.clinic import (
    CHOICES,
    NEW_YORK,
    NOW,
    VISITS,
    calendar,
    claim,
    codes,
    plan,
    proved,
)


def test_a_plan_that_keeps_every_rule_stands():
    assert proved() == []


def test_every_broken_rule_is_named_not_just_the_first():
    wrong = plan(
        {"evaluation": "2027-05-01 09:05", "infusion-2": "2027-05-10 09:00", "integration-1": None},
        choices={"therapist": "th-9"},
    )
    found = proved(wrong, patient=PatientTimes(away=frozenset({date(2027, 5, 10)})))
    assert {each.code for each in found} == {
        *("in-the-past", "off-grid", "before-ready", "outside-hours", "missing-visit"),
        *("outside-window", "patient-unavailable", "patient-double-booked", "no-capacity"),
        "unknown-choice",
    }


def test_breaches_come_in_the_order_of_the_protocol():
    found = proved(plan({"infusion-2": "2027-05-11 13:05", "evaluation": "2027-05-04 09:05"}))
    assert codes(found) == [
        ("evaluation", "off-grid"),
        ("infusion-2", "off-grid"),
        ("infusion-2", "outside-window"),
    ]


def test_a_claim_written_in_another_zone_is_the_same_claim():
    there = claim("th-1", "2027-05-11 11:15", "2027-05-11 12:15")
    elsewhere = replace(
        there, starts_at=there.starts_at.astimezone(UTC), ends_at=there.ends_at.astimezone(UTC)
    )
    assert proved(None, calendar(there)) == proved(None, calendar(elsewhere)) != []


def test_facts_name_nobody_and_show_the_clinics_own_clock():
    found = proved(plan({"integration-1": "2027-05-11 11:00"}))
    assert found[0].facts["starts_at"].tzinfo is NEW_YORK


def test_a_refusal_carries_every_breach():
    found = proved(plan({"infusion-2": None, "evaluation": None}))
    refused = Refused(found)
    assert refused.breaches == tuple(found)
    assert str(refused) == "missing-visit"


def test_the_plan_is_read_and_never_written_to():
    frozen = SeriesPlan(
        placements=plan().placements, choices=MappingProxyType({"therapist": "th-1"})
    )
    assert proved(frozen) == []
    assert (VISITS[0].kind, CHOICES[0].kept, NOW.tzinfo) == (VisitKind.SCREENING, True, NEW_YORK)
