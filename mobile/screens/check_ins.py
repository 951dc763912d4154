"""What is asked: the list, one question a screen, and thanks."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from kivy.clock import Clock
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from mobile.screens.page import Page
from mobile.viewmodels import check_ins, history
from mobile.viewmodels.answering import AnsweringModel, Question
from mobile.viewmodels.check_ins import AskedView
from mobile.viewmodels.history import CurveView
from mobile.widgets.curve import Curve
from mobile.widgets.pieces import (
    LONGEST_NOTE,
    Answer,
    Card,
    Column,
    Icon,
    Progress,
    Row,
    Said,
    TextRow,
    button,
    card,
    filled,
    heading,
    noted,
    segments,
    tapped,
    titled,
)

SCALE_COLUMNS, SCALE_WIDE = 6, 11
"""How many numbers of a scale stand side by side."""
KEEP_AFTER_SECONDS = 0.5
"""What is being written is on disk so soon after each letter."""


class CheckInsPage(Page):
    """What can be answered now, and what comes later."""

    tab = "check-ins"
    two_columns = True

    def pieces(self) -> Iterator[Widget]:
        """Open now first."""
        words, phone = self.words, self.app.phone
        now, later = check_ins.open_now(phone), check_ins.later(phone)
        yield heading(words("check-ins.title"))
        if not now:
            yield card(noted("check-circle-outline", words("check-ins.none")))
        yield from (self._listed(each) for each in now)
        if later:
            yield Said(text=words("check-ins.coming"), points=17, bold=True, soft=True)
            yield filled(Card(), (self._coming(each) for each in later))

    def aside(self) -> Iterator[Widget]:
        """How it went."""
        yield from self._history()

    def _listed(self, asked: AskedView) -> Card:
        words = self.words
        start = words("check-ins.go-on" if asked.begun else "check-ins.start")
        return card(
            titled("clipboard-text-outline", asked.title, 17),
            Said(text=asked.said, points=15, soft=True),
            button(start, partial(self.app.go, "question", asked.id), filled=True),
        )

    def _coming(self, asked: AskedView) -> Row:
        said = [Said(text=asked.title), Said(text=asked.said, points=14, soft=True)]
        sign = Icon(icon="clock-outline", points=22, soft=True, pos_hint={"center_y": 0.5})
        return filled(Row(), [sign, filled(Column(), said)])

    def _history(self) -> Iterator[Widget]:
        words = self.words
        for view in history.curves(self.app.phone):
            said = [Said(text=view.title, points=17, bold=True)]
            said.append(Said(text=words("history.title"), points=15, soft=True))
            drawn = [filled(Column(), [Curve(view), _ends(view)])] if len(view.points) > 1 else []
            if drawn:
                drawn.append(Said(text=words("history.low"), points=14, soft=True))
                drawn.append(Said(text=words("history.marks"), points=14, soft=True))
            lines = (Said(text=each, points=15) for each in view.said)
            yield card(
                filled(Column(), said),
                *drawn,
                filled(Column(), lines),
            )


def _ends(view: CurveView) -> Row:
    """The day on which the curve begins, and the one on which it ends."""
    first, last = view.days
    ends = [Said(text=first, points=13, soft=True)]
    if last != first:
        ends.append(Said(text=last, points=13, soft=True, halign="right"))
    return filled(Row(), ends)


class QuestionPage(Page):
    """One question, then the next."""

    tab = "check-ins"
    about = StringProperty("")
    _field: TextRow | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._soon = Clock.create_trigger(lambda _: self.keep(), KEEP_AFTER_SECONDS)

    def back_to(self) -> str:
        """To the list; what was answered stays."""
        return "check-ins"

    def on_pre_enter(self, *_: object) -> None:
        """Where the patient left off."""
        self._field = None
        self.model = AnsweringModel(self.app.phone, self.about)
        super().on_pre_enter()

    def pieces(self) -> Iterator[Widget]:
        """The question, its answers, and the ways on and back."""
        question, words = self.model.question(), self.words
        if not self.model.asks_anything:
            yield card(noted("check-circle-outline", words("check-ins.none")))
            return
        if question is None:
            yield Progress(part=1)
            yield from self._review()
            return
        part = (question.number - 1) / question.of
        said = words("question.of", n=question.number, all=question.of)
        where = Said(text=f"{self.model.title} · {said}", points=14, soft=True)
        yield filled(Column(spacing="8dp"), [Progress(part=part), where])
        if question.number == 1 and self.model.intro:
            yield Said(text=self.model.intro, points=15)
        lead = [said for said in (question.look_back, question.stem) if said]
        yield from (Said(text=said, points=15, soft=True) for said in lead)
        yield Said(text=question.text, points=20, bold=True)
        yield filled(Column(spacing="10dp"), self._answers(question))
        yield self._ways(question)
        yield from self._notice(question)

    def _ways(self, question: Question) -> Widget:
        words = self.words
        ways = [button(words("question.skip"), lambda: self._then(self.model.skip))]
        if question.number > 1:
            ways.insert(0, button(words("back"), lambda: self._then(self.model.back)))
        return segments(ways, len(ways) if self.app.scale <= 1.6 else 1)

    def _answers(self, question: Question) -> Iterator[Widget]:
        if question.kind == "text":
            yield from self._text(question)
        elif question.kind == "scale":
            yield from self._scale(question)
        else:
            for value, text in question.options:
                yield self._choice(question, value, text)

    def _choice(self, question: Question, value: int, text: str) -> Widget:
        tap = partial(self._then, partial(self.model.answer, value))
        return tapped(Answer(text=text, chosen=question.answer == value), tap)

    def _scale(self, question: Question) -> Iterator[Widget]:
        if question.ends:
            yield Said(text=f"{question.least}: {question.ends[0]}", points=15, soft=True)
        choices = []
        for value in range(question.least, question.most + 1):
            tap = partial(self._then, partial(self.model.answer, value))
            each = button(str(value), tap, chosen=question.answer == value)
            choices.append(each)
        yield segments(choices, SCALE_WIDE if self.wide else SCALE_COLUMNS)
        if question.ends:
            yield Said(text=f"{question.most}: {question.ends[-1]}", points=15, soft=True)

    def _text(self, question: Question) -> Iterator[Widget]:
        words = self.words
        self._field = field = TextRow(
            label=words("question.write"), lines=True, longest=LONGEST_NOTE
        )
        field.text = str(question.answer or "")
        field.ids.field.bind(text=lambda *_: self._soon())
        yield field

        def go_on() -> None:
            self._field = None
            self._then(lambda: self.model.answer(field.text.strip() or None))

        yield button(words("question.next"), go_on, filled=True)

    def _notice(self, question: Question) -> Iterator[Widget]:
        """What the form's licence asks to be shown, where it begins."""
        if question.number == 1 and self.model.notice:
            yield Said(text=self.model.notice, points=12, soft=True)

    def _review(self) -> Iterator[Widget]:
        words = self.words
        yield heading(words("review.title"))
        yield Said(text=self.model.review())
        if self.model.may_send:
            yield button(words("review.send"), self._send, filled=True)
        yield button(words("back"), lambda: self._then(self.model.back))

    def _send(self) -> None:
        if self.model.send():
            self.app.go("sent")
        else:
            self.show()

    def keep(self) -> None:
        """What is half written, with nobody having said "next" yet."""
        if self._field is not None and self.app.phone.is_open:
            self.model.jot(self._field.text.strip())

    def _then(self, step: object) -> None:
        assert callable(step)
        self.keep()
        self._field = None
        step()
        self.ids.scroll.scroll_y = 1
        self.show()


class SentPage(Page):
    """Thanks; and help within reach, whatever was answered."""

    tab = "check-ins"

    def pieces(self) -> Iterator[Widget]:
        """Three sentences."""
        words, line = self.words, self.app.phone.settings.now
        here = words("help.here", title=line.help_title, phone=line.help_phone)
        if self.app.phone.outcome.help_line:
            yield card(
                titled("lifebuoy", words("help.title"), 20),
                Said(text=words("help.text"), points=17),
                button(words("help.call", phone=line.help_phone), self.app.help, filled=True),
                notice=True,
            )
        yield card(
            titled("check-circle-outline", words("sent.title"), 24),
            Said(text=words("sent.text"), points=17),
            Said(text=here, points=17),
        )
        yield button(words("close"), lambda: self.app.go("today"), filled=True)
