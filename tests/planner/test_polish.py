"""CP-SAT beside the engine: the same rules, the same prices, and a limit to what it may use."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli import main
from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.cp_sat.solving import Answer, Wish, solve
from server.planner.demand import ClinicDemand, ClinicPlan
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.writing import plan_body
from server.planner.plan import plan
from server.planner.polish import polish
from tests.planner.scenarios import scenario


def demanded(patients: int, seed: int = 1, **changed: Any) -> ClinicDemand:
    return demand_of(read_scenario(scenario(patients, seed) | changed))


def solved(demand: ClinicDemand, **more: Any) -> Answer:
    found = solve(Wish(demand=demand, seconds=10, workers=1, **more))
    assert found is not None
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_series_alone_costs_the_same_by_both(seed: int) -> None:
    demand = demanded(1, seed)

    found = solved(demand)

    assert found.cost == found.bound == plan(demand, steps=0).cost


@pytest.mark.parametrize("now", ["2027-03-11T07:00:00-05:00", "2027-03-01T07:00:00-05:00"])
def test_series_across_a_change_of_the_clock_cost_the_same_by_both(now: str) -> None:
    demand = demanded(1, 2, now=now)

    assert solved(demand).cost == plan(demand, steps=0).cost


def test_the_plans_of_cp_sat_hold_before_the_checker_at_the_price_it_says() -> None:
    asked = read_scenario(scenario(4))
    demand = demand_of(asked)
    found = solved(demand)
    placed = {demand.demands[n].id: each for n, each in found.plans.items()}
    assert len(placed) == 4
    assert found.cost is not None

    body = plan_body(asked, ClinicPlan(placed=placed, cost=found.cost), {})

    assert body["cost"] == found.cost
    assert violations(asked, read_plan(json.loads(json.dumps(body)))) == []


def test_with_too_little_memory_there_is_no_answer_and_nothing_dies() -> None:
    assert solve(Wish(demand=demanded(4), seconds=5, megabytes=200)) is None


def test_a_polished_plan_costs_no_more_and_its_bound_is_no_lower() -> None:
    demand = demanded(4)
    first = plan(demand, steps=0)

    found = polish(demand, first, seconds=5, accepts=lambda _: True)

    assert found.lower_bound is not None
    assert (first.lower_bound or 0) <= found.lower_bound <= found.cost <= first.cost
    assert set(found.placed) | set(found.unplaced) == {each.id for each in demand.demands}


def test_a_plan_that_is_not_accepted_is_not_taken() -> None:
    demand = demanded(2)
    dear = replace(plan(demand, steps=0), cost=10**6)

    found = polish(demand, dear, seconds=5, accepts=lambda _: False)

    assert found.cost == dear.cost
    assert found.placed == dear.placed


def test_too_many_series_are_left_as_they_were() -> None:
    demand = demanded(26)
    first = plan(demand, steps=0)

    assert polish(demand, first, seconds=60, accepts=lambda _: True) is first


def test_the_command_polishes_and_its_plan_holds(tmp_path: Path) -> None:
    file, out = tmp_path / "clinic.json", tmp_path / "plan.json"
    file.write_text(json.dumps(scenario(3)))

    run = CliRunner().invoke
    told = run(main, ["plan", str(file), "--out", str(out), "--seconds", "8", "--polish"])

    assert told.exit_code == 0, told.output
    assert run(main, ["check", str(file), str(out)]).exit_code == 0
    body = json.loads(out.read_text())
    assert body["lower_bound"] == body["cost"], "three patients are solved to the end"
