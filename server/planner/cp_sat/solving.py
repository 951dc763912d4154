"""Asks CP-SAT in a process of its own, which may not take more than so much memory."""

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.domain.placement import SeriesPlan
from server.planner.demand import ClinicDemand

GRACE_SECONDS = 30.0
"""How long it may take to import, to build the model and to stop, beside the time to solve."""
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "NUMBA_NUM_THREADS": "1"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A demand, plans to begin from (by number), what each series costs at least, and how long and
    with how much memory to look. One worker and a seed give the same answer again."""

    demand: ClinicDemand
    hints: Mapping[int, SeriesPlan] = field(default_factory=dict)
    least: Mapping[int, int] = field(default_factory=dict)
    everybody: bool = False
    """Whether each series is to be placed at whatever price."""
    seconds: float = 20
    workers: int = 8
    megabytes: int = 4096
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The best plans found (by number) and their cost, None where none was found in time; the
    proved bound; whether that is proved to be the best, or that there is none; how much memory it
    took (MB)."""

    plans: Mapping[int, SeriesPlan]
    cost: int | None
    bound: int | None
    proved: bool
    seconds: float
    megabytes: float


def solve(wish: Wish) -> Answer | None:
    """None where the demand has no model, or the process ran out of memory or died."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "server.planner.cp_sat"],
            input=pickle.dumps(wish),
            capture_output=True,
            check=False,
            env={**os.environ, **ONE_THREAD},
            timeout=wish.seconds + GRACE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode or not done.stdout:
        return None
    found: Answer | None = pickle.loads(done.stdout)  # noqa: S301 - our own process wrote it
    return found
