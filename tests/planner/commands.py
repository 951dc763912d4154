"""`tandem plan`, `propose`, `repair` and `check` on files, as a clinic would run them."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from server.cli import main
from server.planner.check.costs import cost_parts
from server.planner.check.plan_file import read_plan
from server.planner.files.reading import read_scenario

Json = dict[str, Any]


class Desk:
    """One folder, in which a scenario is planned, proposed for, repaired and looked over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def plan(self, content: Json) -> Json:
        """The plan of all patients, which `tandem check` has found to hold."""
        return self._held("plan", content, "--steps", "2", "--workers", "1")

    def repair(self, content: Json) -> Json:
        """The repair of what is booked, which `tandem check` has found to hold."""
        return self._held("repair", content, "--steps", "3")

    def propose(self, content: Json) -> list[Json]:
        """One object a patient; every plan proposed has been found to hold by `tandem check`."""
        self._run("propose", self._file("asked", content), "--out", self._folder / "lines")
        told = [json.loads(line) for line in (self._folder / "lines").read_text().splitlines()]
        for each in told:
            for one in each["plans"]:
                alone = _alone(content, each["patient"], one)
                assert self.check(content | {"patients": alone.pop("patients")}, alone) == []
        return told

    def check(self, content: Json, plan: Json, reading: str = "plan") -> list[str]:
        """The breaches that `tandem check` tells."""
        files = self._file("asked", content), self._file("told", plan)
        told = CliRunner().invoke(main, ["check", *map(str, files), "--as", reading])
        assert told.exit_code == bool(told.stdout), told.output
        return told.stdout.splitlines()

    def _held(self, command: str, content: Json, *options: str) -> Json:
        out = self._folder / "found.json"
        self._run(command, self._file("asked", content), "--out", out, *options)
        found: Json = json.loads(out.read_text())
        assert self.check(content, found, command) == []
        assert found["lower_bound"] is None or found["lower_bound"] <= found["cost"]
        return found

    def _run(self, *words: object) -> Result:
        told = CliRunner().invoke(main, [str(each) for each in words])
        assert told.exit_code == 0, told.output
        return told

    def _file(self, name: str, content: Json) -> Path:
        path = self._folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return path


def _alone(content: Json, patient: str, proposed: Json) -> Json:
    """A proposal as the plan of a clinic in which nobody else waits; with that clinic's patients.
    It costs what was told."""
    booked = {each["patient"] for each in content.get("booked", [])}
    patients = [each for each in content["patients"] if each["id"] in booked | {patient}]
    series = [{key: each[key] for key in SERIES} for each in content.get("booked", [])]
    own = {"patient": patient, "choices": proposed["choices"], "visits": proposed["visits"]}
    body = {
        "format": "tandem.plan/1",
        "scenario": content["name"],
        "unplaced": [],
        "cost": 0,
        "cost_parts": dict.fromkeys(("unplaced", "delay", "choice", "preference", "moves"), 0),
    }
    asked = read_scenario(content | {"patients": patients})
    only = cost_parts(asked, read_plan(body | {"series": [own]}))
    assert sum(only.values()) == proposed["cost"]
    whole = body | {"series": [*series, own]}
    parts = cost_parts(asked, read_plan(whole))
    return whole | {"cost_parts": parts, "cost": sum(parts.values()), "patients": patients}


SERIES = ("patient", "choices", "visits")


def as_booked(plan: Json) -> list[Json]:
    """The series of a plan, as a scenario holds those that are booked."""
    return [{**each, "frozen": []} for each in plan["series"]]
