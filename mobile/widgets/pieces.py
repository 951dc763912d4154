"""The few pieces that every screen is made of; how they look stands in pieces.kv and drawn.kv."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from kivy.metrics import dp
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.label import Label
from kivy.uix.stacklayout import StackLayout
from kivy.uix.widget import Widget
from kivymd.icon_definitions import md_icons

Tap = Callable[[], object]
B = TypeVar("B", bound=BoxLayout)
W = TypeVar("W", bound=Widget)
LONGEST_LINE, LONGEST_NOTE = 200, 2000
"""What the clinic takes; nobody types more only to be refused."""


class Said(Label):
    """Words that wrap and are as high as they need to be."""

    points = NumericProperty(16)
    soft = BooleanProperty(False)
    link = BooleanProperty(False)


class Icon(Label):
    """A sign by its name; never alone where it means something."""

    icon = StringProperty("")
    points = NumericProperty(24)
    soft = BooleanProperty(False)
    tint = ColorProperty(None, allownone=True)

    def on_icon(self, _: Widget, name: str) -> None:
        """Its glyph."""
        self.text = md_icons.get(name, "")


class Badge(Widget):
    """A sign on a patch of its kind's colour."""

    icon = StringProperty("")
    paper = ColorProperty("#00000000")
    tint = ColorProperty("#00000000")


class Chip(Widget):
    """Two or three words that stand out."""

    text = StringProperty("")


class Card(BoxLayout):
    """A sheet with what belongs together; `notice` is one to look at first."""

    notice = BooleanProperty(False)


class TapCard(ButtonBehavior, Card):
    """A card that is one thing to tap; `text` says what it does."""

    text = StringProperty("")


class Rule(Widget):
    """A thin line between two things on one card."""


class Row(BoxLayout):
    """Things side by side."""


class Column(BoxLayout):
    """Things that belong close together, one under the other."""


class PushButton(ButtonBehavior, BoxLayout):
    """Something to tap, at least 48 dp high, however large the text."""

    text = StringProperty("")
    filled = BooleanProperty(False)
    chosen = BooleanProperty(False)


class Answer(ButtonBehavior, BoxLayout):
    """One answer to choose; the one that was chosen shows it."""

    text = StringProperty("")
    chosen = BooleanProperty(False)


class LinkRow(ButtonBehavior, BoxLayout):
    """A way to another page."""

    text = StringProperty("")
    icon = StringProperty("")


class Key(ButtonBehavior, Widget):
    """One key of the pad of numbers; an icon is shown in place of long words."""

    text = StringProperty("")
    icon = StringProperty("")
    filled = BooleanProperty(False)


class SmallButton(ButtonBehavior, BoxLayout):
    """A sign with a word, for the strip at the top."""

    text = StringProperty("")
    icon = StringProperty("")


class NavItem(ButtonBehavior, BoxLayout):
    """One of the places to go to."""

    text = StringProperty("")
    icon = StringProperty("")
    chosen = BooleanProperty(False)


class TextRow(BoxLayout):
    """A field with its name above, where it stays."""

    label = StringProperty("")
    hidden = BooleanProperty(False)
    lines = BooleanProperty(False)
    longest = NumericProperty(LONGEST_LINE)

    @property
    def text(self) -> str:
        """What was typed."""
        return str(self.ids.field.text)

    @text.setter
    def text(self, value: str) -> None:
        self.ids.field.text = value

    def shorten(self, text: str) -> None:
        """Not more than the clinic takes."""
        if len(text) > self.longest:
            self.ids.field.text = text[: int(self.longest)]


class PathRow(StackLayout):
    """Small things side by side, on as many lines as they need."""


class Progress(Widget):
    """How far one has come; the words beside it say the same."""

    part = NumericProperty(0)


class Bead(Label):
    """One visit on the way: an infusion with its number, all else a dot."""

    number = NumericProperty(0)
    done = BooleanProperty(False)
    booked = BooleanProperty(False)
    next = BooleanProperty(False)
    across, rim = NumericProperty(0), NumericProperty(0)


class DayCell(Label):
    """One day on the leaf of a month."""

    soft = BooleanProperty(False)


class DayButton(ButtonBehavior, DayCell):
    """A day with visits."""

    filled = BooleanProperty(False)
    across = NumericProperty(0)


class Hour(BoxLayout):
    """One line of what will happen, with its time on a thread."""

    at = StringProperty("")
    text = StringProperty("")
    first = BooleanProperty(False)
    last = BooleanProperty(False)


def heading(text: str, points: int = 26) -> Said:
    """A title."""
    return Said(text=text, points=points, bold=True)


def button(text: str, tap: Tap, *, filled: bool = False, chosen: bool = False) -> PushButton:
    """A button that does one thing."""
    return tapped(PushButton(text=text, filled=filled, chosen=chosen), tap)


def link(icon: str, text: str, tap: Tap) -> LinkRow:
    """A way to another page."""
    return tapped(LinkRow(icon=icon, text=text), tap)


def tapped(made: W, tap: Tap) -> W:
    """The same, doing something when tapped."""
    made.bind(on_release=lambda _: tap())
    return made


def card(*pieces: Widget, notice: bool = False) -> Card:
    """A card with these pieces, the first on top."""
    return filled(Card(notice=notice), pieces)


def filled(box: B, pieces: Iterable[Widget]) -> B:
    """The box with the pieces in it."""
    for each in pieces:
        box.add_widget(each)
    return box


def titled(icon: str, text: str, points: int = 19) -> Row:
    """A sign, and the title that says what it means."""
    sign = Icon(icon=icon, points=points + 4, pos_hint={"center_y": 0.5})
    return filled(Row(), [sign, Said(text=text, points=points, bold=True)])


def noted(icon: str, text: str, points: int = 16) -> Row:
    """A sign and a sentence."""
    sign = Icon(icon=icon, points=20, pos_hint={"top": 1})
    return filled(Row(), [sign, Said(text=text, points=points, pos_hint={"top": 1})])


def segments(choices: Iterable[PushButton], columns: int) -> GridLayout:
    """Choices side by side, all as wide."""
    grid = GridLayout(cols=columns, spacing=dp(8), size_hint_y=None)
    grid.bind(minimum_height=grid.setter("height"))
    for each in choices:
        each.padding = dp(4), dp(10)
        grid.add_widget(each)
    return grid
