"""Each rule once by itself: a plan that breaks exactly it, and one that only just stands."""

from dataclasses import replace

import pytest

from tests.domain.clinic import (
    TIMES,
    broken,
    placed,
    plan,
    proved,
)


@pytest.mark.parametrize("choices", [{}, {"therapist": "dr-b"}, {"therapist": "dr-a"}])
def test_the_therapist_is_one_of_those_open_to_the_patient(choices):
    broken(proved(plan(choices=choices)), None, "unknown-choice", choice="therapist")


def test_a_plan_makes_no_choice_that_the_protocol_does_not_have():
    choices = {"therapist": "th-1", "room": "r-1"}
    broken(proved(plan(choices=choices)), None, "unknown-choice", choice="room", chosen="r-1")


def test_a_choice_made_visit_by_visit_is_made_at_each():
    without = {"evaluation": {}}
    placements = tuple(replace(p, choices=without.get(p.visit, {})) for p in plan().placements)
    found = proved(plan(placements=placements))
    broken(found, "evaluation", "unknown-choice", choice="prescriber")
    assert "chosen" not in found[0].facts


def test_a_choice_made_for_one_visit_is_one_of_those_open_to_the_patient():
    placements = tuple(
        replace(p, choices={"prescriber": "on-site"}) if p.visit == "evaluation" else p
        for p in plan().placements
    )
    broken(proved(plan(placements=placements)), "evaluation", "unknown-choice", chosen="on-site")


@pytest.mark.parametrize(("here", "differs"), [("th-1", False), ("th-2", True)])
def test_a_kept_therapist_stays_the_same_for_the_whole_series(here, differs):
    placements = tuple(
        replace(p, choices={"therapist": here}) if p.visit == "integration-1" else p
        for p in plan().placements
    )
    found = proved(plan(placements=placements))
    if differs:
        broken(found, "integration-1", "kept-choice-differs", chosen="th-2", kept="th-1")
    else:
        assert found == []


def test_a_kept_choice_is_not_needed_where_no_visit_to_place_asks_for_it():
    fixed = {"integration-1": placed("integration-1", TIMES["integration-1"])}
    assert proved(plan({"integration-1": None}, choices={}), fixed=fixed) == []


def test_a_choice_per_visit_is_not_made_for_the_whole_series():
    choices = {"therapist": "th-1", "prescriber": "dr-a"}
    broken(proved(plan(choices=choices)), None, "unknown-choice", choice="prescriber")


def test_a_visit_makes_no_choice_that_the_protocol_does_not_have():
    candidates = {"therapist": ("th-1",), "prescriber": ("dr-a",), "room": ("r-1",)}
    placements = tuple(
        replace(p, choices={"prescriber": "dr-a", "room": "r-1"}) if p.visit == "evaluation" else p
        for p in plan().placements
    )
    found = proved(plan(placements=placements), candidates=candidates)
    broken(found, "evaluation", "unknown-choice", choice="room")
