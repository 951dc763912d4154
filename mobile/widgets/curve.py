"""A calm curve: one line, no grid, no colours that judge."""

from typing import Any

from kivy.app import App
from kivy.graphics import Color, Ellipse, Line
from kivy.metrics import dp
from kivy.uix.widget import Widget

from mobile.viewmodels.history import CurveView

INSET = 8


class Curve(Widget):
    """Draws a view; the words below it say the same."""

    def __init__(self, view: CurveView, **kwargs: Any) -> None:
        super().__init__(size_hint_y=None, height=dp(120), **kwargs)
        self._view = view
        self.bind(pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        app = App.get_running_app()
        self.canvas.clear()
        with self.canvas:
            Color(*app.line)
            Line(points=[self.x, self.y, self.right, self.y], width=dp(1))
            Color(*app.edge)
            for place, kind in self._view.marks:
                x, tall = self._at(place, 0)[0], 1.0 if kind == "infusion" else 0.35
                Line(points=[x, self.y, x, self.y + self.height * tall], width=dp(0.7))
            Color(*app.accent)
            points = [self._at(*point) for point in self._view.points]
            Line(points=[axis for point in points for axis in point], width=dp(1.4))
            for x, y in points:
                Ellipse(pos=(x - dp(4), y - dp(4)), size=(dp(8), dp(8)))

    def _at(self, across: float, up: float) -> tuple[float, float]:
        inset = dp(INSET)
        wide, high = self.width - 2 * inset, self.height - 2 * inset
        return self.x + inset + across * wide, self.y + inset + up * high
