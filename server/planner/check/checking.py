"""Every rule a plan breaks, found with arithmetic of its own: nothing here asks the engine."""

from server.planner.check.plan_file import PlanFile
from server.planner.check.plans import plan_violations
from server.planner.check.repairs import repair_violations
from server.planner.files.scenario import Scenario


def violations(scenario: Scenario, plan: PlanFile, reading: str | None = None) -> list[str]:
    """One line for each, with ids; [] where the plan holds.

    A file does not say whether it is a plan or a repair. Where `reading` does not either, it holds
    if it holds as one of them; else the breaches of the likelier one are told.
    """
    if reading is None and not scenario.booked:
        reading = "plan"
    readings = {"plan": plan_violations, "repair": repair_violations}
    asked = [readings[reading]] if reading else list(readings.values())
    return min((each(scenario, plan) for each in asked), key=len)
