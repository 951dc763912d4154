"""Where the patient's finger is: no page changes under one that is down."""

from collections.abc import Callable

from kivy.clock import Clock
from kivy.core.window import Window

LETS_GO = 0.25
"""A scrolling page hands a short tap on so long after the finger has left."""


class Finger:
    """Keeps what would change the page until no finger is on it."""

    def __init__(self) -> None:
        self._down: set[object] = set()
        self._later: list[Callable[[], object]] = []
        Window.bind(on_touch_down=self._put, on_touch_up=self._lifted)

    def when_lifted(self, call: Callable[[], object]) -> None:
        """Call now, or once no finger is down; what is asked for twice is called once."""
        if not self._down:
            call()
        elif call not in self._later:
            self._later.append(call)

    def forget(self) -> None:
        """The window belongs to somebody else now."""
        Window.unbind(on_touch_down=self._put, on_touch_up=self._lifted)
        self._later.clear()

    def _put(self, _: object, touch: object) -> None:
        self._down.add(getattr(touch, "uid", None))

    def _lifted(self, _: object, touch: object) -> None:
        Clock.schedule_once(lambda _: self._gone(getattr(touch, "uid", None)), LETS_GO)

    def _gone(self, uid: object) -> None:
        self._down.discard(uid)
        if not self._down:
            calls, self._later = self._later, []
            for call in calls:
                call()
