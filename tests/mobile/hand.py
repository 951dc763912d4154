"""A finger on the real window: taps what it reads, types, and looks whether words are cut off."""

import time
from collections.abc import Callable, Iterator
from typing import Any

PATIENCE_SECONDS = 60
FRAMES = 10
"""However slow the machine, the app is given so many to answer a tap."""


class Hand:
    """Uses the app as a patient does."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def settle(self, seconds: float = 0.25) -> None:
        from kivy.base import EventLoop

        until, frames = time.monotonic() + seconds, 0
        while time.monotonic() < until or frames < FRAMES:
            EventLoop.idle()
            frames += 1

    def wait_for(self, true: Callable[[], object], what: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not true():
            assert time.monotonic() < until, f"{what} did not come; seen: {self.seen()}"
            self.settle(0.05)

    @property
    def page(self) -> Any:
        return self.app.pages.current_screen

    def widgets(self) -> Iterator[Any]:
        return self.page.walk()

    def seen(self) -> list[str]:
        """All words on the page, from the top."""
        from kivy.uix.label import Label

        labels = (each for each in self.widgets() if isinstance(each, Label))
        return [each.text for each in labels if each.text.strip() and each.font_name != "Icons"]

    def finds(self, words: str) -> None:
        self.wait_for(lambda: self.reads(words), words)

    def reads(self, words: str) -> bool:
        return any(words in each for each in self.seen())

    def tap(self, words: str) -> None:
        """The first thing to tap that bears these words."""
        from kivy.tests.common import UnitTestTouch

        self.settle(0.05)  # until everything has its place
        scroll = self.page.ids.get("scroll")
        if scroll is not None and (found := self.button(words)) in scroll.walk():
            scroll.scroll_to(found, animate=False)
            self.settle(0.1)
        found = self.button(words)  # the page may have been drawn anew meanwhile
        touch = UnitTestTouch(*found.to_window(*found.center))
        touch.touch_down()
        self.wait_for(lambda: found.state == "down", f"{words!r} that feels the finger")
        assert found.get_root_window(), f"{words!r} was drawn anew under the finger"
        touch.touch_up()
        self.settle(0.3)

    def button(self, words: str) -> Any:
        """The first thing to tap that bears these words."""
        from kivy.uix.behaviors import ButtonBehavior

        for each in self.widgets():
            if isinstance(each, ButtonBehavior) and words in each.text and not each.disabled:
                return each
        raise AssertionError(f"nothing to tap says {words!r}; seen: {self.seen()}")

    def write(self, label: str, words: str) -> None:
        from mobile.widgets.pieces import TextRow

        rows = [each for each in self.widgets() if isinstance(each, TextRow)]
        next(each for each in rows if each.label == label).text = words

    def pin_at_once(self, digits: str) -> None:
        """The same without a finger, where the pad itself is not what is tried."""
        for digit in digits:
            self.page._do(lambda digit=digit: self.page.model.press(digit))
        self.page._do(self.page.model.done)
        self.settle(0.05)

    def pin(self, digits: str) -> None:
        model = self.app.pages.get_screen("pin").model
        for place, digit in enumerate(digits, start=1):
            self.tap(digit)
            assert len(model.digits) == place, f"{digit} went unheard"
        self.tap("OK")
        assert not model.digits, "OK went unheard"

    def cut_off(self) -> list[str]:
        """Words that do not fit the place they have."""
        from kivy.core.window import Window
        from kivy.uix.label import Label

        cut = []
        for each in self.widgets():
            if isinstance(each, Label) and each.text.strip():
                left, _ = each.to_window(each.x, each.y)
                wide = each.texture_size[0] > each.width + 1 or left < -1
                beyond = left + each.width > Window.width + 1
                if wide or beyond or each.texture_size[1] > each.height + 1:
                    cut.append(each.text)
        return cut

    def too_small(self) -> list[str]:
        """Things to tap that are lower or narrower than 48 dp."""
        from kivy.metrics import dp
        from kivy.uix.behaviors import ButtonBehavior

        buttons = (each for each in self.widgets() if isinstance(each, ButtonBehavior))
        return [each.text for each in buttons if min(each.width, each.height) < dp(48) - 0.5]
