"""The PIN pad: choose one twice, or give it."""

from collections.abc import Callable
from enum import StrEnum

from mobile.words import Words

SHORTEST, LONGEST = 4, 8


class Asks(StrEnum):
    """What the pad is asking for."""

    CHOOSE = "choose"
    AGAIN = "again"
    ENTER = "enter"


class PinModel:
    """Collects digits. `opened(pin)` says what came of it: "" for all well, else a sentence."""

    def __init__(self, words: Words, *, new: bool, opened: Callable[[str], str]) -> None:
        self._words, self._opened = words, opened
        self.asks = Asks.CHOOSE if new else Asks.ENTER
        self.digits, self.said, self._first = "", "", ""

    @property
    def title(self) -> str:
        """What is asked for."""
        return self._words(f"pin.{self.asks}")

    def press(self, digit: str) -> None:
        """One more digit."""
        if len(self.digits) < LONGEST:
            self.digits, self.said = self.digits + digit, ""

    def delete(self) -> None:
        """Take the last one back."""
        self.digits = self.digits[:-1]

    def done(self) -> None:
        """What was typed is meant."""
        given, self.digits = self.digits, ""
        if len(given) < SHORTEST:
            self.said = self._words("pin.short")
        elif self.asks is Asks.CHOOSE:
            self._first, self.asks = given, Asks.AGAIN
        elif self.asks is Asks.AGAIN and given != self._first:
            self.asks, self.said = Asks.CHOOSE, self._words("pin.differ")
        else:
            self.said = self._opened(given)
