"""The compiled search places a series as well as the complete one, whatever binds its visits."""

from datetime import timedelta
from typing import Any

import pytest

from server.domain.booking import breaches
from server.domain.placement import Weights
from server.planner import quick
from server.planner.clinic.layout import lay_out
from server.planner.clinic.ledger import Ledger
from server.planner.clinic.proposing import Proposer
from server.planner.demand import ClinicDemand, Demand
from server.planner.explain import why_not
from server.planner.place import best_plans, cost_of
from server.planner.plan import plan
from tests.planner.instances import Instance
from tests.planner.scenarios import infusion, scenario, talk, three_infusions, weekly, window
from tests.planner.test_whole_clinic import checked, planned

NO_WISHES = Weights(off_target_day=0)
SEEDS = 400


def ledger_of(made: Instance) -> Ledger:
    demand = Demand(id="one", series=made.series)
    return Ledger(
        lay_out(ClinicDemand(calendar=made.calendar, demands=(demand,), weights=NO_WISHES))
    )


@pytest.mark.parametrize("first", range(0, SEEDS, 50))
def test_the_compiled_search_finds_what_the_complete_one_finds(first: int) -> None:
    same = 0
    for seed in range(first, first + 50):
        made = Instance(seed)
        ledger = ledger_of(made)
        ledger.thorough = False
        best = best_plans(made.series, made.calendar, weights=NO_WISHES, count=1)

        placed = ledger.place(0, 10**6)

        assert not placed or best, seed
        if placed:
            found = ledger.plans()[0]
            assert found.cost == cost_of(found, made.series, made.calendar, NO_WISHES), seed
            assert not breaches(made.series, found, made.calendar, now=made.series.not_before)
            assert found.cost >= best[0].cost, seed
        same += placed == bool(best) and (not best or ledger.cost == best[0].cost)
    assert same >= 46  # the rest got into its own way, and says so


@pytest.mark.parametrize("first", range(600, 1000, 50))
def test_what_is_proposed_is_what_the_complete_search_ranks(first: int) -> None:
    """With wished distances, which the protocols of a clinic have, and without, as in files."""
    for seed in range(first, first + 50):
        made, weights = Instance(seed), Weights() if seed % 2 else NO_WISHES
        demand = Demand(id="one", series=made.series)
        asked = ClinicDemand(calendar=made.calendar, demands=(demand,), weights=weights)

        plans = Proposer(asked).best_plans(0, 3)

        ranked = best_plans(made.series, made.calendar, weights=weights, count=3)
        assert [each.cost for each in plans] == [each.cost for each in ranked], seed
        for each in plans:
            assert each.cost == cost_of(each, made.series, made.calendar, weights), seed
            assert not breaches(made.series, each, made.calendar, now=made.series.not_before), seed


def test_compiled_code_gives_the_reasons_that_the_complete_search_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = 0
    for seed in range(2000, 2040):
        made = Instance(seed)
        monkeypatch.setattr(quick, "at_hand", lambda: True)
        if not quick.best_plans(made.series, made.calendar, count=1):
            told = why_not(made.series, made.calendar)
            monkeypatch.setattr(quick, "at_hand", lambda: False)
            assert told == why_not(made.series, made.calendar), seed
            refused += 1
    assert refused > 5


@pytest.mark.parametrize("seed", range(0, SEEDS, 7))
def test_a_place_given_up_leaves_the_room_as_it_was(seed: int) -> None:
    ledger = ledger_of(Instance(seed))
    before = ledger.room.left.copy()

    ledger.place(0, 10**6)
    ledger.put_back(ledger.take_back(0))
    ledger.take_back(0)

    assert (ledger.room.left == before).all()


def later(content: Any, days: int) -> Any:
    """The same clinic with every date moved."""
    from datetime import date, datetime

    if isinstance(content, dict):
        return {key: later(value, days) for key, value in content.items()}
    if isinstance(content, list):
        return [later(each, days) for each in content]
    try:
        moved = date.fromisoformat(content) + timedelta(days=days)
        return moved.isoformat()
    except (TypeError, ValueError):
        pass
    try:
        return (datetime.fromisoformat(content) + timedelta(days=days)).isoformat()
    except (TypeError, ValueError):
        return content


def test_a_week_later_everything_is_a_week_later() -> None:
    content = scenario(patients=4, zone="Africa/Nairobi") | {"now": "2027-03-01T07:00:00+03:00"}

    _, first, body = planned(content)
    _, second, moved = planned(later(content, 7))

    assert second.cost == first.cost
    assert moved["series"] == later(body["series"], 7)


