"""The clinic-wide planner beside first fit, on made-up clinics; and repairs after a bad morning.

`python -m bench planner [SECONDS]`: so many seconds for each plan (60 in docs/benchmarks.md).
"""

import json
import resource
from statistics import median
from time import perf_counter
from typing import Any

from bench import side_by_side
from bench.first_fit import first_fit
from bench.machine import machine, quantile
from bench.scenarios import FIRST, scenario
from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.files.questions import demand_of, repair_demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.writing import plan_body, repair_body
from server.planner.plan import plan
from server.planner.repair import repair

CLINICS = ((20, 0.3), (20, 0.6), (60, 0.6), (150, 0.4), (150, 0.6))
SEEDS = (1,)
MORNINGS = ("chairs", "nurses", "th-0", "th-1", "th-2", "on-site")


def main(arguments: list[str]) -> None:
    """Print one line a clinic, and one for the repairs; every plan is looked over."""
    seconds = float(arguments[0]) if arguments else 60
    print(f"Planning whole clinics, {seconds:.0f} s each ({machine()})")
    print(
        "| patients | load | placed | cost | bound | gap | first fit placed | cost | of first fit |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    last: tuple[Any, Any] | None = None
    for patients, load in CLINICS:
        for seed in SEEDS:
            last = _clinic(patients, load, seed, seconds)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    side_by_side.main([str(min(seconds, 20))])
    print(f"largest memory: {used:.0f} MB")
    if last is not None:
        _repairs(*last)


def _clinic(patients: int, load: float, seed: int, seconds: float) -> tuple[Any, Any]:
    content = scenario(patients, load, seed)
    asked = read_scenario(content)
    demand = demand_of(asked)
    found = plan(demand, seconds=seconds)
    body = json.loads(json.dumps(plan_body(asked, found, {})))
    assert not violations(asked, read_plan(body))
    cost, placed, _ = first_fit(demand, seconds / 2)
    gap = 1 - (found.lower_bound or 0) / found.cost
    print(
        f"| {patients} | {load} | {len(found.placed)} | {found.cost} | {found.lower_bound} | "
        f"{gap:.0%} | {placed} | {cost} | {found.cost / cost:.2f} |",
        flush=True,
    )
    return content, body


def _repairs(content: Any, body: Any) -> None:
    """One thing away for a day, on six days of the middle of the plan."""
    content["booked"] = [{**each, "frozen": []} for each in body["series"]]
    times, over = [], []
    for number, what in enumerate(MORNINGS):
        day = str(FIRST.replace(month=2, day=8 + number))
        broken = json.loads(json.dumps(content)) | {"now": f"{day}T07:00:00-05:00"}
        one = next(each for each in broken["bookables"] if each["id"] == what)
        one["exceptions"] = [*one.get("exceptions", []), {"day": day, "capacity": 0}]
        asked = read_scenario(broken)
        demand = repair_demand_of(asked)
        started = perf_counter()
        found = repair(demand, seconds=2)
        times.append(perf_counter() - started)
        told = json.loads(json.dumps(repair_body(asked, found, {})))
        assert not violations(asked, read_plan(told), "repair")
        over.append((what, found.cost, found.lower_bound, len(found.unplaced)))
    print(f"repairs: median {median(times):.2f} s, slowest {quantile(times, 0.99):.2f} s")
    for what, cost, bound, lost in over:
        print(f"  {what} away: cost {cost}, not below {bound}, series given up {lost}")
