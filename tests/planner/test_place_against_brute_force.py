"""The planner's best plan costs what trying every way finds, and is missing exactly where it is."""

import pytest

from server.domain.booking import breaches
from server.domain.placement import Weights
from server.planner.place import best_plans, cost_of
from tests.planner.brute_force import least_cost
from tests.planner.instances import Instance

SEEDS = 600
BATCH = 25


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_the_best_plan_costs_what_trying_every_way_finds(first: int) -> None:
    for seed in range(first, first + BATCH):
        made = Instance(seed)

        plans = best_plans(made.series, made.calendar)

        found = plans[0].cost if plans else None
        assert found == least_cost(made.series, made.calendar), f"seed {seed}"


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_every_plan_offered_stands_and_costs_what_it_says(first: int) -> None:
    for seed in range(first, first + BATCH):
        made = Instance(seed)
        for plan in best_plans(made.series, made.calendar):
            assert not breaches(made.series, plan, made.calendar, now=made.series.not_before), seed
            assert plan.cost == cost_of(plan, made.series, made.calendar, Weights()), seed
