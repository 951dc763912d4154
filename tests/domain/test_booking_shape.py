"""Each rule once by itself: a plan that breaks exactly it, and one that only just stands."""

from dataclasses import replace
from datetime import datetime

from server.domain.placement import Placement
from server.domain.protocols import Part
from tests.domain.clinic import (
    TIMES,
    VISITS,
    broken,
    codes,
    days,
    hours_after_end,
    infusion,
    placed,
    plan,
    proved,
    visit,
)


def test_a_series_is_placed_whole():
    broken(proved(plan({"infusion-2": None})), "infusion-2", "missing-visit")


def test_a_visit_that_stays_where_it_is_need_not_be_placed():
    fixed = {"infusion-2": placed("infusion-2", TIMES["infusion-2"])}
    assert proved(plan({"infusion-2": None}), fixed=fixed) == []


def test_a_plan_places_no_visit_the_series_does_not_have():
    broken(proved(plan({"infusion-9": "2027-05-20 09:00"})), "infusion-9", "unknown-visit")


def test_a_visit_takes_place_once():
    twice = plan()
    again = placed("infusion-2", "2027-05-14 09:00")
    twice = replace(twice, placements=(again, *twice.placements))
    broken(proved(twice), "infusion-2", "visit-twice", times=2)


def test_a_plan_does_not_move_what_must_stay():
    fixed = {"infusion-2": placed("infusion-2", TIMES["infusion-2"])}
    broken(proved(fixed=fixed), "infusion-2", "visit-is-fixed")


def test_a_booster_waits_for_the_prescriber():
    booster = infusion("booster", days("infusion-2", 20, 40), awaits_decision=True)
    series = (*VISITS, booster)
    assert proved(visits=series) == []
    too_eager = plan({"booster": "2027-06-09 09:00"})
    broken(proved(too_eager, visits=series), "booster", "awaits-decision")


def test_what_hangs_on_an_undecided_booster_waits_with_it():
    booster = infusion("booster", days("infusion-2", 20, 40), awaits_decision=True)
    after = visit("integration-9", windows=(hours_after_end("booster", 24, 72),))
    later = visit("check-in-9", windows=(days("integration-9", 1, 1),))
    series = (*VISITS, booster, after, later)
    assert proved(visits=series) == []
    alone = plan({"integration-9": "2027-06-10 13:00"})
    broken(proved(alone, visits=series[:-1]), "integration-9", "anchor-missing", anchor="booster")


def test_a_visit_whose_anchor_is_missing_too_is_not_blamed_for_it():
    found = proved(plan({"infusion-1": None}))
    assert codes(found) == [("infusion-1", "missing-visit")]


def test_a_part_without_a_length_cannot_be_booked():
    series = (
        *VISITS[:3],
        replace(VISITS[3], parts=(*VISITS[3].parts, Part(name="x", minutes=None))),
    )
    broken(proved(visits=series), "infusion-2", "length-not-set", part="x")


def test_where_a_visit_has_a_time_and_a_time_that_is_none_the_first_is_proved():
    naive = Placement(visit="infusion-2", starts_at=datetime.fromisoformat("2027-05-13T09:00"))
    found = proved(replace(plan(), placements=(naive, *plan().placements)))
    assert codes(found) == [("infusion-2", "visit-twice"), ("infusion-2", "not-an-instant")]


def test_a_fixed_visit_that_the_plan_moves_is_proved_where_it_stays():
    fixed = {"infusion-2": placed("infusion-2", TIMES["infusion-2"])}
    broken(
        proved(plan({"infusion-2": "2027-06-20 03:10"}), fixed=fixed),
        "infusion-2",
        "visit-is-fixed",
    )
