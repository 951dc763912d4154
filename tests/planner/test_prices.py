"""Prices for hours that many need: what they prove is true, and whoever heeds them gains by it."""

from random import Random

import numpy as np
import pytest

from server.planner.bounds.prices import Prices
from server.planner.clinic.by_day import by_day, sheet_for
from server.planner.clinic.in_days import with_days
from server.planner.clinic.layout import lay_out
from server.planner.clinic.ledger import Ledger
from server.planner.clinic.pricing import price_all
from server.planner.demand import ClinicDemand
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.plan import POINT, Clock, in_parts, least_costs, plan
from tests.planner.any_scenario import AnyScenario
from tests.planner.scenarios import scenario

DEAREST = 3 * POINT


def ledger_of(demand: ClinicDemand) -> Ledger:
    return Ledger(with_days(lay_out(demand, in_parts(demand.weights))))


@pytest.mark.parametrize("seed", range(60))
def test_by_days_no_series_costs_more_than_its_true_place_at_any_prices(seed: int) -> None:
    demand = demand_of(read_scenario(AnyScenario(seed).content))
    ledger = ledger_of(demand)
    layout, count = ledger.layout, len(ledger.costs)
    known = np.array([0 if n in layout.complete else -1 for n in range(count)])
    days = by_day(layout, known)
    sheet, chance = sheet_for(days), np.random.default_rng(seed)
    prices = chance.integers(0, DEAREST, days.left.shape) * (chance.random(days.left.shape) < 0.3)
    upto = np.zeros(sheet.taken.shape, dtype=np.int64)
    np.cumsum(prices, axis=1, out=upto[:, 1:])

    price_all(layout.clinic, days, sheet, layout.desk(), upto)

    worth = np.zeros((len(layout.clinic.staffings), layout.axis.atoms), dtype=np.int64)
    owner = np.repeat(np.arange(len(worth)), np.diff(days.starts_from))
    worth[owner, days.starts] = sheet.price
    ledger.follow(worth)
    for number in range(count):
        least = ledger.least_considerate(number)
        if least is not None:
            assert sheet.total[number] <= least


@pytest.mark.parametrize("seed", range(60))
def test_looking_by_days_first_finds_places_that_cost_the_same(seed: int) -> None:
    demand = demand_of(read_scenario(AnyScenario(seed).content))
    layout = lay_out(demand, in_parts(demand.weights))
    chance, shape = np.random.default_rng(seed), (len(layout.catalogue.choices), layout.axis.atoms)
    worth = chance.integers(0, DEAREST, shape) * (chance.random(shape) < 0.3)
    by_moments, by_days = Ledger(layout), Ledger(with_days(layout))

    for ledger in (by_moments, by_days):
        ledger.follow(worth)

    for number in range(len(by_moments.costs)):
        told = by_moments.least_considerate(number), by_days.least_considerate(number)
        assert told[0] == told[1] or None in told
        assert by_moments.place(number) == by_days.place(number)
        assert by_moments.costs[number] == by_days.costs[number]
        by_days.take_back(number)
        kept = by_moments.take_back(number)
        for ledger in (by_moments, by_days):
            ledger.put_back(kept)


@pytest.mark.parametrize("seed", range(20))
def test_no_plan_costs_less_than_what_prices_prove(seed: int) -> None:
    demand = demand_of(read_scenario(AnyScenario(seed).content))
    ledger = ledger_of(demand)
    least = least_costs(ledger, Clock(seconds=60))
    assert least is not None
    found = plan(demand, steps=300)
    prices = Prices(ledger.layout, least)

    for _ in range(100):
        prices.step(found.cost * POINT)
    by_days = prices.bound
    prices.to_the_minute()
    for _ in range(20):
        prices.step(found.cost * POINT)

    assert by_days <= prices.bound <= found.cost * POINT


def test_where_many_want_the_same_hours_prices_prove_more_than_each_alone() -> None:
    demand = demand_of(read_scenario(scenario(30)))
    ledger = ledger_of(demand)
    least = least_costs(ledger, Clock(seconds=60))
    assert least is not None

    found = plan(demand, steps=100)

    assert found.lower_bound is not None
    assert int(least.sum()) // POINT < found.lower_bound <= found.cost


def test_where_more_is_on_offer_than_memory_holds_there_is_a_plan_without_prices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    demand = demand_of(read_scenario(scenario(8)))
    ledger = ledger_of(demand)
    least = least_costs(ledger, Clock(seconds=60))
    assert least is not None
    monkeypatch.setattr("server.planner.clinic.by_day.MOST_ENTRIES", 100)

    found = plan(demand, steps=40)

    assert len(found.placed) == len(demand.demands)
    assert found.lower_bound == int(least.sum()) // POINT <= found.cost


def test_the_same_steps_and_seed_find_the_same_plan_and_prove_the_same() -> None:
    demand = demand_of(read_scenario(scenario(8)))

    first, second = (plan(demand, steps=40, seed=3) for _ in range(2))

    assert (first.cost, first.lower_bound) == (second.cost, second.lower_bound)
    assert first.placed == second.placed


def test_a_considerate_place_costs_what_it_costs_and_not_what_its_hours_are_worth() -> None:
    demand = demand_of(read_scenario(scenario(3)))
    ledger, chance = ledger_of(demand), Random(1)
    layout = ledger.layout
    alone = least_costs(ledger, Clock(seconds=60))
    assert alone is not None
    worth = np.array(
        [
            [chance.randrange(POINT) for _ in range(layout.axis.atoms)]
            for _ in range(len(layout.clinic.staffings))
        ]
    )
    ledger.follow(worth)

    assert ledger.place(0, considerate=True)

    plan_found = ledger.plans()[0]
    assert plan_found.cost == ledger.costs[0] >= alone[0]
    assert plan_found.cost % POINT == 0
