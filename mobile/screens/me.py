"""Text size, look, language, PIN, where the patient is signed in, and signing out."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from kivy.uix.widget import Widget

from mobile.screens.page import Page
from mobile.viewmodels import taking
from mobile.widgets.pieces import Card, PathRow, Said, button, card, heading

SIZES = (1.0, 1.3, 1.6, 2.0)
LANGUAGES = (("en", "English"), ("es", "Español"))


class MePage(Page):
    """All that a patient sets."""

    tab = "me"
    devices: tuple[dict[str, Any], ...] = ()
    asked_to_leave = False
    said = ""

    def on_pre_enter(self, *_: object) -> None:
        """Ask where else the patient is signed in."""
        self.asked_to_leave, self.said = False, ""
        super().on_pre_enter()
        self.app.phone.devices(self._answered)

    def pieces(self) -> Iterator[Widget]:
        """One card a thing."""
        words = self.words
        yield heading(words("me.title"))
        yield self._choices("me.size", [(f"{size:.0%}", size) for size in SIZES], "text_size")
        looks = [(words("me.light"), False), (words("me.dark"), True)]
        yield self._choices("me.look", looks, "dark")
        yield self._choices("me.language", [(name, code) for code, name in LANGUAGES], "language")
        motion = [(words("me.off"), False), (words("me.on"), True)]
        yield self._choices("me.motion", motion, "less_motion")
        remind = [(words("me.on"), True), (words("me.off"), False)]
        yield self._choices("me.reminders", remind, "reminders")
        waiting = len(self.app.phone.waiting())
        said = words("me.waiting", n=waiting) if waiting else words("me.waiting.none")
        yield card(Said(text=said), button(words("me.sync"), self.app.phone.sync))
        yield button(words("messages.title"), lambda: self.app.go("messages"))
        yield self._copy()
        yield button(words("me.pin"), self.app.change_pin)
        yield from self._devices()
        yield from self._leaving()
        yield Said(text=words("me.notice"), points=14, soft=True)

    def _choices(self, title: str, choices: list[tuple[str, Any]], name: str) -> Card:
        present = getattr(self.app.phone.settings.now, name)
        row = PathRow()
        for text, value in choices:
            tap = partial(self.app.choose, **{name: value})
            each = button(text, tap, chosen=value == present, filled=value == present)
            each.size_hint_x = 0.49
            row.add_widget(each)
        row.spacing = "6dp"
        return card(Said(text=self.words(title), bold=True), row)

    def _copy(self) -> Card:
        """All that the clinic keeps, to take along: out of the locked app, which is said before."""
        words = self.words
        made = card(Said(text=words("copy.title"), bold=True), Said(text=words("copy.text")))
        if self.said:
            made.add_widget(Said(text=self.said, bold=True))
        made.add_widget(
            button(words("copy.go"), lambda: taking.everything(self.app.phone, self._save))
        )
        return made

    def _save(self, content: bytes | None) -> None:
        if content is None:
            self.said = self.words("copy.offline")
        else:
            self.said = self.app.save(taking.COPY, taking.COPY_KIND, content)
        self.app.refresh()

    def _devices(self) -> Iterator[Widget]:
        words = self.words
        if not self.devices:
            return
        made = card(Said(text=words("me.phones"), bold=True))
        for each in self.devices:
            name = words("me.this-phone") if each["present"] else each["device"]
            made.add_widget(Said(text=name, points=15))
            if not each["present"]:
                end = partial(self._end, each["id"])
                made.add_widget(button(words("me.end"), end))
        yield made

    def _end(self, sign_in_id: str) -> None:
        self.app.phone.end_device(sign_in_id, lambda *_: self.app.phone.devices(self._answered))

    def _answered(self, reply: dict[str, Any] | None, _: str) -> None:
        if reply is not None:
            self.devices = tuple(reply["rows"])
            self.app.refresh()

    def _leaving(self) -> Iterator[Widget]:
        words, waiting = self.words, len(self.app.phone.waiting())
        if waiting and self.asked_to_leave:
            yield card(Said(text=words("me.sign-out.sure", n=waiting)), notice=True)
        yield button(words("me.sign-out"), lambda: self._leave(waiting))

    def _leave(self, waiting: int) -> None:
        if waiting and not self.asked_to_leave:
            self.asked_to_leave = True
            self.show()
        else:
            self.app.phone.sign_out()
