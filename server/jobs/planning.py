"""A worker plans one run at a time, each in a process of its own: it may take a processor for
minutes, and messages must not wait for it."""

import subprocess
import sys
from collections.abc import Callable

from server.jobs.work import Work, told
from server.services.planning import planning_work
from server.services.planning.planning_work import Attempt

LOOKS_EVERY = 1.0
LOOKS_AGAIN_AFTER = 10.0
ENDS_WITHIN = 5.0
Wait = Callable[[float], bool]
"""Waits so many seconds at most; answers whether the process is to end."""
Start = Callable[[Attempt], "subprocess.Popen[bytes]"]


def work_off(work: Work, start: Start, wait: Wait) -> None:
    """Take one run after the other, until the process is to end."""
    while not wait(LOOKS_EVERY):
        try:
            with work.context():
                attempt = planning_work.take() if planning_work.waits() else None
            if attempt is not None:
                _see_through(work, attempt, start(attempt), wait)
        except Exception as error:  # noqa: BLE001 - a database that is away comes back
            told("planning", error)
            wait(LOOKS_AGAIN_AFTER)


def _see_through(
    work: Work, attempt: Attempt, process: "subprocess.Popen[bytes]", wait: Wait
) -> None:
    """Wait for the planner; when it dies, its run is not left hanging."""
    while process.poll() is None and not wait(LOOKS_EVERY / 2):
        pass
    if process.poll() is None:
        process.terminate()
        process.wait(ENDS_WITHIN)
    if process.returncode != 0:
        with work.context():
            planning_work.lose(attempt)


def command(attempt: Attempt, parent: int, data: str | None) -> list[str]:
    """How the planner of one run is started."""
    words = [sys.executable, "-m", "server", "planning-run", "--run", attempt.run_id]
    words += ["--attempt", str(attempt.number), "--parent", str(parent)]
    return words + (["--data", data] if data else [])


def carry_out(work: Work, attempt: Attempt) -> int:
    """In the planner's own process: plan, and say by the exit code how it ended."""
    with work.context():
        try:
            planning_work.carry_out(attempt)
        except Exception as error:  # noqa: BLE001 - the log gets what it may hold
            told("planning", error)
            planning_work.fail(attempt)
        return 0


def beat(work: Work, attempt: Attempt, wait: Wait) -> None:
    """Beside the planning: say every few seconds that it is alive, until it counts no more."""
    while not wait(planning_work.BEATS_EVERY.total_seconds()):
        try:
            with work.context():
                if not planning_work.beat(attempt):
                    return
        except Exception as error:  # noqa: BLE001 - a database that is away comes back
            told("planning", error)
