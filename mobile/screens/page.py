"""The frame of every screen: help and a way out at the top, the places at the bottom or beside."""

from collections.abc import Iterator
from typing import Any

from kivy.app import App
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.screenmanager import Screen
from kivy.uix.widget import Widget

from mobile.widgets.pieces import (
    Column,
    NavItem,
    Row,
    Said,
    SmallButton,
    button,
    card,
    filled,
    noted,
)
from mobile.words import Words

PLACES = (
    ("today", "home-outline"),
    ("visits", "calendar-month-outline"),
    ("check-ins", "clipboard-check-outline"),
    ("me", "account-outline"),
)
LARGE = 1.3
"""Larger words do not stand side by side on a phone."""
WIDE = 720
"""A tablet, or a phone that lies on its side (dp): the places stand beside the page."""
ONE, TWO = 640, 1000
"""How wide a page is read at most (dp), in one column and in two."""


class Page(Screen):
    """A screen that is drawn anew from its view-model whenever something changed."""

    tab = StringProperty("")
    """Which place at the bottom it belongs to; none where nobody is signed in yet."""
    wide = BooleanProperty(False)
    widest = NumericProperty(dp(ONE))
    two_columns = False
    """Whether it has something to show beside, where there is room."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bind(width=self._turned)

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
        self._told()
        beside = self.two_columns and self.width >= dp(WIDE) * self.app.scale
        self.widest = dp(TWO if beside else ONE)
        pieces, aside = list(self.pieces()), list(self.aside())
        if beside and aside:
            filled(self.ids.body, [pieces[0], _columns(pieces[1:], aside)])
        else:
            filled(self.ids.body, [*pieces, *aside])

    def on_pre_enter(self, *_: object) -> None:
        """Always fresh, and read from its top."""
        self.ids.scroll.scroll_y = 1
        self.show()

    def pieces(self) -> Iterator[Widget]:
        """What stands on the page, from the top."""
        raise NotImplementedError

    def aside(self) -> Iterator[Widget]:
        """What stands below it, or beside it on a wide screen."""
        yield from ()

    def back_to(self) -> str:
        """Where "back" leads; nowhere from a place at the bottom."""
        return ""

    def keep(self) -> None:
        """Put what is half written where it is not lost."""

    def on_pre_leave(self, *_: object) -> None:
        """Nothing that was written stays behind."""
        self.keep()

    def _turned(self, _: object, width: float) -> None:
        """The phone was turned, or the window pulled."""
        wide = width >= dp(WIDE)
        if wide != self.wide:
            self.wide = wide
            if self.app is not None and self.manager and self.manager.current == self.name:
                self.keep()
                self.show()

    def _told(self) -> None:
        """What the app reminds of while it is open, and what is wrong with the phone itself."""
        if trouble := self.app.phone.trouble:
            self.ids.body.add_widget(card(noted("alert-outline", self.words(trouble)), notice=True))
        if self.tab and self.app.reminding.told:
            seen = button(self.words("card.seen"), self.app.reminder_seen)
            said = Said(text=self.words("reminder.open"), bold=True)
            self.ids.body.add_widget(card(said, seen, notice=True))

    def _strip(self) -> None:
        strip = self.ids.strip
        strip.clear_widgets()
        if self.back_to():
            row = self.ids.body if self.app.scale > LARGE and not self.wide else strip
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
        for place in (self.ids.nav, self.ids.rail):
            place.clear_widgets()
        bar = self.ids.rail if self.wide else self.ids.nav
        for place, icon in PLACES if self.tab else ():
            text = self.words(f"nav.{place}")
            item = NavItem(icon=icon, text=text, chosen=place == self.tab)
            item.bind(on_release=lambda _, place=place: self.app.go(place))
            if self.wide:
                item.size_hint_y, item.height = None, dp(80)
            bar.add_widget(item)
        if self.wide:
            bar.add_widget(Widget())


def signed(scale: float, sign: Widget, said: Widget, *more: Widget) -> BoxLayout:
    """A sign with what it stands for: beside it, or above where the words are large."""
    if scale <= LARGE:
        return filled(Row(), [sign, said, *more])
    sign.pos_hint = {}
    return filled(Column(spacing=dp(8)), [sign, said])


def _columns(*sides: list[Widget]) -> BoxLayout:
    """Side by side, each as high as it is."""
    row = BoxLayout(spacing=dp(18), size_hint_y=None)
    row.bind(minimum_height=row.setter("height"))
    for pieces in sides:
        column = BoxLayout(orientation="vertical", spacing=dp(14), size_hint_y=None)
        column.bind(minimum_height=column.setter("height"))
        column.pos_hint = {"top": 1}
        row.add_widget(filled(column, pieces))
    return row
