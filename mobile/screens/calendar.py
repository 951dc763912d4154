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
from mobile.widgets.pieces import (
    DayButton,
    DayCell,
    button,
    card,
    heading,
    noted,
    segments,
    tapped,
)


class CalendarPage(Page):
    """One month; a day that is tapped shows its visits alone."""

    tab = "visits"
    two_columns = True
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
        """The month and its days."""
        words = self.words
        view = calendar.month(self.app.phone, self._shown(), only=self.only)
        yield heading(view.title)
        leaf = card(self._leaf(view))
        leaf.padding = dp(4), dp(10)
        yield leaf
        turns = [
            button(words("calendar.before"), partial(self._turn, view.before)),
            button(words("calendar.after"), partial(self._turn, view.after)),
        ]
        yield segments(turns, 2 if self.app.scale <= 1.3 else 1)

    def aside(self) -> Iterator[Widget]:
        """The visits of the month, or of the day that was tapped."""
        view = calendar.month(self.app.phone, self._shown(), only=self.only)
        if not view.visits:
            yield card(noted("calendar-blank-outline", self.words("calendar.none")))
        yield from (listed(self, each) for each in view.visits)

    def _shown(self) -> date:
        return self.first or calendar.today(self.app.phone).replace(day=1)

    def _leaf(self, view: MonthView) -> GridLayout:
        high = dp(48) * min(self.app.scale, 1.3)
        leaf = GridLayout(cols=7, size_hint_y=None, row_default_height=high, row_force_default=True)
        leaf.bind(minimum_height=leaf.setter("height"))
        for name in view.weekdays:
            leaf.add_widget(DayCell(text=name[:1], soft=True))
        for each in view.days:
            leaf.add_widget(self._day(each) if each.here else Widget())
        return leaf

    def _day(self, day: Day) -> Widget:
        """A day with visits is one to tap; today is bold."""
        number = str(day.on.day)
        if not day.visits:
            return DayCell(text=number, soft=not day.today, bold=day.today)
        made = DayButton(text=number, filled=self.only in (None, day.on))
        return tapped(made, partial(self._pick, day.on))

    def _pick(self, on: date) -> None:
        self.only = None if on == self.only else on
        self.show()

    def _turn(self, first: date) -> None:
        self.first, self.only = first, None
        self.ids.scroll.scroll_y = 1
        self.show()
