"""What is said of those for whom a plan has no place."""

from server.planner.demand import ClinicPlan
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.reasons.unplaced import reasons
from tests.planner.scenarios import scenario


def told(**changed: object) -> str:
    demand = demand_of(read_scenario(scenario(1) | changed))
    nobody = ClinicPlan(placed={}, unplaced=(demand.demands[0].id,), cost=2000)
    ((reason,),) = reasons(demand, nobody, seconds=60, steps=500).values()
    return str(reason["text"])


def test_whom_the_search_did_not_come_to_is_not_said_to_be_too_dear() -> None:
    assert told() == "There is a place, but the time was over before anybody came to it."


def test_whom_it_costs_less_to_leave_out_is_said_to_be_too_dear() -> None:
    nothing = {"unplaced": 0, "delay_day": 10, "not_first_choice": 15, "against_preference": 1}

    assert told(weights=nothing) == (
        "There is a place, but it costs more than leaving the series out."
    )
