"""What is asked: the list, one question a screen, and thanks."""

from collections.abc import Iterator
from functools import partial

from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from mobile.screens.page import Page
from mobile.viewmodels import check_ins, history
from mobile.viewmodels.answering import AnsweringModel, Question
from mobile.viewmodels.check_ins import AskedView
from mobile.widgets.curve import Curve
from mobile.widgets.pieces import Card, PathRow, Said, TextRow, button, card, heading, titled


class CheckInsPage(Page):
    """What can be answered now, and what comes later."""

    tab = "check-ins"

    def pieces(self) -> Iterator[Widget]:
        """Open now first."""
        words, phone = self.words, self.app.phone
        now, later = check_ins.open_now(phone), check_ins.later(phone)
        yield heading(words("check-ins.title"))
        if not now:
            yield card(Said(text=words("check-ins.none")))
        yield from (self._listed(each) for each in now)
        yield from (self._listed(each) for each in later)
        yield from self._history()

    def _listed(self, asked: AskedView) -> Card:
        words = self.words
        made = card(titled("clipboard-text-outline", asked.title, 17))
        made.add_widget(Said(text=asked.said, points=14, soft=True))
        if asked.may_answer:
            start = words("check-ins.go-on" if asked.begun else "check-ins.start")
            go = partial(self.app.go, "question", asked.id)
            made.add_widget(button(start, go, filled=True))
        return made

    def _history(self) -> Iterator[Widget]:
        words = self.words
        for view in history.curves(self.app.phone):
            lines = (Said(text=each, points=15, soft=True) for each in view.said)
            yield card(
                Said(text=words("history.title"), bold=True),
                Said(text=view.title, points=15),
                Curve(view),
                Said(text=words("history.marks"), points=13, soft=True),
                *lines,
            )


class QuestionPage(Page):
    """One question, then the next."""

    tab = "check-ins"
    about = StringProperty("")

    def back_to(self) -> str:
        """To the list; what was answered stays."""
        return "check-ins"

    def on_pre_enter(self, *_: object) -> None:
        """Where the patient left off."""
        self.model = AnsweringModel(self.app.phone, self.about)
        super().on_pre_enter()

    def pieces(self) -> Iterator[Widget]:
        """The question, its answers, and the ways on and back."""
        question = self.model.question()
        yield Said(text=self.model.title, points=15, soft=True)
        if question is None:
            yield from self._review()
            return
        words = self.words
        yield Said(
            text=words("question.of", n=question.number, all=question.of), points=14, soft=True
        )
        if question.number == 1 and self.model.intro:
            yield Said(text=self.model.intro, points=15)
        for said in (question.look_back, question.stem):
            if said:
                yield Said(text=said, points=15, soft=True)
        yield Said(text=question.text, points=20, bold=True)
        yield from self._answers(question)
        yield button(words("question.skip"), lambda: self._then(self.model.skip))
        if question.number > 1:
            yield button(words("back"), lambda: self._then(self.model.back))
        yield from self._notice(question)

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
        return button(text, tap, chosen=question.answer == value)

    def _scale(self, question: Question) -> Iterator[Widget]:
        if question.ends:
            yield Said(text=f"{question.least}: {question.ends[0]}", points=15, soft=True)
        row = PathRow()
        for value in range(question.least, question.most + 1):
            each = self._choice(question, value, str(value))
            each.size_hint_x, each.width, each.padding = None, each.height * 1.15, 0
            row.add_widget(each)
        yield row
        if question.ends:
            yield Said(text=f"{question.most}: {question.ends[-1]}", points=15, soft=True)

    def _text(self, question: Question) -> Iterator[Widget]:
        words = self.words
        field = TextRow(label=words("question.write"), lines=True)
        field.text = str(question.answer or "")
        yield field

        def go_on() -> None:
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
        self.model.send()
        self.app.go("sent")

    def _then(self, step: object) -> None:
        assert callable(step)
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
                Said(text=words("help.title"), points=20, bold=True),
                Said(text=words("help.text")),
                button(words("help.call", phone=line.help_phone), self.app.help, filled=True),
                notice=True,
            )
        yield heading(words("sent.title"))
        yield Said(text=words("sent.text"))
        yield Said(text=here)
        yield button(words("close"), lambda: self.app.go("today"), filled=True)
