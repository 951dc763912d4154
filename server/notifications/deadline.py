"""An end to whatever takes too long. A time-out of a socket begins anew with every byte: a far end
that sends one now and then would hold a message longer than its lease."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

WITHIN_SECONDS = 90.0
"""For one message, from looking up the address to the far end's last word."""
SILENCE_SECONDS = 30.0
"""The longest wait for one connection, or for one sign of life on it."""


class Deadline:
    """As long as the block lasts, connections it watches are cut when the time is over."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.watched: list[socket.socket] = []
        self.lock = threading.Lock()
        self.timer = threading.Timer(seconds, self._cut)
        self.timer.daemon = True

    def __enter__(self) -> Self:
        self.timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.timer.cancel()

    def watch(self, connection: socket.socket) -> None:
        """Cut this one too; at once where the time is over already."""
        with self.lock:
            self.watched.append(connection)
        if time.monotonic() >= self.until:
            self._cut()

    def _cut(self) -> None:
        with self.lock:
            for each in self.watched:
                # As a plain socket: what TLS has in hand belongs to the thread that waits for it.
                with suppress(OSError):
                    socket.socket.shutdown(each, socket.SHUT_RDWR)
