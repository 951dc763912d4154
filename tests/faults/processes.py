"""Clocks and workers as processes that are born in milliseconds: forked from one that has imported
everything already. They are what `tandem clock` and `tandem worker` are, and as mortal."""

import multiprocessing
import os
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess

IMPORTED = ["server.cli", "server.job_commands", "server.app", "huey.consumer"]


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


def forked(words: tuple[str, ...], env: Mapping[str, str]) -> Forked:
    """Run this `tandem` command with exactly these words in its environment."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    process = context.Process(target=_run, args=(words, dict(env)), daemon=True)
    process.start()
    return Forked(process)


def _run(words: tuple[str, ...], env: dict[str, str]) -> None:
    from server.cli import main

    os.environ.clear()
    os.environ.update(env)
    main(list(words), prog_name="tandem")
