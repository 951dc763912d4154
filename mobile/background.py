"""Work that takes long happens beside the screen, one thing after the other."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

Post = Callable[[Callable[[], object]], object]
"""Has something called later on the screen's own thread."""


class Background:
    """One worker: two requests of one phone never overtake each other."""

    def __init__(self, post: Post) -> None:
        self._worker, self._post = ThreadPoolExecutor(max_workers=1), post
        self._listening = True

    def run(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do `work` beside the screen and hand what it gave to `then` on the screen's thread."""
        self._worker.submit(work).add_done_callback(lambda done: self._deliver(done, then))

    def close(self) -> None:
        """Finish what was begun; nobody hears of it any more."""
        self._listening = False
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, done: Future[Any], then: Callable[[Any], None]) -> None:
        if not done.cancelled():
            self._post(lambda: then(done.result()) if self._listening else None)


def at_once(work: Callable[[], Any], then: Callable[[Any], None]) -> None:
    """The same with nothing beside it: for tests and scripts."""
    then(work())
