"""The process that says what is due. Any number may run: one ticks, the others wait."""

import time
from collections.abc import Callable

from server.jobs import timetable
from server.jobs.send import Queue
from server.jobs.work import Work
from server.persistence.leader import Leader
from server.services.faults import DatabaseError
from server.services.record import clock as services_clock
from server.services.record import health
from server.services.refusals import Unavailable

BETWEEN_TRIES_SECONDS = 2.0
LOOKS_EVERY_SECONDS = 1.0
SET_BACK_SECONDS = 2.0
SILENT_SECONDS = services_clock.SILENT_AFTER.total_seconds()
Wait = Callable[[float], bool]
"""Sleeps so long at most; True once the process is to stop."""


def run(work: Work, queue: Queue, leader: Leader, wait: Wait) -> None:
    """Tick while this process leads, until it is told to stop. A leader that holds the lock and
    does nothing - its process stopped, its host gone without a word - is deposed."""
    stopping, waits_since = False, time.monotonic()
    while not stopping:
        if leader.take() and _ready(work):
            stopping = _lead(work, queue, leader, wait)
            waits_since = time.monotonic()
        else:
            leader.release()
            if time.monotonic() - waits_since > SILENT_SECONDS and _silent(work):
                leader.depose()
                waits_since = time.monotonic()  # whoever leads now gets as long
            stopping = wait(BETWEEN_TRIES_SECONDS)
    leader.release()


def _silent(work: Work) -> bool:
    """Whether nobody ticks, in a database in which somebody could."""
    try:
        with work.context():
            health.require_ready()
            return services_clock.is_silent()
    except (Unavailable, DatabaseError):
        return False


def _ready(work: Work) -> bool:
    """Whether the database is a clinic in its newest form: one that is being brought up to date, or
    put back from a backup, is left alone."""
    try:
        with work.context():
            health.require_ready()
    except (Unavailable, DatabaseError):
        return False
    return True


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
