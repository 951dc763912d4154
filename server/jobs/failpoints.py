"""Where the fault harness kills a process: named points on the way of a message, off unless asked.

`TANDEM_FAILPOINT=after-send` dies there as if by `kill -9`; `TANDEM_FAILPOINT=after-send:0.1` does
so one time in ten.
"""

import os
import random
import signal

NAMES = ("after-claim", "before-send", "after-send", "before-mark", "mid-commit")
"""`mid-commit` is when the database has everything of a transaction except the word to keep it."""


def reached(name: str) -> None:
    """Die here if the environment says so."""
    wanted, chance = _asked()
    if wanted == name and random.random() < chance:  # noqa: S311 - no secret
        os.kill(os.getpid(), signal.SIGKILL)


def is_asked(name: str) -> bool:
    """Whether a process may die at this point at all."""
    return _asked()[0] == name


def _asked() -> tuple[str, float]:
    wanted, _, chance = os.environ.get("TANDEM_FAILPOINT", "").partition(":")
    return wanted, float(chance or 1)
