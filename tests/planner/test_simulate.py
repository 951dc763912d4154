"""What if there were one more chair, no Fridays, another therapist?"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.planner.files.changes import changed
from server.planner.files.entries import FileFaults
from server.planner.files.reading import read_scenario
from tests.planner.scenarios import scenario


def simulated(folder: Path, *changes: str, content: Any = None) -> Result:
    asked = folder / "asked.json"
    asked.write_text(json.dumps(content or scenario(patients=4)))
    words = [word for each in changes for word in ("--change", each)]
    out = ["--out", str(folder / "both.json"), "--steps", "3"]
    return CliRunner().invoke(main, ["simulate", str(asked), *words, *out])


def test_without_chairs_everybody_is_left_out(tmp_path: Path) -> None:
    told = simulated(tmp_path, "chairs.capacity=0")

    assert told.exit_code == 0, told.output
    assert "changed: 0 placed, 4 left out" in told.output
    assert "p-0 is left out now" in told.output
    both = json.loads((tmp_path / "both.json").read_text())
    assert len(both["before"]["series"]) == 4
    assert both["after"]["series"] == []


def test_closed_on_fridays_nothing_is_on_a_friday(tmp_path: Path) -> None:
    from datetime import datetime

    simulated(tmp_path, "closed=fri")

    after = json.loads((tmp_path / "both.json").read_text())["after"]
    starts = [at["start"] for each in after["series"] for at in each["visits"].values()]
    assert starts
    assert all(datetime.fromisoformat(each).weekday() != 4 for each in starts)


def test_one_more_therapist_is_everybodys_last_choice() -> None:
    asked = read_scenario(scenario(patients=2))

    more = changed(asked, ["like=th-1", "like=th-1"])

    assert {"th-1-copy-2", "th-1-copy-3"} <= set(more.bookables)
    for patient in more.patients:
        assert patient.candidates["therapist"][-2:] == ("th-1-copy-2", "th-1-copy-3")


@pytest.mark.parametrize(
    "change",
    [
        "chairs",
        "chairs.capacity=many",
        "chairs.capacity=-1",
        "sofas.capacity=2",
        "chairs.colour=red",
        "closed=someday",
        "th-1.away=2027-02-05..2027-02-01",
        "th-1.away=soon",
        "like=nobody",
    ],
)
def test_a_change_that_means_nothing_is_named(tmp_path: Path, change: str) -> None:
    told = simulated(tmp_path, change)

    assert told.exit_code == 2
    assert f"--change {change}: " in told.output
    assert not (tmp_path / "both.json").exists()


def test_every_such_change_is_told_at_once() -> None:
    with pytest.raises(FileFaults) as refused:
        changed(read_scenario(scenario()), ["closed=x", "like=y"])

    assert len(refused.value.faults) == 2
