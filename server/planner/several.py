"""One clinic planned by several processes, each by a seed of its own: the cheapest plan is taken,
and the nearest of all proofs. The second spends most of its time on the proof.

This process is the first, and the one that is watched. Another that is not through in time, or dies
for want of memory, is not waited for. `python -m server.planner.several` is one of the others.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic, time

from server.planner.demand import ClinicDemand, ClinicPlan, Watch
from server.planner.plan import FOR_PRICES, PROVING, SEARCHING, plan

START_SECONDS = 2.5
"""How long another process takes until it plans; a run that is hardly longer gets none."""
HANDING_SECONDS = 0.2
"""For handing the plan back."""
GRACE_SECONDS = 1.0
Process = subprocess.Popen[bytes]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What one process is to plan, and for how long."""

    demand: ClinicDemand
    seconds: float
    steps: int | None
    seed: int
    sent: float | None = None
    """When another process was asked, by the clock on the wall: its start is taken off its time."""
    for_prices: tuple[float, float] = FOR_PRICES
    """How it divides its time, as `plan` says."""


def plan_by_several(wish: Wish, workers: int, watch: Watch | None = None) -> ClinicPlan:
    """As `plan`. By steps the same wish and number of workers give the same plan."""
    began = monotonic()
    others = workers - 1 if wish.demand.demands and wish.seconds > 2 * START_SECONDS else 0
    with _others(wish, others) as processes:
        own = _planned(replace(wish, for_prices=SEARCHING) if processes else wish, watch)
        until = None if wish.steps is not None else monotonic() + GRACE_SECONDS
        answers = [_answer(each, until) for each in processes]
    found = [own, *(each for each in answers if each is not None)]
    best = min(found, key=lambda each: (each.cost, each.seed))
    bounds = [each.lower_bound for each in found if each.lower_bound is not None]
    return replace(
        best,
        lower_bound=max(bounds, default=None),
        seconds=round(monotonic() - began, 3),
        seed=wish.seed,
    )


def _planned(wish: Wish, watch: Watch | None = None) -> ClinicPlan:
    return plan(
        wish.demand,
        seconds=wish.seconds,
        steps=wish.steps,
        seed=wish.seed,
        watch=watch,
        for_prices=wish.for_prices,
    )


def main() -> None:
    """Plan what standard input wishes; the plan goes to standard output. Whoever asked may be
    killed meanwhile: then nobody waits for it, and it ends."""
    asked_by = os.getppid()
    wish: Wish = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process wrote it
    gone = max(0.0, time() - (wish.sent or time()))
    wish = replace(wish, seconds=max(0.0, wish.seconds - gone))
    found = _planned(wish, lambda _: os.getppid() == asked_by)
    if os.getppid() == asked_by:
        sys.stdout.buffer.write(pickle.dumps(found))


@contextmanager
def _others(wish: Wish, count: int) -> Iterator[list[Process]]:
    """So many more processes at work; none is left behind."""
    less = replace(wish, seconds=wish.seconds - HANDING_SECONDS, sent=time())
    divided = [PROVING, *[SEARCHING] * count]
    processes = [
        _start(replace(less, seed=wish.seed + n + 1, for_prices=divided[n])) for n in range(count)
    ]
    try:
        yield processes
    finally:
        for each in processes:
            each.kill()
            with each:  # closes what it would have written to
                pass


def _start(wish: Wish) -> Process:
    with tempfile.TemporaryFile() as file:
        pickle.dump(wish, file)
        file.seek(0)
        command = [sys.executable, "-m", "server.planner.several"]
        return subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE)  # noqa: S603


def _answer(process: Process, until: float | None) -> ClinicPlan | None:
    patience = None if until is None else max(0.01, until - monotonic())
    try:
        told, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        return None
    found: ClinicPlan | None = pickle.loads(told) if told else None  # noqa: S301 - our own process
    return found


if __name__ == "__main__":
    main()
