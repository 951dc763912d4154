"""A real worker plans in a process of its own; killed in the middle, nothing hangs."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from server.persistence.database import db
from server.persistence.planning_runs import PlanningRunRow
from server.services.planning import planning_runs
from server.services.planning.planning_wishes import Wanted
from shared.planning_words import PlanningRunStatus
from tests.processes import Forked, forked
from tests.services.a_series import ShortClinic, short_clinic
from tests.services.test_planning_runs import NOW, enrolled

S = PlanningRunStatus
Worker = Callable[[], Forked]


@pytest.fixture
def clinic(app: Flask) -> ShortClinic:
    del app
    made = short_clinic()
    enrolled(made, 3)
    return made


@pytest.fixture
def worker(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Worker]:
    """Starts real workers on this test's database."""
    del app
    settings = {"DATABASE_URL": database_url, "SECRET_KEY": "only for this test, quite long"}
    started: list[Forked] = []

    def start() -> Forked:
        log = tmp_path / f"worker-{len(started)}.log"
        started.append(forked(["worker"], os.environ | settings, log, hurried=False))
        return started[-1]

    yield start
    for each in started:
        if each.lives:
            each.send_signal(signal.SIGTERM)
            each.wait(30)


def asked(clinic: ShortClinic, seconds: int) -> str:
    wanted = Wanted(seconds=seconds)
    return planning_runs.ask(clinic.by, clinic.site_id, wanted, now=NOW).id


def run(clinic: ShortClinic, run_id: str) -> PlanningRunRow:
    db.session.rollback()
    db.session.expire_all()
    return planning_runs.read(clinic.by, run_id)


def until(clinic: ShortClinic, run_id: str, status: PlanningRunStatus) -> PlanningRunRow:
    ends = time.monotonic() + 120
    while (row := run(clinic, run_id)).status != status:
        assert time.monotonic() < ends, row.status
        time.sleep(0.2)
    return row


def planners_of(process: Forked) -> list[int]:
    """The processes that a worker has started to plan."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(facts[1]) == process.process.pid:
            found.append(int(each.parent.name))
    return found


def gone(planner: int) -> None:
    ends = time.monotonic() + 60
    while Path(f"/proc/{planner}").exists():
        assert time.monotonic() < ends
        time.sleep(0.2)


def test_a_worker_ends_a_run_and_is_free_at_once_when_one_is_stopped(
    clinic: ShortClinic, worker: Worker
) -> None:
    long = asked(clinic, 600)
    worker()
    until(clinic, long, S.RUNNING)
    planning_runs.cancel(clinic.by, long, now=NOW)

    done = until(clinic, asked(clinic, 1), S.DONE)
    assert (done.placed, done.series, done.percent) == (3, 3, 100)
    assert run(clinic, long).status == S.CANCELLED


def test_killed_at_whatever_place_nothing_hangs_and_no_planner_lives_on(
    clinic: ShortClinic, worker: Worker
) -> None:
    run_id, process = asked(clinic, 600), worker()
    until(clinic, run_id, S.RUNNING)
    (planner,) = planners_of(process)
    os.kill(planner, signal.SIGKILL)
    until(clinic, run_id, S.INTERRUPTED)
    assert process.lives

    planning_runs.restart(clinic.by, run_id, now=NOW)
    assert until(clinic, run_id, S.RUNNING).attempt == 2
    (planner,) = planners_of(process)
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    gone(planner)
    assert run(clinic, run_id).status == S.INTERRUPTED

    planning_runs.restart(clinic.by, run_id, now=NOW)
    process = worker()
    until(clinic, run_id, S.RUNNING)
    (planner,) = planners_of(process)
    process.kill()
    gone(planner)
