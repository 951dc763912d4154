"""The checker catches every rule that a repair can break; ten broken repairs for each rule."""

import copy
from typing import Any

import pytest

from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.files.reading import read_scenario
from tests.planner.test_repair import booked, closed, day_of, repaired

Json = dict[str, Any]


@pytest.fixture(scope="module")
def mornings() -> list[tuple[Json, Json]]:
    """Ten broken mornings, each with its repair."""
    found = []
    for seed in range(1, 11):
        content = booked(patients=4, seed=seed)
        broken = closed(content, "chairs", day_of(content, 1, "infusion-2"))
        broken["now"] = f"{day_of(content, 1, 'evaluation')}T20:00:00-05:00"
        broken["booked"][0]["frozen"] = ["evaluation"]
        if seed % 2:
            therapist = broken["booked"][2]["choices"]["therapist"]
            one = next(each for each in broken["bookables"] if each["id"] == therapist)
            one["exceptions"] = [{"day": day_of(content, 2, "integration-2"), "capacity": 0}]
        found.append((broken, repaired(broken)[1]))
    return found


def breaches(content: Json, body: Json) -> list[str]:
    return violations(read_scenario(content), read_plan(body), "repair")


def test_every_repair_holds(mornings: list[tuple[Json, Json]]) -> None:
    for content, body in mornings:
        assert breaches(content, body) == []
        assert violations(read_scenario(content), read_plan(body)) == []


def last_visit(content: Json, body: Json, code: str = "integration-3") -> Json:
    """A visit of the last series that is still to come."""
    one: Json = body["series"][-1]["visits"][code]
    return one


def start(one: Json, at: str) -> None:
    one["start"] = at


def swap_therapist(content: Json, body: Json) -> None:
    """The other therapist, whoever has time."""
    choices = body["series"][-1]["choices"]
    choices["therapist"] = "th-2" if choices["therapist"] == "th-1" else "th-1"


def unlist(content: Json, body: Json) -> None:
    body["series"].pop()


def list_twice(content: Json, body: Json) -> None:
    body["series"].append(body["series"][0])


def give_up(content: Json, body: Json) -> None:
    """A series is given up that costs nothing to keep; the sums are not told."""
    body["unplaced"].append({"patient": body["series"].pop()["patient"], "reasons": []})


def move_the_frozen(content: Json, body: Json) -> None:
    frozen = next(each for each in body["series"] if each["patient"] == "p-0")
    frozen["visits"]["evaluation"]["start"] = "2027-05-12T09:00:00-04:00"


def close_the_chairs(content: Json, body: Json) -> None:
    day = last_visit(content, body, "infusion-3")["start"][:10]
    content["bookables"][0].setdefault("exceptions", []).append({"day": day, "capacity": 0})


def crowd_the_therapist(content: Json, body: Json) -> None:
    other = next(each for each in body["series"][:-1] if each["patient"] != "p-0")
    last = body["series"][-1]
    last["choices"] = dict(other["choices"])
    last["visits"]["integration-3"]["start"] = other["visits"]["integration-3"]["start"]


def keep_away(content: Json, body: Json) -> None:
    day = last_visit(content, body)["start"][:10]
    patient = body["series"][-1]["patient"]
    one = next(each for each in content["patients"] if each["id"] == patient)
    one["away"] = [day]


def too_late_a_start(content: Json, body: Json) -> None:
    patient = body["series"][-1]["patient"]
    one = next(each for each in content["patients"] if each["id"] == patient)
    one["start_by"] = one["ready_on"]
    content["now"] = "2027-03-01T07:00:00-05:00"
    last_visit(content, body, "infusion-1")["start"] = "2027-05-13T09:00:00-04:00"


MUTANTS = {
    "grid": lambda c, b: start(last_visit(c, b), "2027-05-12T09:07:00-04:00"),
    "days": lambda c, b: start(last_visit(c, b), "2027-06-12T09:00:00-04:00"),
    "now": lambda c, b: start(last_visit(c, b), "2027-02-12T09:00:00-05:00"),
    "ready-on": lambda c, b: start(last_visit(c, b), "2027-03-01T23:00:00-05:00"),
    "start-by": too_late_a_start,
    "one-day": lambda c, b: start(last_visit(c, b), "2027-05-12T23:30:00-04:00"),
    "window": lambda c, b: start(last_visit(c, b), "2027-05-12T10:00:00-04:00"),
    "overlap": lambda c, b: start(last_visit(c, b), last_visit(c, b, "infusion-3")["start"]),
    "patient-hours": keep_away,
    "capacity": close_the_chairs,
    "cost": swap_therapist,
    "choice": lambda _, b: b["series"][-1]["choices"].update(therapist="dr-a"),
    "missing": lambda _, b: b["series"][-1]["visits"].pop("infusion-3"),
    "unknown": lambda c, b: b["series"][-1]["visits"].update(booster=last_visit(c, b)),
    "frozen": move_the_frozen,
    "listed": unlist,
}


@pytest.mark.parametrize("rule", sorted(MUTANTS))
@pytest.mark.parametrize("number", range(10))
def test_a_broken_repair_is_caught_by_rule(
    mornings: list[tuple[Json, Json]], rule: str, number: int
) -> None:
    content, body = copy.deepcopy(mornings[number])

    MUTANTS[rule](content, body)

    assert any(f" {rule}:" in line for line in breaches(content, body))


@pytest.mark.parametrize("change", [list_twice, give_up, crowd_the_therapist])
@pytest.mark.parametrize("number", range(10))
def test_other_broken_repairs_are_caught_too(
    mornings: list[tuple[Json, Json]], change: Any, number: int
) -> None:
    content, body = copy.deepcopy(mornings[number])

    change(content, body)

    assert breaches(content, body)


@pytest.mark.parametrize("number", range(10))
def test_a_repair_places_nobody_new(mornings: list[tuple[Json, Json]], number: int) -> None:
    content, body = copy.deepcopy(mornings[number])
    content["booked"] = [each for each in content["booked"] if each["patient"] != "p-3"]

    assert "p-3 booked: was not booked, and a repair places nobody new" in breaches(content, body)


@pytest.mark.parametrize("part", ["unplaced", "delay", "choice", "preference", "moves"])
@pytest.mark.parametrize("wrong", [-1, 1])
def test_wrong_sums_of_a_repair_are_caught(
    mornings: list[tuple[Json, Json]], part: str, wrong: int
) -> None:
    content, body = copy.deepcopy(mornings[0])
    body["cost_parts"][part] += wrong

    assert any(line.startswith("plan cost: ") for line in breaches(content, body))


def test_what_is_wrong_with_the_past_alone_is_not_counted() -> None:
    content = booked(patients=2)
    content["now"] = f"{day_of(content, 1, 'infusion-1')}T20:00:00-04:00"
    content["bookables"][3]["weekly"] = []  # nobody can evaluate any more, but all were

    found, body = repaired(content)

    past = "evaluation" in content["booked"][0]["visits"]
    assert past
    assert breaches(content, body) == []
    assert found.unplaced in {(), ("p-0",), ("p-1",)}
