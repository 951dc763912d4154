"""A broken morning: the bookings hold again, and as little as possible has changed."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli import main
from server.domain.booking import breaches
from server.planner.demand import ClinicPlan
from server.planner.files.questions import repair_demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.writing import repair_body
from server.planner.repair import repair
from tests.planner.scenarios import scenario
from tests.planner.test_whole_clinic import planned


def booked(patients: int = 5, seed: int = 1) -> Any:
    """A clinic with every series booked whole."""
    content = scenario(patients=patients, seed=seed)
    _, _, body = planned(content)
    content["booked"] = [
        {
            "patient": each["patient"],
            "choices": each["choices"],
            "frozen": [],
            "visits": each["visits"],
        }
        for each in body["series"]
    ]
    return content


def repaired(content: Any, steps: int = 20) -> tuple[ClinicPlan, Any]:
    asked = read_scenario(content)
    found = repair(repair_demand_of(asked), steps=steps)
    return found, repair_body(asked, found, {})


def closed(content: Any, bookable: str, day: str) -> Any:
    """The same clinic with one bookable away for a day."""
    changed = copy.deepcopy(content)
    one = next(each for each in changed["bookables"] if each["id"] == bookable)
    one["exceptions"] = [{"day": day, "capacity": 0}]
    return changed


def day_of(content: Any, patient: int, code: str) -> str:
    start: str = content["booked"][patient]["visits"][code]["start"]
    return start[:10]


def all_breaches(content: Any, found: ClinicPlan) -> list[object]:
    """What the clinic's own booking rules say about every series, the others being booked."""
    from dataclasses import replace

    from server.planner.clinic.ledger import claims_of

    demand = repair_demand_of(read_scenario(content))
    told: list[object] = []
    for one in demand.demands:
        others = [
            claim
            for other in demand.demands
            if other.id != one.id and other.id in found.placed
            for claim in claims_of(other, found.placed[other.id])
        ]
        around = replace(demand.calendar, claims=(*demand.calendar.claims, *others))
        if one.id in found.placed:
            now = one.series.not_before
            told += breaches(one.series, found.placed[one.id], around, now=now)
    return told


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_whole_stays_as_it_is(seed: int) -> None:
    content = booked(seed=seed)

    found, body = repaired(content)

    assert found.cost == 0
    assert {each["patient"]: each["visits"] for each in body["series"]} == {
        each["patient"]: each["visits"] for each in content["booked"]
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("code", ["infusion-1", "infusion-3", "integration-2"])
def test_after_a_bad_day_everything_holds_again(seed: int, code: str) -> None:
    content = booked(seed=seed)
    who = "chairs" if code.startswith("infusion") else content["booked"][2]["choices"]["therapist"]
    broken = closed(content, who, day_of(content, 2, code))

    found, body = repaired(broken)

    assert found.cost > 0
    assert found.lower_bound is not None
    assert found.lower_bound <= found.cost
    assert all_breaches(broken, found) == []
    assert body["cost"] == body["cost_parts"]["moves"] + body["cost_parts"]["unplaced"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_repair_of_a_repair_changes_nothing(seed: int) -> None:
    content = booked(seed=seed)
    broken = closed(content, "chairs", day_of(content, 1, "infusion-2"))
    _, body = repaired(broken)
    again = copy.deepcopy(broken)
    again["booked"] = [
        {
            "patient": each["patient"],
            "choices": each["choices"],
            "frozen": [],
            "visits": each["visits"],
        }
        for each in body["series"]
    ]

    assert repaired(again)[0].cost == 0


def test_what_is_frozen_or_past_stays_whatever_happens() -> None:
    content = booked()
    day = day_of(content, 2, "infusion-2")
    broken = closed(content, "chairs", day)
    broken["booked"][2]["frozen"] = ["infusion-2"]
    broken["now"] = f"{day_of(content, 2, 'infusion-1')}T20:00:00-04:00"

    _, body = repaired(broken)

    mine = next(each for each in body["series"] if each["patient"] == "p-2")
    before = broken["booked"][2]["visits"]
    for code in ("evaluation", "infusion-1", "infusion-2"):
        assert mine["visits"][code] == before[code]


def test_a_therapist_who_leaves_is_covered_for_the_visits_to_come() -> None:
    content = booked()
    therapist = content["booked"][0]["choices"]["therapist"]
    theirs = [
        n for n, one in enumerate(content["booked"]) if one["choices"]["therapist"] == therapist
    ]
    broken = copy.deepcopy(content)
    next(each for each in broken["bookables"] if each["id"] == therapist)["weekly"] = []

    found, body = repaired(broken)

    assert not found.unplaced
    assert body["cost_parts"]["moves"] >= len(theirs) * (50 + 3 * 10)
    assert all(each["choices"]["therapist"] != therapist for each in body["series"])


def test_a_series_for_which_nothing_is_left_is_given_up_with_reasons(tmp_path: Path) -> None:
    content = booked(patients=2)
    content["patients"][1]["weekly"] = []
    asked, out = tmp_path / "asked.json", tmp_path / "plan.json"
    asked.write_text(json.dumps(content))

    told = CliRunner().invoke(main, ["repair", str(asked), "--out", str(out), "--steps", "5"])

    assert told.exit_code == 0, told.output
    body = json.loads(out.read_text())
    assert [each["patient"] for each in body["unplaced"]] == ["p-1"]
    assert body["unplaced"][0]["reasons"]
    assert body["cost_parts"] == {
        "unplaced": 2000,
        "delay": 0,
        "choice": 0,
        "preference": 0,
        "moves": 0,
    }
