"""How the clinic may write to the patient, and a copy of all that it keeps."""

from collections.abc import Iterator
from datetime import time
from functools import partial
from typing import Any

from kivy.uix.widget import Widget

from mobile.screens.page import Page
from mobile.viewmodels import wishes
from mobile.widgets.pieces import Card, Said, button, card, heading, segments


def columns(scale: float, choices: int) -> int:
    """How many choices stand side by side, so that none is cut off."""
    if scale > 1.6:
        return 1
    return 2 if scale > 1 or choices % 2 == 0 else min(choices, 3)


class MessagesPage(Page):
    """One card a wish; what is tapped holds from now on."""

    tab = "me"

    def back_to(self) -> str:
        """To "me"."""
        return "me"

    def pieces(self) -> Iterator[Widget]:
        """By what way, how much, when not, and nothing at all."""
        words, held = self.words, wishes.current(self.app.phone)
        yield heading(words("messages.title"))
        if not held:
            yield card(Said(text=words("nothing-yet")))
            return
        ways = [(words(f"messages.by.{each}"), each) for each in ("email", "sms")]
        yield self._wish("channel", ways, held)
        much = [(words(f"messages.detail.{each}"), each) for each in ("little", "times")]
        yield self._wish("detail", much, held)
        yield self._hours("quiet_from", wishes.FROM, held)
        yield self._hours("quiet_until", wishes.UNTIL, held)
        stop = [(words("messages.go-on"), False), (words("messages.stop"), True)]
        yield self._wish("stopped", stop, held)

    def _hours(self, name: str, usual: tuple[int, ...], held: dict[str, Any]) -> Card:
        choices = [
            (self.words.clock(time(*divmod(minutes, 60))), minutes)
            for minutes in wishes.hours(held[name], usual)
        ]
        return self._wish(name, choices, held)

    def _wish(self, name: str, choices: list[tuple[str, Any]], held: dict[str, Any]) -> Card:
        made = []
        for text, value in choices:
            present = value == held[name]
            tap = partial(self._choose, name, value)
            made.append(button(text, tap, filled=present, chosen=present))
        title = Said(text=self.words(f"messages.{name}"), bold=True)
        return card(title, segments(made, columns(self.app.scale, len(made))))

    def _choose(self, name: str, value: Any) -> None:
        wishes.change(self.app.phone, **{name: value})
        self.show()
