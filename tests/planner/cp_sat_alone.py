"""What the best plan of one series costs by CP-SAT: other arithmetic than the engine's."""

from dataclasses import replace

from ortools.sat.python import cp_model

from server.planner.clinic.layout import lay_out
from server.planner.cp_sat.model import ClinicModel
from server.planner.cp_sat.options import options_of
from server.planner.demand import ClinicDemand


def least_cost(demand: ClinicDemand, number: int) -> int | None:
    """None where there is no plan. Raises NoModel where CP-SAT cannot be told the series."""
    layout = lay_out(replace(demand, demands=(demand.demands[number],)))
    (one,) = options_of(layout)
    if not one.way_costs or not all(len(each.starts) for each in one.visits):
        return None
    made = ClinicModel(layout, everybody=True)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(made.model)
    assert status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}, "small enough to be solved"
    return round(solver.objective_value) if status == cp_model.OPTIMAL else None
