"""The process that says what is due. Any number may run: one ticks, the others wait."""

import time
from collections.abc import Callable

from server.jobs import timetable
from server.jobs.send import Queue
from server.jobs.work import Work
from server.persistence.leader import Leader

BETWEEN_TRIES_SECONDS = 2.0
LOOKS_EVERY_SECONDS = 1.0
SET_BACK_SECONDS = 2.0
Wait = Callable[[float], bool]
"""Sleeps so long at most; True once the process is to stop."""


def run(work: Work, queue: Queue, leader: Leader, wait: Wait) -> None:
    """Tick while this process leads, until it is told to stop."""
    stopping = False
    while not stopping:
        if leader.take():
            stopping = _lead(work, queue, leader, wait)
        else:
            stopping = wait(BETWEEN_TRIES_SECONDS)
    leader.release()


def _lead(work: Work, queue: Queue, leader: Leader, wait: Wait) -> bool:
    """Tick until told to stop (True) or until the lock is lost (False)."""
    scheduler = timetable.scheduler(work, queue)
    scheduler.start()
    try:
        before = _ahead()
        while leader.holds():
            if wait(LOOKS_EVERY_SECONDS):
                return True
            if _ahead() < before - SET_BACK_SECONDS:
                timetable.again(scheduler)
            before = _ahead()
        return False
    finally:
        scheduler.shutdown(wait=True)


def _ahead() -> float:
    """How far the clock on the wall is ahead of the one that nobody can set."""
    return time.time() - time.monotonic()
