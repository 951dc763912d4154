"""The process that solves: takes a wish on its standard input, gives an answer on its output."""

import pickle
import resource
import sys
from time import perf_counter

from server.planner.clinic.layout import lay_out
from server.planner.cp_sat.model import ClinicModel
from server.planner.cp_sat.options import NoModel, NoPlace
from server.planner.cp_sat.solving import Answer, Wish

MEGABYTE = 1 << 20


def main() -> None:
    """Limit the memory before anything is imported that takes some."""
    wish: Wish = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process wrote it
    limit = wish.megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        answer = _answer(wish)
    except NoModel:
        answer = None
    sys.stdout.buffer.write(pickle.dumps(answer))


def _answer(wish: Wish) -> Answer:
    from ortools.sat.python import cp_model

    began = perf_counter()
    layout = lay_out(wish.demand, bare=wish.everybody)
    try:
        made = ClinicModel(layout, wish.least, everybody=wish.everybody)
    except NoPlace:
        return Answer(plans={}, cost=None, bound=None, proved=True, seconds=0.0, megabytes=0.0)
    if wish.hints:
        made.hint(wish.hints)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(1.0, wish.seconds - (perf_counter() - began))
    solver.parameters.num_workers = wish.workers
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.random_seed = wish.seed
    status = solver.solve(made.model)
    found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    known = status != cp_model.MODEL_INVALID
    return Answer(
        plans=made.plans(solver.value) if found else {},
        cost=round(solver.objective_value) if found else None,
        bound=round(solver.best_objective_bound) if known else None,
        proved=status in {cp_model.OPTIMAL, cp_model.INFEASIBLE},
        seconds=perf_counter() - began,
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


if __name__ == "__main__":
    main()
