"""Clocks and workers as processes that are born in milliseconds: forked from one that has
imported everything already. They are what `tandem clock` and `tandem worker` are, and as mortal."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

IMPORTED = ["server.cli", "server.commands.jobs", "server.app", "huey.consumer"]


@dataclass(frozen=True)
class Forked:
    """One such process."""

    process: ForkServerProcess

    @property
    def lives(self) -> bool:
        return self.process.is_alive()

    def kill(self) -> None:
        """kill -9, and gone."""
        self.process.kill()
        self.process.join()

    def send_signal(self, number: int) -> None:
        """As a shell would."""
        os.kill(self.process.pid, number)

    def wait(self, seconds: float | None = None) -> int | None:
        """With what it ended; None where it has not."""
        self.process.join(seconds)
        return self.process.exitcode


def from_the_imported() -> ForkServerContext:
    """How to begin processes that have imported everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context


def forked(
    words: Sequence[str],
    env: Mapping[str, str],
    log: Path | None = None,
    *,
    hurried: bool = True,
) -> Forked:
    """Run this `tandem` command with exactly these words in its environment; what it says goes into
    the log, if one is named. What is not `hurried` ticks as seldom as in a clinic."""
    work = (tuple(words), dict(env), log, hurried)
    process = from_the_imported().Process(target=_run, args=work, daemon=True)
    process.start()
    return Forked(process)


def _run(words: tuple[str, ...], env: dict[str, str], log: Path | None, hurried: bool) -> None:
    if log:
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, 1)
        os.dup2(file, 2)
    from server.cli import main
    from server.jobs import timetable

    if hurried:
        # A clock that ticks every second makes as much happen in a fifth of the time.
        timetable.TIMETABLE = tuple(replace(job, every_seconds=1) for job in timetable.TIMETABLE)
    os.environ.clear()
    os.environ.update(env)
    main(list(words), prog_name="tandem")


@dataclass(frozen=True)
class Astray:
    """One whose clock on the wall says what `clock_file` says: "+1h" is an hour more."""

    process: subprocess.Popen[bytes]

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """kill -9, and gone."""
        self.process.kill()
        self.process.wait()


def astray(words: tuple[str, ...], env: Mapping[str, str], clock_file: Path) -> Astray:
    """Run this `tandem` command, and mislead it, though not the database, about the time."""
    library = Path(find_spec("libfaketime").origin).parent / "vendor/libfaketime/src"
    more = {
        "LD_PRELOAD": str(library / "libfaketime.so.1"),
        "FAKETIME_TIMESTAMP_FILE": str(clock_file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    started = [sys.executable, "-m", "server", *words]
    return Astray(subprocess.Popen(started, env={**env, **more}))
