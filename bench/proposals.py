"""Does the best plan proposed cost what CP-SAT proves, over many random small scenarios?

`python -m bench proposals [PLANS]`: one patient of each scenario, until so many plans were compared
(what neither can place is compared on the way); windows, hours, zones and choices of
every kind the format allows (tests/planner/any_scenario.py). The proof asks the engine nothing
(tests/planner/exact.py).
"""

from collections import Counter
from time import perf_counter

from bench.machine import machine
from server.planner.clinic.proposing import Proposer
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from tests.planner.any_scenario import AnyScenario
from tests.planner.exact import least_cost

FIRST = 10_000


def main(arguments: list[str]) -> None:
    """Count, and name every scenario in which they differ."""
    wanted, told, began = int((arguments or ["1000"])[0]), Counter[str](), perf_counter()
    seed = FIRST
    while told["alike"] + told["differ"] < wanted:
        told[_compared(seed)] += 1
        seed += 1
    print(f"{wanted} proposals against CP-SAT in {perf_counter() - began:.0f} s ({machine()})")
    print(", ".join(f"{name}: {count}" for name, count in sorted(told.items())))


def _compared(seed: int) -> str:
    asked = read_scenario(AnyScenario(seed).content)
    plans = Proposer(demand_of(asked)).best_plans(0, 1)
    found, proved = (plans[0].cost if plans else None), least_cost(asked, asked.patients[0])
    if found != proved:
        print(f"seed {seed}: proposed {found}, proved {proved}", flush=True)
        return "differ"
    return "both find none" if found is None else "alike"
