"""The published JSON Schemas say of a file what the reader says of it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from bench.scenarios import scenario as big
from server.planner.files.reading import read_scenario
from tests.planner.scenarios import scenario
from tests.planner.test_repair import booked, repaired
from tests.planner.test_scenario_files import faults_if_any
from tests.planner.test_whole_clinic import planned

FOLDER = Path(__file__).parents[2] / "docs" / "schemas"


def schema(name: str) -> Draft202012Validator:
    content = json.loads((FOLDER / f"{name}.json").read_text())
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content, format_checker=FormatChecker())


def test_what_the_reader_takes_the_schema_takes() -> None:
    for content in (scenario(), scenario(patients=0), booked(), big(20, 0.6, 1)):
        read_scenario(content)

        assert list(schema("scenario").iter_errors(content)) == []


def test_every_plan_and_every_repair_is_as_published() -> None:
    content = booked(patients=2)
    content["patients"][1]["weekly"] = []
    bodies = [planned(scenario())[2], repaired(content)[1]]

    for body in bodies:
        assert list(schema("plan").iter_errors(json.loads(json.dumps(body)))) == []


def put(content: Any, path: str, value: object) -> Any:
    changed = copy.deepcopy(content)
    inner = changed
    *way, last = path.split(".")
    for step in way:
        inner = inner[int(step) if step.isdecimal() else step]
    inner[int(last) if last.isdecimal() else last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "tandem.scenario/2"),
        ("colour", "blue"),
        ("grid_minutes", 7),
        ("first_day", "the first"),
        ("weights.unplaced", -1),
        ("weights.colour", 1),
        ("bookables", None),
        ("bookables.0.id", ""),
        ("bookables.0.weekly.0.days", ["moon"]),
        ("bookables.0.weekly.0.from", "25:00"),
        ("bookables.0.weekly.0.capacity", "many"),
        ("protocols.0.visits", []),
        ("protocols.0.visits.0.parts.0.minutes", "long"),
        ("protocols.0.visits.0.parts.0.claims.0", {"units": 1}),
        ("protocols.0.visits.1.windows.0.edge", "middle"),
        ("protocols.0.visits.1.windows.0.min", "soon"),
        ("patients.0.ready_on", None),
        ("patients.0.prefers", "night"),
        ("patients.0.priority", -1),
        ("patients.0.away", ["tomorrow"]),
        ("patients.0.choices.therapist", "th-1"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(path: str, value: object) -> None:
    bent = put(scenario(), path, value)

    assert list(schema("scenario").iter_errors(bent))
    assert faults_if_any(bent)
