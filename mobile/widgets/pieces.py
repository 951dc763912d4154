"""The few pieces that every screen is made of; how they look stands in pieces.kv."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label
from kivy.uix.stacklayout import StackLayout
from kivy.uix.widget import Widget
from kivymd.icon_definitions import md_icons

Tap = Callable[[], object]
B = TypeVar("B", bound=BoxLayout)


class Said(Label):
    """Words that wrap and are as high as they need to be."""

    points = NumericProperty(16)
    soft = BooleanProperty(False)


class Icon(Label):
    """A sign by its name; never alone where it means something."""

    icon = StringProperty("")
    points = NumericProperty(24)
    soft = BooleanProperty(False)

    def on_icon(self, _: Widget, name: str) -> None:
        """Its glyph."""
        self.text = md_icons.get(name, "")


class Card(BoxLayout):
    """A sheet with what belongs together; `notice` is one to look at first."""

    notice = BooleanProperty(False)


class Row(BoxLayout):
    """Things side by side."""


class PushButton(ButtonBehavior, BoxLayout):
    """Something to tap, at least 48 dp high, however large the text."""

    text = StringProperty("")
    filled = BooleanProperty(False)
    chosen = BooleanProperty(False)


class SmallButton(ButtonBehavior, BoxLayout):
    """A sign with a word, for the strip at the top."""

    text = StringProperty("")
    icon = StringProperty("")


class NavItem(ButtonBehavior, BoxLayout):
    """One of the places at the bottom."""

    text = StringProperty("")
    icon = StringProperty("")
    chosen = BooleanProperty(False)


class TextRow(BoxLayout):
    """A field with its name above, where it stays."""

    label = StringProperty("")
    hidden = BooleanProperty(False)
    lines = BooleanProperty(False)

    @property
    def text(self) -> str:
        """What was typed."""
        return str(self.ids.field.text)

    @text.setter
    def text(self, value: str) -> None:
        self.ids.field.text = value


class PathRow(StackLayout):
    """A series as a path of signs; the words beside it say the same."""


def heading(text: str, points: int = 24) -> Said:
    """A title."""
    return Said(text=text, points=points, bold=True)


def button(text: str, tap: Tap, *, filled: bool = False, chosen: bool = False) -> PushButton:
    """A button that does one thing."""
    made = PushButton(text=text, filled=filled, chosen=chosen)
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
