"""The best plan proposed costs what CP-SAT proves, and is missing exactly where there is none.

`python -m bench proposals` does the same for a thousand scenarios.
"""

import pytest

from server.planner.clinic.proposing import Proposer
from server.planner.cp_sat.options import NoModel
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from tests.planner.any_scenario import AnyScenario
from tests.planner.cp_sat_alone import least_cost

SEEDS = range(1000, 1100)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_proposal_costs_what_cp_sat_proves(seed: int) -> None:
    demand = demand_of(read_scenario(AnyScenario(seed).content))
    try:
        proved = least_cost(demand, 0)
    except NoModel as no:
        pytest.skip(f"CP-SAT is not told of {no}")

    plans = Proposer(demand).best_plans(0, 1)

    assert (plans[0].cost if plans else None) == proved
