from dataclasses import replace
from datetime import date

import pytest

from server.domain.breaches import Breach, BreachCode, Refused, length, sentence
from server.domain.calendars import Busy, PatientTimes
from tests.domain.clinic import (
    BOOKABLES,
    VISITS,
    at,
    calendar,
    claim,
    days,
    plan,
    proved,
)


def said(found):
    return [sentence(each) for each in found]


@pytest.mark.parametrize("code", BreachCode)
def test_every_rule_has_a_sentence_even_where_its_facts_are_lost(code):
    spoken = sentence(Breach(code=code))
    assert spoken.endswith(".")
    assert spoken[0].isupper()
    assert "None" not in spoken


@pytest.mark.parametrize("code", BreachCode)
def test_every_code_is_kebab_case(code):
    assert code == code.lower().replace("_", "-")


def test_a_rule_from_elsewhere_is_still_said():
    assert sentence(Breach(code="no-escort", visit="infusion-2")) == (
        "Infusion 2 breaks the rule no-escort."
    )


def test_an_integration_too_early_is_told_by_how_much_and_when_it_may_be():
    assert said(proved(plan({"integration-1": "2027-05-11 09:00"}))) == [
        (
            "Integration 1 is 2 hours 15 minutes too early: it belongs 24-72 hours after "
            "the end of infusion 1; first allowed Tue 11 May 11:15."
        )
    ]


def test_an_infusion_too_late_is_told_the_last_day_allowed():
    assert said(proved(plan({"infusion-2": "2027-05-17 09:00"}))) == [
        (
            "Infusion 2 is 2 days too late: it belongs 2-5 days after infusion 1; "
            "last allowed Sat 15 May."
        )
    ]


@pytest.mark.parametrize(
    ("opens", "closes", "rule"),
    [
        (-14, -3, "3-14 days before infusion 1"),
        (None, -3, "at least 3 days before infusion 1"),
        (5, None, "at least 5 days after infusion 1"),
        (None, 0, "at most 0 days after infusion 1"),
        (-20, -7.5, "7.5-20 days before infusion 1"),
        (-3, 0, "0-3 days before infusion 1"),
    ],
)
def test_windows_are_said_on_the_side_of_their_anchor(opens, closes, rule):
    facts = {"anchor": "infusion-1", "unit": "days", "opens": opens, "closes": closes}
    spoken = sentence(Breach(code=BreachCode.OUTSIDE_WINDOW, visit="evaluation", facts=facts))
    assert f"it belongs {rule};" in spoken


def test_a_window_around_its_anchor_names_both_sides():
    series = (*VISITS[:3], replace(VISITS[3], windows=(days("evaluation", -3, 3),)))
    assert "-3 to 3 days after evaluation; last allowed Fri 7 May" in said(proved(visits=series))[0]


def test_what_is_full_says_how_full_and_what_was_needed():
    others = claim("nurses", "2027-05-10 09:30", "2027-05-10 10:15", 2)
    assert said(proved(None, calendar(others))) == [
        "Nurses: 2 of 3 taken at Mon 10 May 09:30, and infusion of infusion 1 needs 2."
    ]


def test_people_are_called_by_their_title_not_their_id():
    last = date(2027, 5, 7)
    robin = replace(BOOKABLES[3], title="Robin Okafor", usable_until=last)
    assert said(proved(None, calendar(th_1=robin))) == [
        "The credentials of Robin Okafor end on Fri 7 May, before integration 1 on Tue 11 May."
    ]
    titled = replace(BOOKABLES[5], title="Dr Ada Example")
    assert said(proved(plan(choices={"therapist": "dr-a"}), calendar(dr_a=titled))) == [
        "Dr Ada Example is not open to this patient as therapist for the series."
    ]


def test_the_patients_own_reasons_are_said_without_a_name():
    busy = Busy(starts_at=at("2027-05-11 12:00"), ends_at=at("2027-05-11 13:00"))
    patient = PatientTimes(busy=(busy,), away=frozenset({date(2027, 5, 13)}))
    assert said(proved(patient=patient)) == [
        (
            "During integration 1 the patient has another appointment, "
            "from Tue 11 May 12:00 to Tue 11 May 13:00."
        ),
        "The patient is away at Thu 13 May 09:00, during infusion 2.",
    ]


def test_a_start_off_the_grid_is_shown_the_nearest_line():
    assert said(proved(plan({"infusion-2": "2027-05-13 09:05"}))) == [
        (
            "Infusion 2 at Thu 13 May 09:05 does not begin on the clinic's 15-minute grid. "
            "The nearest is Thu 13 May 09:00."
        )
    ]


def test_a_missing_choice_is_said_as_one():
    assert said(proved(plan(choices={}))) == ["Nobody is chosen as therapist for the series."]


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (1, "days", "1 day"),
        (2.5, "days", "2.5 days"),
        (1, "hours", "1 hour"),
        (0.25, "hours", "15 minutes"),
        (25 / 60, "hours", "25 minutes"),
        (1 / 3600, "hours", "1 minute"),
        (26.5, "hours", "26 hours 30 minutes"),
        (59.99 / 60, "hours", "1 hour"),
    ],
)
def test_lengths_are_said_as_people_say_them(amount, unit, words):
    assert length(amount, unit) == words


def test_a_refusal_names_its_codes_and_keeps_its_breaches():
    breaches = [Breach(code="stale"), Breach(code="on-hold"), Breach(code="stale")]
    assert str(Refused(breaches)) == "on-hold, stale"
    assert Refused(breaches).breaches == tuple(breaches)
