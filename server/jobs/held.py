"""What a worker is sending right now: it says every few seconds that it still lives, so that
nobody else takes it over, and whoever dies is replaced soon."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from server.services.messages import sending

if TYPE_CHECKING:
    from server.jobs.work import Work

SAYS_EVERY_SECONDS = 8.0
Wait = Callable[[float], bool]
"""Sleeps so long at most; True once the process is to stop."""


class Held:
    """The leases of this process, of all its threads."""

    def __init__(self) -> None:
        self._leases: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.ends = threading.Event()
        """Set once the process is to end: nothing more is begun."""

    def end(self, within_seconds: float) -> None:
        """Begin nothing more, and wait for what is on its way."""
        self.ends.set()
        until = time.monotonic() + within_seconds
        while self.now() and time.monotonic() < until:
            time.sleep(0.05)

    @contextmanager
    def holding(self, leases: Iterable[str]) -> Iterator[None]:
        """As long as the block lasts."""
        mine = set(leases)
        with self._lock:
            self._leases.update(mine)
        try:
            yield
        finally:
            with self._lock:
                self._leases.subtract(mine)

    def now(self) -> list[str]:
        """What is held at this moment."""
        with self._lock:
            self._leases = +self._leases
            return sorted(self._leases)


def hold_on(work: "Work", wait: Wait) -> None:
    """Beside the sending, until the process is to end."""
    from server.jobs.work import told

    while not wait(SAYS_EVERY_SECONDS):
        if leases := work.held.now():
            try:
                with work.context():
                    sending.hold_on(leases)
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                told("hold", error)
