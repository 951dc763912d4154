"""This engine, first fit with restarts, and one CP-SAT model on the same scenarios, each by itself.

`python -m bench side_by_side [SECONDS] [PATIENTS:LOAD ...]`: so many seconds for each way and
clinic. Both CP-SAT and Tandem may use both cores; every plan is looked over by the checker.
"""

import json
import multiprocessing
import resource
from collections.abc import Callable, Iterable, Iterator
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
from server.planner.polish import MOST_SERIES, polish
from server.planner.several import Wish as PlanWish
from server.planner.several import plan_by_several

CLINICS = ((20, 0.3), (20, 0.6), (60, 0.6), (150, 0.4), (150, 0.6))
CORES = 2
HEAD = (
    "| patients | load | by | placed | cost | bound | gap | of first fit | seconds | memory (MB) | "
    "faults |"
)


@dataclass(frozen=True)
class Figures:
    """What one way found; None where it says nothing."""

    placed: int
    cost: int
    bound: int | None
    megabytes: float = 0
    faults: int | None = None


Way = Callable[[Scenario, float], Figures]
Clinics = Iterable[tuple[int, float]]


def main(arguments: list[str]) -> None:
    """Print a line for each clinic and way."""
    seconds = float(arguments[0]) if arguments else 20
    named = [each.split(":") for each in arguments[1:]]
    print(f"Side by side, {seconds:.0f} s each ({machine()})")
    for line in lines(seconds, [(int(n), float(load)) for n, load in named] or CLINICS):
        print(line, flush=True)


def lines(seconds: float, clinics: Clinics = CLINICS, seed: int = 1) -> Iterator[str]:
    """The table, line by line as it is measured; each way in a process of its own."""
    yield HEAD
    yield "|---" * (HEAD.count("|") - 1) + "|"
    for patients, load in clinics:
        of = 0
        for name in WAYS:
            if name == POLISHED and patients > MOST_SERIES:
                continue
            found, taken = _alone(patients, load, seed, name, seconds)
            of = of or found.cost
            yield _line((patients, load, name), found, of, taken)


def _alone(patients: int, load: float, seed: int, name: str, seconds: float) -> "Measured":
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as alone:
        return alone.submit(_measured, patients, load, seed, name, seconds).result()


Measured = tuple[Figures, float]


def _line(of: tuple[int, float, str], found: Figures, first: int, taken: float) -> str:
    gap = "-"
    if found.bound is not None:
        gap = f"{(found.cost - found.bound) / max(1, found.cost):.1%}"
    bound, faults = ("-" if each is None else each for each in (found.bound, found.faults))
    cells = *of, found.placed, found.cost, bound, gap, f"{found.cost / max(1, first):.2f}"
    said = *cells, f"{taken:.0f}", f"{found.megabytes:.0f}", faults
    return f"| {' | '.join(map(str, said))} |"


def _measured(patients: int, load: float, seed: int, name: str, seconds: float) -> Measured:
    asked = read_scenario(scenario(patients, load, seed))
    plan(demand_of(asked), steps=0)  # reads the compiled code
    began = perf_counter()
    found = WAYS[name](asked, seconds)
    taken = perf_counter() - began
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    used = max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024
    return replace(found, megabytes=max(found.megabytes, used)), taken


def _engine(asked: Scenario, seconds: float) -> Figures:
    wish = PlanWish(demand=demand_of(asked), seconds=seconds, steps=None, seed=1)
    return _told(asked, plan_by_several(wish, CORES))


def _polished(asked: Scenario, seconds: float) -> Figures:
    wish = PlanWish(demand=demand_of(asked), seconds=seconds / 2, steps=None, seed=1)
    found = plan_by_several(wish, CORES)
    found = polish(
        wish.demand, found, seconds=seconds / 2, accepts=lambda one: not _faults(asked, one)
    )
    return _told(asked, found)


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


POLISHED = "Tandem, polished"
WAYS: dict[str, Way] = {
    "first fit": _first_fit,
    "one CP-SAT model": _cp_sat,
    "Tandem": _engine,
    POLISHED: _polished,
}
