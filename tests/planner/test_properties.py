"""What must hold of every scenario, however it is drawn."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from server.planner.clinic.proposing import Proposer
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.writing import plan_body
from server.planner.plan import plan
from tests.planner.any_scenario import AnyScenario

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
