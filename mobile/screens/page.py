"""The frame of every screen: help and a way out at the top, the places at the bottom."""

from collections.abc import Iterator
from typing import Any

from kivy.app import App
from kivy.properties import StringProperty
from kivy.uix.screenmanager import Screen
from kivy.uix.widget import Widget

from mobile.widgets.pieces import NavItem, Said, SmallButton, button, card
from mobile.words import Words

PLACES = (
    ("today", "home-outline"),
    ("visits", "calendar-month-outline"),
    ("check-ins", "clipboard-check-outline"),
    ("me", "account-outline"),
)

LARGE = 1.3


class Page(Screen):
    """A screen that is drawn anew from its view-model whenever something changed."""

    tab = StringProperty("")
    """Which place at the bottom it belongs to; none where nobody is signed in yet."""

    @property
    def app(self) -> Any:
        """The wiring."""
        return App.get_running_app()

    @property
    def words(self) -> Words:
        """The patient's language."""
        words: Words = self.app.words
        return words

    def show(self) -> None:
        """Draw everything as it is now."""
        self._nav()
        self.ids.body.clear_widgets()
        self._strip()
        self._reminder()
        for piece in self.pieces():
            self.ids.body.add_widget(piece)

    def on_pre_enter(self, *_: object) -> None:
        """Always fresh, and read from its top."""
        self.ids.scroll.scroll_y = 1
        self.show()

    def pieces(self) -> Iterator[Widget]:
        """What stands on the page, from the top."""
        raise NotImplementedError

    def back_to(self) -> str:
        """Where "back" leads; nowhere from a place at the bottom."""
        return ""

    def _reminder(self) -> None:
        """What the app reminds of while it is open; today has all that there is to know."""
        if self.tab and self.app.reminding.told:
            seen = button(self.words("card.seen"), self.app.reminder_seen)
            said = Said(text=self.words("reminder.open"), bold=True)
            self.ids.body.add_widget(card(said, seen, notice=True))

    def _strip(self) -> None:
        strip = self.ids.strip
        strip.clear_widgets()
        if self.back_to():
            # Large words do not stand side by side on a phone.
            row = self.ids.body if self.app.scale > LARGE else strip
            row.add_widget(self._small("arrow-left", "back", self.app.go_back))
        strip.add_widget(Widget())
        if self.name != "help":
            strip.add_widget(self._small("lifebuoy", "help", self.app.help))
        strip.add_widget(self._small("exit-run", "leave", self.app.leave))

    def _small(self, icon: str, word: str, tap: Any) -> SmallButton:
        made = SmallButton(icon=icon, text=self.words(word))
        made.bind(on_release=lambda _: tap())
        return made

    def _nav(self) -> None:
        nav = self.ids.nav
        nav.clear_widgets()
        for place, icon in PLACES if self.tab else ():
            text = self.words(f"nav.{place}")
            item = NavItem(icon=icon, text=text, chosen=place == self.tab)
            item.bind(on_release=lambda _, place=place: self.app.go(place))
            nav.add_widget(item)
