"""Visits on the leaf of a month."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from kivy.metrics import dp
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from mobile.screens.page import Page
from mobile.screens.visits import listed
from mobile.viewmodels import calendar
from mobile.viewmodels.calendar import Day, MonthView
from mobile.widgets.pieces import Said, button, card, heading


class CalendarPage(Page):
    """One month; a day that is tapped shows its visits alone."""

    tab = "visits"
    first: date | None = None
    only: date | None = None

    def back_to(self) -> str:
        """To the list."""
        return "visits"

    def on_pre_enter(self, *_: object) -> None:
        """The present month."""
        self.first, self.only = calendar.today(self.app.phone).replace(day=1), None
        super().on_pre_enter()

    def pieces(self) -> Iterator[Widget]:
        """The month, its days, then its visits."""
        words, first = self.words, self.first or calendar.today(self.app.phone).replace(day=1)
        view = calendar.month(self.app.phone, first, only=self.only)
        yield heading(view.title)
        yield self._leaf(view)
        yield button(words("calendar.before"), partial(self._turn, view.before))
        yield button(words("calendar.after"), partial(self._turn, view.after))
        if not view.visits:
            yield card(Said(text=words("calendar.none")))
        yield from (listed(self, each) for each in view.visits)

    def _leaf(self, view: MonthView) -> GridLayout:
        leaf = GridLayout(cols=7, size_hint_y=None, spacing=dp(2))
        leaf.bind(minimum_height=leaf.setter("height"))
        for name in view.weekdays:
            leaf.add_widget(Said(text=name[:1], points=14, soft=True, halign="center"))
        for each in view.days:
            leaf.add_widget(self._day(each) if each.here else Widget(size_hint_y=None))
        return leaf

    def _day(self, day: Day) -> Widget:
        """A day with visits is one to tap; today is bold."""
        number = str(day.on.day)
        if not day.visits:
            return Said(text=number, points=15, bold=day.today, soft=True, halign="center")
        made = button(number, partial(self._pick, day.on), filled=True, chosen=day.on == self.only)
        made.padding = 0
        return made

    def _pick(self, on: date) -> None:
        self.only = None if on == self.only else on
        self.show()

    def _turn(self, first: date) -> None:
        self.first, self.only = first, None
        self.ids.scroll.scroll_y = 1
        self.show()
