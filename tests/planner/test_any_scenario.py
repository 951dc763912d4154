"""Whatever a scenario holds: the plan holds, its bound is below it, and so after a bad morning."""

import copy
import json
from random import Random
from typing import Any

import pytest

from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.clinic.proposing import Proposer
from server.planner.files.questions import demand_of, repair_demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.writing import plan_body, repair_body
from server.planner.place import best_plans
from server.planner.plan import plan
from server.planner.repair import repair
from tests.planner.any_scenario import PLACES, AnyScenario

SEEDS = range(80)


def as_written(body: dict[str, object]) -> Any:
    return json.loads(json.dumps(body))


def test_every_zone_and_every_grid_is_among_them() -> None:
    contents = [AnyScenario(seed).content for seed in SEEDS]

    assert {each["time_zone"] for each in contents} == {zone for zone, *_ in PLACES}
    for zone, *_ in PLACES:
        grids = {each["grid_minutes"] for each in contents if each["time_zone"] == zone}
        assert grids == {5, 15, 30, 60}
    assert {len(each["patients"]) for each in contents} == set(range(1, 9))


@pytest.mark.parametrize("seed", SEEDS)
def test_any_plan_holds_and_is_not_below_its_bound(seed: int) -> None:
    asked = read_scenario(AnyScenario(seed).content)

    found = plan(demand_of(asked), steps=3)

    body = as_written(plan_body(asked, found, {}))
    assert violations(asked, read_plan(body)) == []
    assert found.lower_bound is not None
    assert found.lower_bound <= found.cost


@pytest.mark.parametrize("seed", SEEDS)
def test_any_proposal_is_what_the_complete_search_ranks(seed: int) -> None:
    demand = demand_of(read_scenario(AnyScenario(seed).content))
    proposer = Proposer(demand)

    for number, one in enumerate(demand.demands):
        proposed = proposer.best_plans(number, 2)

        ranked = best_plans(one.series, demand.calendar, weights=demand.weights, count=2)
        assert [each.cost for each in proposed] == [each.cost for each in ranked]


@pytest.mark.parametrize("seed", SEEDS)
def test_any_repair_holds_and_what_was_whole_stays(seed: int) -> None:
    content = AnyScenario(seed).content
    asked = read_scenario(content)
    whole = as_written(plan_body(asked, plan(demand_of(asked), steps=1), {}))
    booked = [{**each, "frozen": []} for each in whole["series"]]
    content["booked"] = booked
    assert repair(repair_demand_of(read_scenario(content)), steps=2).cost == 0

    broken = _a_bad_morning(content, seed)

    found = repair(repair_demand_of(broken), steps=4)
    body = as_written(repair_body(broken, found, {}))
    assert violations(broken, read_plan(body), "repair") == []
    assert found.lower_bound is not None
    assert found.lower_bound <= found.cost


def _a_bad_morning(content: Any, seed: int) -> Any:
    """Something is closed on the day of some visit; perhaps it is that very moment."""
    random, broken = Random(seed), copy.deepcopy(content)
    starts = [at["start"] for each in broken["booked"] for at in each["visits"].values()]
    if starts:
        at = random.choice(starts)
        random.choice(broken["bookables"])["exceptions"].append({"day": at[:10], "capacity": 0})
        broken["now"] = random.choice((at, broken["now"]))
        random.choice(broken["booked"])["frozen"] = ["v0"]
    return read_scenario(broken)
