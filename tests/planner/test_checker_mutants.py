"""For every rule of a plan and of a repair: at least ten broken ones, of several clinics, that the
checker must catch by that rule; and what stands just within the rules is no breach."""

from collections.abc import Callable, Iterator

import pytest

from tests.planner.mutant_rules import ALWAYS, REPAIRS
from tests.planner.mutants import Case, plans, repairs
from tests.planner.test_uncommon_clinics import clinic, visit

LEAST, OF_EACH = 10, 6
Breaker = Callable[[Case], Iterator[Case]]


def some(case: Case, breaker: Breaker) -> list[Case]:
    """A few of the ways to break a case, from all over it."""
    every = list(breaker(case))
    return every[:: max(1, len(every) // OF_EACH)]


def assert_caught(cases: tuple[Case, ...], rule: str, breaker: Breaker) -> None:
    broken = [some(case, breaker) for case in cases]
    for each in (one for ones in broken for one in ones):
        assert any(f"{rule}:" in line for line in each.breaches()), each.breaches()
    assert sum(map(len, broken)) >= LEAST
    assert sum(map(bool, broken)) >= 2, "more than one clinic"


def test_the_cases_hold_before_they_are_broken() -> None:
    for case in (*plans(), *repairs()):
        assert case.breaches() == []
    assert {str(each.zone) for each in repairs()} >= {
        "America/New_York",
        "Australia/Lord_Howe",
        "Europe/Berlin",
    }


@pytest.mark.parametrize("rule", ALWAYS)
def test_ten_broken_plans_are_caught_by_every_rule(rule: str) -> None:
    assert_caught(plans(), rule, ALWAYS[rule])


@pytest.mark.parametrize("rule", REPAIRS)
def test_ten_broken_repairs_are_caught_by_every_rule(rule: str) -> None:
    assert_caught(repairs(), rule, REPAIRS[rule])


def two_in_a_room(starts: tuple[str, str]) -> Case:
    """Two patients in one room, the first of them booked; both for an hour."""
    content = clinic("UTC", "2027-01-11", [visit("a", 60)], "09:00", "17:00")
    content["patients"].append(content["patients"][0] | {"id": "p-2"})
    series = [
        {"patient": f"p-{n}", "choices": {}, "visits": {"a": {"start": start, "choices": {}}}}
        for n, start in enumerate(starts, start=1)
    ]
    content["booked"] = [series[0] | {"frozen": []}]
    sums = dict.fromkeys(("unplaced", "delay", "choice", "preference", "moves"), 0)
    body = {"format": "tandem.plan/1", "scenario": "odd", "series": series, "unplaced": []}
    return Case(content, body | {"cost": 0, "cost_parts": sums}, "plan")


def test_half_a_minute_of_two_in_one_room_is_too_much() -> None:
    case = two_in_a_room(("2027-01-11T09:59:30Z", "2027-01-11T09:00:00Z"))

    assert [line[:13] for line in case.breaches()] == ["p-2 a capacit"]


def test_one_may_come_when_the_other_leaves() -> None:
    assert two_in_a_room(("2027-01-11T10:00:00Z", "2027-01-11T09:00:00Z")).breaches() == []


def test_names_that_read_alike_are_not_taken_for_each_other() -> None:
    """Patient "p 1" at visit "a", booked off the hours, is not patient "p" at "1 a"."""
    case = two_in_a_room(("2027-01-11T18:00:00Z", "2027-01-11T09:00:00Z"))
    case.content["protocols"].append(
        {"id": "q", "start_visit": "1 a", "visits": [visit("1 a", 60)]}
    )
    for each in (case.content["patients"], case.body["series"], case.content["booked"]):
        each[0]["patient" if "patient" in each[0] else "id"] = "p 1"
    case.content["patients"][1] |= {"id": "p", "protocol": "q"}
    case.body["series"][1] |= {"patient": "p"}
    case.body["series"][1]["visits"] = {"1 a": case.body["series"][1]["visits"]["a"]}

    assert case.breaches() == []


def test_nobody_becomes_somebodys_therapist_for_visits_that_are_over() -> None:
    """Whoever is kept for visits that all are frozen may stay, but nobody else takes over."""
    case = two_in_a_room(("2027-01-11T09:00:00Z", "2027-01-11T10:00:00Z"))
    case.reading = "repair"
    case.content["patients"].pop()
    case.body["series"].pop()
    talk = visit("a", 60, who="") | {"parts": [{"name": "talk", "minutes": 60, "claims": [CLAIM]}]}
    case.content["protocols"][0] |= {"visits": [talk], "choices": [{"name": "who", "kept": True}]}
    case.content["patients"][0]["choices"] = {"who": ["room"]}
    for one in (case.content["booked"][0], case.body["series"][0]):
        one["choices"] = {"who": "room"}
    case.content["booked"][0]["frozen"] = ["a"]
    assert case.breaches() == []

    case.body["series"][0]["choices"] = {"who": "ghost"}
    case.body |= {"cost": 50, "cost_parts": case.body["cost_parts"] | {"moves": 50}}

    assert case.breaches() == ["p-1 choice: ghost may not be chosen as who"]


CLAIM = {"choice": "who"}
