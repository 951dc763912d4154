"""This engine, first fit with restarts, and one CP-SAT model on the same scenarios, each by itself.

`python -m bench side_by_side [SECONDS] [PATIENTS ...]`: so many seconds for each way and clinic.
"""

import json
import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from time import perf_counter

from bench.first_fit import first_fit
from bench.machine import machine
from bench.scenarios import scenario
from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.cp_sat.solving import Wish, solve
from server.planner.demand import ClinicPlan
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.scenario import Scenario
from server.planner.files.writing import plan_body
from server.planner.plan import plan
from server.planner.polish import polish

LOADS = (0.3, 0.6)
HEAD = "| patients | load | by | placed | cost | bound | seconds | memory (MB) | faults |"


@dataclass(frozen=True)
class Figures:
    """One line of the table; None where a way says nothing."""

    placed: int
    cost: int
    bound: int | None
    megabytes: float = 0
    faults: int | None = None


Way = Callable[[Scenario, float], Figures]


def main(arguments: list[str]) -> None:
    """A line for each clinic and way, each in a process of its own."""
    seconds = float(arguments[0]) if arguments else 20
    sizes = [int(each) for each in arguments[1:]] or [20, 60]
    print(f"Side by side, {seconds:.0f} s each ({machine()})\n{HEAD}")
    print("|---" * (HEAD.count("|") - 1) + "|")
    for patients in sizes:
        for load in LOADS:
            for name, way in WAYS.items():
                if way is not _polished or patients <= 25:
                    _line(patients, load, name, seconds)


def _line(patients: int, load: float, name: str, seconds: float) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as alone:
        found, taken = alone.submit(_measured, patients, load, name, seconds).result()
    cells = found.placed, found.cost, found.bound, f"{taken:.0f}", f"{found.megabytes:.0f}"
    said = ["-" if each is None else each for each in (*cells, found.faults)]
    print(f"| {patients} | {load} | {name} | {' | '.join(map(str, said))} |", flush=True)


def _measured(patients: int, load: float, name: str, seconds: float) -> tuple[Figures, float]:
    asked = read_scenario(scenario(patients, load, 1))
    plan(demand_of(asked), steps=0)  # reads the compiled code
    began = perf_counter()
    found = WAYS[name](asked, seconds)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return replace(found, megabytes=max(found.megabytes, own)), perf_counter() - began


def _engine(asked: Scenario, seconds: float) -> Figures:
    return _told(asked, plan(demand_of(asked), seconds=seconds))


def _polished(asked: Scenario, seconds: float) -> Figures:
    demand = demand_of(asked)
    found = plan(demand, seconds=seconds / 2)
    found = polish(demand, found, seconds=seconds / 2, accepts=lambda one: not _faults(asked, one))
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return replace(_told(asked, found), megabytes=used)


def _first_fit(asked: Scenario, seconds: float) -> Figures:
    cost, placed, _ = first_fit(demand_of(asked), seconds)
    return Figures(placed, cost, None)


def _cp_sat(asked: Scenario, seconds: float) -> Figures:
    """From nothing, as somebody would who has only the model."""
    demand = demand_of(asked)
    answer = solve(Wish(demand=demand, seconds=seconds))
    if answer is None or answer.cost is None:
        everybody = sum(each.priority for each in demand.demands)
        return Figures(0, demand.weights.unplaced * everybody, None)
    placed = {demand.demands[n].id: each for n, each in answer.plans.items()}
    found = ClinicPlan(
        placed=placed,
        unplaced=tuple(each.id for each in demand.demands if each.id not in placed),
        cost=answer.cost,
        lower_bound=answer.bound,
    )
    return replace(_told(asked, found), megabytes=answer.megabytes)


def _told(asked: Scenario, found: ClinicPlan) -> Figures:
    faults = len(_faults(asked, found))
    return Figures(len(found.placed), found.cost, found.lower_bound, faults=faults)


def _faults(asked: Scenario, found: ClinicPlan) -> list[str]:
    return violations(asked, read_plan(json.loads(json.dumps(plan_body(asked, found, {})))))


WAYS: dict[str, Way] = {
    "first fit": _first_fit,
    "one CP-SAT model": _cp_sat,
    "Tandem": _engine,
    "Tandem, polished": _polished,
}
