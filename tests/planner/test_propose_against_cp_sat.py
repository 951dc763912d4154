"""The best plan proposed costs what CP-SAT proves, and is missing exactly where there is none.

`python -m bench proposals` does the same until a thousand plans were compared.
"""

import pytest

from server.planner.clinic.proposing import Proposer
from server.planner.cp_sat.alone import best_alone
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from tests.planner.any_scenario import AnyScenario
from tests.planner.exact import least_cost

SEEDS = range(1000, 1040)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_proposal_costs_what_cp_sat_proves(seed: int) -> None:
    asked = read_scenario(AnyScenario(seed).content)

    plans = Proposer(demand_of(asked)).best_plans(0, 1)

    assert (plans[0].cost if plans else None) == least_cost(asked, asked.patients[0])


def test_enough_of_them_have_a_plan() -> None:
    placed = 0
    for seed in SEEDS:
        demand = demand_of(read_scenario(AnyScenario(seed).content))
        placed += bool(Proposer(demand).best_plans(0, 1))

    assert placed >= 8


def test_a_patient_whom_the_complete_search_would_take_minutes_for_is_answered_by_cp_sat() -> None:
    content = AnyScenario(10_497).content
    asked = read_scenario(content)
    content["patients"][0]["weekly"] = []
    never = read_scenario(content)

    found = best_alone(demand_of(asked), 0, seconds=600)

    assert found is not None
    assert found.cost == least_cost(asked, asked.patients[0])
    assert best_alone(demand_of(never), 0, seconds=600) is None
