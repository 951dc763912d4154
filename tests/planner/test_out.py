"""Where the planner's commands write: at once refused what cannot be, nothing lost, nobody left."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from tests.planner.scenarios import scenario

T = TypeVar("T")


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "asked.json"
    path.write_text(json.dumps(scenario(2)))
    return path


def told(command: str, asked: Path, out: Path) -> Result:
    return CliRunner().invoke(main, [command, str(asked), "--out", str(out)])


@pytest.mark.parametrize("command", ["plan", "propose", "repair"])
def test_a_scenario_is_never_written_over(asked: Path, command: str) -> None:
    before, link = asked.read_bytes(), asked.parent / "link.json"
    link.symlink_to(asked)

    for out in (asked, link):
        refused = told(command, asked, out)

        assert refused.exit_code == 2
        assert refused.stderr == f"{out.name}: is what is read; it would be lost\n"
    assert asked.read_bytes() == before


def test_what_cannot_be_written_is_refused_before_anything_is_planned(asked: Path) -> None:
    for out in (asked.parent / "no" / "plan.json", asked.parent):
        began = monotonic()

        assert told("plan", asked, out).exit_code == 2

        assert monotonic() - began < 30  # of the minute that it would plan


def test_a_pipe_stays_a_pipe_and_a_link_a_link(asked: Path) -> None:
    pipe, link, heard = asked.parent / "pipe", asked.parent / "link", list[str]()
    os.mkfifo(pipe)
    (asked.parent / "plan.json").write_text("old")
    link.symlink_to(asked.parent / "plan.json")
    listener = Thread(target=lambda: heard.append(pipe.read_text()))
    listener.start()

    assert told("propose", asked, pipe).exit_code == 0
    assert told("propose", asked, link).exit_code == 0

    listener.join(60)
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert len(heard[0].splitlines()) == len(link.read_text().splitlines()) == 2


def test_a_plan_that_is_told_to_end_leaves_no_process_behind(asked: Path) -> None:
    asked.write_text(json.dumps(scenario(40)))
    command = [sys.executable, "-c", "from server.cli import main; main()", "plan", str(asked)]
    with subprocess.Popen([*command, "--out", str(asked.parent / "plan.json")]) as planning:
        helper = _waited_for(lambda: _children(planning.pid))

        planning.send_signal(signal.SIGTERM)

        planning.wait(60)
    _waited_for(lambda: not any(map(_lives, helper)))
    assert not (asked.parent / "plan.json").exists()


def _waited_for(what: Callable[[], T]) -> T:
    until = monotonic() + 90
    while not (found := what()):
        assert monotonic() < until
        sleep(0.1)
    return found


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in told.split()]


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
