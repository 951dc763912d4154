"""Text size, look, language, PIN, where the patient is signed in, and signing out."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from kivy.uix.widget import Widget

from mobile.screens.messages import columns
from mobile.screens.page import Page
from mobile.viewmodels import taking
from mobile.viewmodels.visits import at
from mobile.widgets.pieces import (
    Card,
    Column,
    Rule,
    Said,
    button,
    card,
    filled,
    heading,
    link,
    noted,
    segments,
)
from mobile.words import NAMES

SIZES = (1.0, 1.3, 1.6, 2.0)


class MePage(Page):
    """All that a patient sets."""

    tab = "me"
    two_columns = True
    devices: tuple[dict[str, Any], ...] = ()
    asked_to_leave = ""
    left_behind = False
    """Whether the other devices could not be reached."""
    said = ""

    def on_pre_enter(self, *_: object) -> None:
        """Ask where else the patient is signed in."""
        self.asked_to_leave, self.said, self.left_behind = "", "", False
        super().on_pre_enter()
        self.app.phone.devices(self._answered)

    def pieces(self) -> Iterator[Widget]:
        """How it looks, and what the phone and the clinic may say."""
        words = self.words
        yield heading(words("me.title"))
        yield self._looks()
        remind = [(words("me.on"), True), (words("me.off"), False)]
        yield card(
            *self._choices("me.reminders", remind, "reminders"),
            Rule(),
            link("message-text-outline", words("messages.title"), lambda: self.app.go("messages")),
        )
        waiting = len(self.app.phone.waiting())
        said = words("me.waiting", n=waiting) if waiting else words("me.waiting.none")
        sign = "cloud-upload-outline" if waiting else "cloud-check-outline"
        yield card(noted(sign, said), button(words("me.sync"), self.app.phone.sync))

    def aside(self) -> Iterator[Widget]:
        """What to take along, what locks the phone, and leaving it."""
        words = self.words
        yield self._copy()
        yield card(link("lock-outline", words("me.pin"), self.app.change_pin))
        yield from self._devices()
        yield from self._leaving()
        yield Said(text=words("me.notice"), points=14, soft=True)

    def _looks(self) -> Card:
        words = self.words
        sizes = [(f"{size:.0%}", size) for size in SIZES]
        looks = [(words("me.light"), False), (words("me.dark"), True)]
        motion = [(words("me.off"), False), (words("me.on"), True)]
        return card(
            *self._choices("me.size", sizes, "text_size"),
            Rule(),
            *self._choices("me.look", looks, "dark"),
            Rule(),
            *self._choices("me.language", [(NAMES[code], code) for code in NAMES], "language"),
            Rule(),
            *self._choices("me.motion", motion, "less_motion"),
        )

    def _choices(self, title: str, choices: list[tuple[str, Any]], name: str) -> Iterator[Widget]:
        present = getattr(self.app.phone.settings.now, name)
        made = []
        for text, value in choices:
            tap = partial(self.app.choose, **{name: value})
            made.append(button(text, tap, chosen=value == present, filled=value == present))
        yield Said(text=self.words(title), bold=True)
        yield segments(made, columns(self.app.scale, len(made)))

    def _copy(self) -> Card:
        """All that the clinic keeps, to take along: out of the locked app, which is said before."""
        words = self.words
        made = card(Said(text=words("copy.title"), bold=True), Said(text=words("copy.text")))
        if self.said:
            made.add_widget(noted("check-circle-outline", self.said))
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
            since = words.day(at(each["began_at"]).date())
            name = words("me.this-phone") if each["present"] else each["device"]
            said = [Said(text=name), Said(text=words("me.since", when=since), points=14, soft=True)]
            made.add_widget(filled(Column(), said))
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
        """Here, or everywhere; nothing that was not sent goes without being told twice."""
        words, waiting = self.words, len(self.app.phone.waiting())
        for where in ("here", "everywhere"):
            if waiting and self.asked_to_leave == where:
                sure = words("me.sign-out.sure", n=waiting)
                yield card(noted("alert-outline", sure), notice=True)
            yield button(words(f"me.sign-out.{where}"), partial(self._leave, where))
        if self.left_behind:
            yield card(noted("cloud-off-outline", words("copy.offline")), notice=True)

    def _leave(self, where: str) -> None:
        if self.app.phone.waiting() and self.asked_to_leave != where:
            self.asked_to_leave = where
            self.show()
        elif where == "here":
            self.app.phone.sign_out()
        else:
            self.app.phone.sign_out_everywhere(self._could_not)

    def _could_not(self) -> None:
        self.left_behind = True
        self.show()
