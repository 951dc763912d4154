"""Where the fault harness kills a process: named points on the way of a message, off unless asked.

`TANDEM_FAILPOINT=after-send` dies there as if by `kill -9`; `TANDEM_FAILPOINT=after-send:0.1` does
so one time in ten.
"""

import os
import random
import signal

NAMES = ("after-claim", "before-send", "after-send", "before-mark")


def reached(name: str) -> None:
    """Die here if the environment says so."""
    wanted, _, chance = os.environ.get("TANDEM_FAILPOINT", "").partition(":")
    if wanted == name and random.random() < float(chance or 1):  # noqa: S311 - no secret
        os.kill(os.getpid(), signal.SIGKILL)
