"""What a plan costs by the scenario's weights, counted from its times alone."""

from server.planner.check.plan_file import PlacedSeries, PlanFile
from server.planner.check.visits import LaidOut, lay_out
from server.planner.files.scenario import Scenario, ScenarioPatient
from shared.vocabulary import DayPart

NOON = 13 * 60


def cost_parts(scenario: Scenario, plan: PlanFile) -> dict[str, int]:
    """The cost by reason; `moves` is 0, for a plan moves nothing."""
    patients, weights = {each.id: each for each in scenario.patients}, scenario.weights
    parts = dict.fromkeys(("unplaced", "delay", "choice", "preference", "moves"), 0)
    for name in plan.unplaced:
        if name in patients:
            parts["unplaced"] += weights.unplaced * patients[name].priority
    for series in plan.series:
        if series.patient in patients:
            patient = patients[series.patient]
            parts["choice"] += weights.not_first_choice * _not_first(patient, series)
            for one in lay_out(patient, series):
                parts["delay"] += weights.delay_day * _delay(one, scenario)
                parts["preference"] += weights.against_preference * _against(one, scenario)
    return parts


def _not_first(patient: ScenarioPatient, series: PlacedSeries) -> int:
    wished = {name: who[0] for name, who in patient.candidates.items() if who}
    return sum(wished.get(name, who) != who for name, who in series.choices.items())


def _delay(one: LaidOut, scenario: Scenario) -> int:
    if one.visit.code != one.patient.protocol.start_visit:
        return 0
    return (one.begins.astimezone(scenario.zone).date() - one.patient.ready_on).days


def _against(one: LaidOut, scenario: Scenario) -> bool:
    if one.patient.times.prefers is None or not one.present:
        return False
    first, last = one.present[0][0], one.present[-1][1]
    middle = (first + (last - first) / 2).astimezone(scenario.zone)
    late = middle.hour * 60 + middle.minute >= NOON
    return late == (one.patient.times.prefers is DayPart.MORNING)