def test_a_grid_of_five_minutes_works() -> None:
    content = scenario(patients=3) | {"grid_minutes": 5}

    asked, found, body = planned(content, steps=1)

    assert checked(asked, body) == []
    assert len(found.placed) == 3


def forty_visits() -> Any:
    """Twenty infusions twice a week, each with its integration."""
    visits = []
    for n in range(1, 21):
        before = window(f"integration-{n - 1}", "hours", 0, None, "end")
        windows = [window(f"infusion-{n - 1}", "days", 3, 4), before] if n > 1 else []
        visits.append(infusion(n, *windows))
        after = window(f"infusion-{n}", "hours", 20, 72, "end")
        visits.append(talk(f"integration-{n}", "integration", "therapist", after))
    return three_infusions() | {"visits": visits}


def test_a_protocol_of_forty_visits_works() -> None:
    content = scenario(patients=2) | {"last_day": "2027-07-30", "protocols": [forty_visits()]}

    asked, found, body = planned(content, steps=1)

    assert checked(asked, body) == []
    assert all(len(each.placements) == 40 for each in found.placed.values())


@pytest.mark.parametrize(
    ("zone", "first", "last", "now"),
    [
        ("America/New_York", "2027-10-18", "2027-12-10", "2027-10-18T07:00:00-04:00"),
        ("America/New_York", "2028-02-14", "2028-03-31", "2028-02-14T07:00:00-05:00"),
        ("Australia/Lord_Howe", "2027-03-22", "2027-05-14", "2027-03-22T06:00:00+11:00"),
        ("Australia/Lord_Howe", "2027-09-20", "2027-11-12", "2027-09-20T06:00:00+10:30"),
    ],
)
def test_plans_hold_over_changes_of_the_clock_and_a_leap_day(
    zone: str, first: str, last: str, now: str
) -> None:
    content = scenario(patients=3, zone=zone)
    content |= {"first_day": first, "last_day": last, "now": now}
    for patient in content["patients"]:
        patient["ready_on"] = first

    asked, found, body = planned(content)

    assert len(found.placed) == 3
    assert checked(asked, body) == []


def test_a_patient_with_one_possible_time_gets_it() -> None:
    content = scenario(patients=3)
    content["protocols"][0] |= {
        "visits": [talk("evaluation", "screening", "prescriber")],
        "start_visit": "evaluation",
        "choices": [{"name": "prescriber", "kept": False}],
    }
    for patient in content["patients"]:
        patient["choices"] = {"prescriber": ["dr-a"]}
    content["patients"][2]["weekly"] = [{"days": ["wed"], "from": "11:15", "to": "12:15"}]
    content["patients"][2]["ready_on"] = "2027-05-10"

    _, _, body = planned(content, steps=5)

    mine = next(each for each in body["series"] if each["patient"] == "p-2")
    assert mine["visits"]["evaluation"]["start"] == "2027-05-12T11:15:00-04:00"


def test_a_patient_who_makes_way_lets_another_in() -> None:
    """Whoever comes first takes the only time of the one who comes next."""
    content = scenario(patients=2)
    content["protocols"][0] |= {
        "visits": [talk("evaluation", "screening", "prescriber")],
        "start_visit": "evaluation",
        "choices": [{"name": "prescriber", "kept": False}],
    }
    for patient in content["patients"]:
        patient |= {"choices": {"prescriber": ["dr-a"]}, "ready_on": "2027-03-02"}
    content["bookables"][3]["weekly"] = weekly("09:00", "11:00", days=["tue"])
    content["patients"][1] |= {
        "start_by": "2027-03-02",
        "weekly": [{"days": ["tue"], "from": "09:00", "to": "10:00"}],
    }

    _, found, _ = planned(content, steps=5)

    assert len(found.placed) == 2


def test_a_run_can_be_stopped_and_still_answers() -> None:
    from server.planner.files.questions import demand_of
    from server.planner.files.reading import read_scenario

    demand = demand_of(read_scenario(scenario(patients=6)))

    found = plan(demand, seconds=30, watch=lambda _: False)

    assert len(found.placed) + len(found.unplaced) == 6
    assert found.seconds < 30


def test_more_capacity_never_costs_more_for_one_patient() -> None:
    for seed in range(20):
        content = scenario(patients=1, seed=seed)
        fewer = planned(content, steps=0)[1].cost
        for bookable in content["bookables"]:
            bookable["weekly"][0]["capacity"] += 1

        assert planned(content, steps=0)[1].cost <= fewer, weekly
