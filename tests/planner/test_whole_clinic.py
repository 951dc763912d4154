"""Many series planned together, and every plan looked through by a checker of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli import main
from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.demand import ClinicPlan
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.scenario import Scenario
from server.planner.files.writing import plan_body
from server.planner.plan import plan
from tests.planner.scenarios import scenario, weekly


def planned(content: Any, steps: int = 3) -> tuple[Scenario, ClinicPlan, Any]:
    asked = read_scenario(content)
    found = plan(demand_of(asked), steps=steps, seed=1)
    return asked, found, plan_body(asked, found, {})


def checked(asked: Scenario, body: Any) -> list[str]:
    return violations(asked, read_plan(body))


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Europe/Berlin"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_plan_holds_and_its_bound_is_below_its_cost(zone: str, seed: int) -> None:
    asked, found, body = planned(scenario(patients=5, seed=seed, zone=zone))

    assert checked(asked, body) == []
    assert len(found.placed) + len(found.unplaced) == 5
    assert found.lower_bound is not None
    assert found.lower_bound <= found.cost
    assert body["cost"] == found.cost


def test_an_empty_clinic_has_an_empty_plan() -> None:
    content = scenario(patients=0) | {"bookables": [], "protocols": []}

    asked, found, body = planned(content)

    assert checked(asked, body) == []
    assert found.cost == 0


def test_whoever_cannot_be_placed_is_left_out_at_the_stated_price() -> None:
    content = scenario(patients=2)
    content["patients"][0]["weekly"] = []

    asked, found, body = planned(content)

    assert found.unplaced == ("p-0",)
    assert body["cost_parts"]["unplaced"] == 2000
    assert checked(asked, body) == []


def test_names_decide_nothing() -> None:
    content = scenario(patients=4)
    renamed = json.loads(json.dumps(content).replace('"p-', '"z-').replace('"th-1"', '"zz"'))

    assert planned(content)[1].cost == planned(renamed)[1].cost


def test_more_chairs_never_cost_more_for_one_patient() -> None:
    content = scenario(patients=1)
    fewer = planned(content)[1].cost
    content["bookables"][0]["weekly"] = weekly("08:00", "18:00", 6)

    assert planned(content)[1].cost <= fewer


def test_booked_series_stay_and_their_places_are_taken() -> None:
    content = scenario(patients=3)
    _, _, first = planned(content)
    whole = {each["patient"]: each for each in first["series"]}
    content["booked"] = [
        {**whole["p-1"], "frozen": ["evaluation"]},
    ]

    asked, _, body = planned(content)

    kept = next(each for each in body["series"] if each["patient"] == "p-1")
    assert kept["visits"] == whole["p-1"]["visits"]
    assert checked(asked, body) == []


def _other_start(series: Any, visit: str, start: str) -> None:
    series["visits"][visit]["start"] = start


MUTANTS = {
    "grid": lambda s: _other_start(s, "evaluation", "2027-03-15T09:07:00-04:00"),
    "days": lambda s: _other_start(s, "infusion-3", "2027-06-15T09:00:00-04:00"),
    "now": lambda s: _other_start(s, "evaluation", "2027-02-15T09:00:00-05:00"),
    "ready-on": lambda s: _other_start(s, "evaluation", "2027-03-01T09:00:00-05:00"),
    "window": lambda s: _other_start(s, "integration-1", "2027-05-13T09:00:00-04:00"),
    "capacity": lambda s: _other_start(s, "integration-3", "2027-03-21T09:00:00-04:00"),
    "one-day": lambda s: _other_start(s, "infusion-2", "2027-03-19T23:00:00-04:00"),
    "missing": lambda s: s["visits"].pop("infusion-2"),
    "unknown": lambda s: s["visits"].update(booster=s["visits"]["infusion-2"]),
    "choice": lambda s: s["choices"].update(therapist="dr-a"),
    "overlap": lambda s: _other_start(s, "integration-2", s["visits"]["infusion-2"]["start"]),
    "cost": lambda s: s["choices"].update(
        therapist="th-2" if s["choices"]["therapist"] == "th-1" else "th-1"
    ),
}


@pytest.mark.parametrize("rule", sorted(MUTANTS))
@pytest.mark.parametrize("victim", range(5))
@pytest.mark.parametrize("seed", [3, 4])
def test_a_broken_plan_is_caught_by_rule(rule: str, victim: int, seed: int) -> None:
    asked, _, body = planned(scenario(patients=5, seed=seed), steps=0)
    body = json.loads(json.dumps(body))
    MUTANTS[rule](body["series"][victim])

    found = checked(asked, body)

    assert any(f" {rule}:" in line for line in found)


@pytest.mark.parametrize("part", ["unplaced", "delay", "choice", "preference", "moves"])
@pytest.mark.parametrize("wrong", [-1, 1])
def test_a_wrong_sum_is_caught(part: str, wrong: int) -> None:
    asked, _, body = planned(scenario(patients=2), steps=0)
    body["cost_parts"][part] += wrong

    assert any(line.startswith("plan cost: ") for line in checked(asked, body))


def test_a_patient_listed_twice_or_not_at_all_is_caught() -> None:
    asked, _, body = planned(scenario(patients=2), steps=0)
    body["series"][1] = body["series"][0]

    found = checked(asked, body)

    assert "p-0 listed: 2 times instead of once" in found
    assert "p-1 listed: 0 times instead of once" in found


def test_the_commands_work_on_files(tmp_path: Path) -> None:
    run = CliRunner().invoke
    asked, plan_file = tmp_path / "asked.json", tmp_path / "plan.json"
    asked.write_text(json.dumps(scenario()))

    first = run(main, ["plan", str(asked), "--out", str(plan_file), "--steps", "2"])
    bytes_of_first = plan_file.read_bytes()
    run(main, ["plan", str(asked), "--out", str(plan_file), "--steps", "2"])

    assert first.exit_code == 0, first.output
    assert plan_file.read_bytes() == bytes_of_first
    assert run(main, ["check", str(asked), str(plan_file)]).exit_code == 0
    lines = tmp_path / "proposals"
    assert run(main, ["propose", str(asked), "--out", str(lines)]).exit_code == 0
    proposals = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [each["patient"] for each in proposals] == ["p-0", "p-1", "p-2"]
    assert all(each["plans"] and not each["reasons"] for each in proposals)


@pytest.mark.parametrize("text", ["", "[]", "{", "nonsense", '{"format": NaN}', "[" * 100_000])
def test_a_bad_file_ends_with_2_and_nothing_is_written(tmp_path: Path, text: str) -> None:
    asked, out = tmp_path / "asked.json", tmp_path / "plan.json"
    asked.write_text(text)

    told = CliRunner().invoke(main, ["plan", str(asked), "--out", str(out)])

    assert told.exit_code == 2
    assert not out.exists()


def test_the_checker_asks_the_engine_nothing() -> None:
    folder = Path(violations.__code__.co_filename).parent
    allowed = (
        "server.planner.check",
        "server.planner.files.entries",
        "server.domain.calendars",
        "server.planner.files.scenario",
        "server.domain.protocols",
        "shared.vocabulary",
    )
    for file in folder.glob("*.py"):
        for line in file.read_text().splitlines():
            if line.startswith(("from server", "import server", "from shared")):
                assert line.split()[1].startswith(allowed), f"{file.name}: {line}"


def test_of_two_who_want_the_same_hour_each_makes_room_where_that_costs_nothing() -> None:
    """Each of them, placed alone as well as may be, leaves the other a dearer place; there are two
    places that cost both of them nothing more."""
    file = Path(__file__).parent / "cases" / "two_in_each_others_way.json"
    demand = demand_of(read_scenario(json.loads(file.read_text())))

    found = plan(demand, steps=200)

    assert found.cost == found.lower_bound == 6
