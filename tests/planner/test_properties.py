"""What must hold of every scenario, however it is drawn."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from server.planner.clinic.proposing import Proposer
from server.planner.files.questions import demand_of, repair_demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.writing import plan_body, repair_body
from server.planner.plan import plan
from server.planner.repair import repair
from tests.planner.any_scenario import AnyScenario
from tests.planner.commands import as_booked

SEEDS = range(40)
WEEK = timedelta(days=7)


def proposed_costs(content: Any) -> list[int | None]:
    """What the best plan of each patient costs, None where there is none."""
    demand = demand_of(read_scenario(content))
    proposer = Proposer(demand)
    found = [proposer.best_plans(number, 1) for number in range(len(demand.demands))]
    return [each[0].cost if each else None for each in found]


def planned(content: Any) -> Any:
    asked = read_scenario(content)
    return plan_body(asked, plan(demand_of(asked), steps=5), {})


@pytest.mark.parametrize("seed", SEEDS)
def test_more_capacity_never_costs_more(seed: int) -> None:
    content = AnyScenario(seed).content
    before = proposed_costs(content)
    for bookable in content["bookables"]:
        for row in (*bookable["weekly"], *bookable["exceptions"]):
            row["capacity"] += 1

    after = proposed_costs(content)

    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        assert old is None or (new is not None and new <= old)


@pytest.mark.parametrize("seed", SEEDS)
def test_other_names_change_no_cost(seed: int) -> None:
    content = AnyScenario(seed).content

    def renamed(found: re.Match[str]) -> str:
        kind, number = found.groups()
        return f'"{kind}{90 - int(number)} anew"'

    other = json.loads(re.sub(r'"([bpvc])(\d+)"', renamed, json.dumps(content)))

    assert proposed_costs(other) == proposed_costs(content)
    assert planned(other)["cost"] == planned(content)["cost"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_week_later_the_plan_is_a_week_later(seed: int) -> None:
    content = AnyScenario(seed).content
    content["time_zone"] = "Asia/Kathmandu"  # its clock never changes
    content["now"] = content["now"][:19] + "+05:45"

    def later(found: re.Match[str]) -> str:
        return str(date.fromisoformat(found.group()) + WEEK)

    other = json.loads(re.sub(r"20\d\d-\d\d-\d\d", later, json.dumps(content)))

    assert starts(planned(other)) == {
        key: at + WEEK for key, at in starts(planned(content)).items()
    }


def starts(body: Any) -> dict[tuple[str, str], datetime]:
    return {
        (each["patient"], visit): datetime.fromisoformat(at["start"])
        for each in body["series"]
        for visit, at in each["visits"].items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_file_changes_no_proposal(seed: int) -> None:
    content = AnyScenario(seed).content
    before = proposed_costs(content)

    content["bookables"].reverse()
    content["protocols"].reverse()
    for each in content["protocols"]:
        each["choices"].reverse()

    assert proposed_costs(content) == before


@pytest.mark.parametrize("seed", SEEDS)
def test_a_finer_grid_never_costs_more(seed: int) -> None:
    content = AnyScenario(seed).content
    before = proposed_costs(content)

    content["grid_minutes"] = 5

    for old, new in zip(before, proposed_costs(content), strict=True):
        assert old is None or (new is not None and new <= old)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_second_repair_finds_nothing_left_to_do(seed: int) -> None:
    content = AnyScenario(seed).content
    content["booked"] = as_booked(json.loads(json.dumps(planned(content))))
    starts_at = [at["start"] for each in content["booked"] for at in each["visits"].values()]
    for at in starts_at[:1]:
        content["bookables"][0]["exceptions"].append({"day": at[:10], "capacity": 0})

    once = repaired(content)
    content["booked"] = as_booked(once)
    given_up = {each["patient"] for each in once["unplaced"]}
    content["patients"] = [each for each in content["patients"] if each["id"] not in given_up]
    twice = repaired(content)

    assert twice["cost"] == 0
    assert twice["series"] == once["series"]


def repaired(content: Any) -> Any:
    asked = read_scenario(content)
    found = repair_body(asked, repair(repair_demand_of(asked), steps=4), {})
    return json.loads(json.dumps(found))
