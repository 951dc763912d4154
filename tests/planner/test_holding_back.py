"""Whoever must begin soon and is not known yet still finds room among those who came first."""

from dataclasses import replace
from datetime import timedelta

from server.planner.clinic.ledger import claims_of
from server.planner.demand import ClinicDemand, ClinicPlan
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.holding_back import plan_holding_back, urgent_like
from server.planner.plan import plan
from tests.planner.scenarios import scenario, weekly

STEPS, SOON = 20, 10


def clinic(patients: int) -> ClinicDemand:
    """One chair, for one infusion a day: five series fill it for weeks."""
    content = scenario(patients=patients)
    for each in content["bookables"]:
        if each["id"] == "chairs":
            each["weekly"] = weekly("09:00", "11:30")
    for each in content["patients"]:
        each |= {"ready_on": "2027-03-01", "weekly": None, "prefers": None}
    return demand_of(read_scenario(content))


def soon(demand: ClinicDemand, found: ClinicPlan) -> ClinicPlan:
    """Two who came after that plan was booked, to begin within the days for which room was kept."""
    known = {each.id: each for each in demand.demands}
    taken = [claim for who, one in found.placed.items() for claim in claims_of(known[who], one)]
    today = demand.demands[0].series.ready_on
    urgent = urgent_like(demand.demands, 2, SOON, today)
    calendar = replace(demand.calendar, claims=(*demand.calendar.claims, *taken))
    return plan(replace(demand, calendar=calendar, demands=urgent), steps=STEPS)


def test_room_is_kept_for_urgent_starts_and_given_to_nobody() -> None:
    demand = clinic(patients=5)
    today = demand.demands[0].series.ready_on
    expected = urgent_like(demand.demands, 2, SOON, today)

    kept = plan_holding_back(demand, expected, steps=STEPS)

    assert len(soon(demand, plan(demand, steps=STEPS)).placed) < 2
    assert len(soon(demand, kept).placed) == 2
    assert set(kept.placed) | set(kept.unplaced) == {each.id for each in demand.demands}
    assert kept.lower_bound is None  # nothing is proved of those who wait alone


def test_urgent_starts_are_spread_and_begin_within_the_days_named() -> None:
    demand = clinic(patients=3)
    today = demand.demands[0].series.ready_on

    urgent = urgent_like(demand.demands, 4, SOON, today)

    assert len({each.id for each in urgent}) == 4
    assert [(each.series.ready_on - today).days for each in urgent] == [0, 2, 5, 7]
    assert {each.series.start_by for each in urgent} == {today + timedelta(days=SOON)}


def test_where_nobody_waits_for_a_whole_series_no_room_is_kept() -> None:
    today = clinic(patients=1).demands[0].series.ready_on

    assert urgent_like((), 3, SOON, today) == ()
