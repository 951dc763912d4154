"""How long somebody waits for an answer: in seconds, or in steps where the same question is to have
the same answer on every machine."""

from dataclasses import dataclass
from time import monotonic


class Late(Exception):
    """Nobody waits any longer."""


class CannotTell(Exception):
    """Compiled code gave up on a case: the complete search is to be asked."""


@dataclass
class Patience:
    """Asked once before every step of a search; None means without end."""

    until: float | None = None
    steps: int | None = None

    @classmethod
    def of(cls, seconds: float) -> "Patience":
        """So many seconds from now."""
        return cls(until=monotonic() + seconds)

    def step(self) -> None:
        """One step more. Raises Late."""
        if self.steps is not None:
            self.steps -= 1
            if self.steps < 0:
                raise Late
        self.look()

    def look(self) -> None:
        """Within a step: is it too late by the clock? Raises Late."""
        if self.until is not None and monotonic() > self.until:
            raise Late
