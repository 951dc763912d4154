"""The ways in and out: signing in, the PIN, help, and a plain page after leaving fast."""

from collections.abc import Iterator

from kivy.uix.gridlayout import GridLayout
from kivy.uix.screenmanager import Screen
from kivy.uix.widget import Widget

from mobile.screens.page import Page
from mobile.viewmodels import joining
from mobile.viewmodels.pin import PinModel
from mobile.widgets.pieces import PushButton, Said, TextRow, button, card, heading


class SignInPage(Page):
    """E-mail and password, once on each phone."""

    said = email = ""

    def pieces(self) -> Iterator[Widget]:
        """Two fields and a button."""
        words = self.words
        email = filled_in(TextRow(label=words("sign-in.email")), self.email)
        password = TextRow(label=words("sign-in.password"), hidden=True)
        yield heading(words("sign-in.title"), 28)
        yield Said(text=words("sign-in.text"))
        yield email
        yield password
        if self.said:
            yield card(Said(text=self.said), notice=True)
        go = words("sign-in.go")
        yield button(go, lambda: self._go(email.text, password.text), filled=True)
        if self.said == words("sign-in.other"):
            yield from clearing(self)
        yield button(words("forgotten.title"), lambda: self.app.go("forgotten"))
        yield button(words("sign-in.code"), lambda: self.app.go("join"))

    def _go(self, email: str, password: str) -> None:
        self.email = email  # nobody types it twice because the password was wrong
        self.app.sign_in(email, password)


class ForgottenPage(Page):
    """A link for a new password, by e-mail; it opens on the web."""

    said = email = ""

    def back_to(self) -> str:
        """To signing in."""
        return "sign-in"

    def on_pre_enter(self, *_: object) -> None:
        """What was said before is over."""
        self.said = ""
        super().on_pre_enter()

    def pieces(self) -> Iterator[Widget]:
        """One field and a button; the clinic helps where no mail comes."""
        words = self.words
        email = filled_in(TextRow(label=words("sign-in.email")), self.email)
        yield heading(words("forgotten.title"))
        yield Said(text=words("forgotten.text"))
        yield email
        if self.said:
            yield card(Said(text=self.said), notice=True)
        yield button(words("forgotten.go"), lambda: self._ask(email.text), filled=True)
        yield Said(text=words("forgotten.clinic"), points=15, soft=True)
        yield button(words("sign-in.code"), lambda: self.app.go("join"))

    def _ask(self, email: str) -> None:
        self.email = email
        self.app.phone.forgotten(email, self._answered)

    def _answered(self, said: str) -> None:
        self.said = said
        self.show()


class JoinPage(Page):
    """The clinic's code, and what the patient signs in with from now on."""

    said = code = email = ""

    def back_to(self) -> str:
        """To signing in."""
        return "sign-in"

    def pieces(self) -> Iterator[Widget]:
        """Three fields and a button."""
        words = self.words
        code = filled_in(TextRow(label=words("join.code")), self.code)
        email = filled_in(TextRow(label=words("sign-in.email")), self.email)
        password = TextRow(label=words("join.password"), hidden=True)
        yield heading(words("join.title"), 28)
        yield Said(text=words("join.text"))
        yield from (code, email, password)
        yield Said(text=words("join.hint"), points=14, soft=True)
        if self.said:
            yield card(Said(text=self.said), notice=True)
        go = words("join.go")
        yield button(go, lambda: self._go(code.text, email.text, password.text), filled=True)

    def _go(self, code: str, email: str, password: str) -> None:
        self.code, self.email = code, email
        self.app.join(joining.code_in(code), email, password)


def filled_in(row: TextRow, text: str) -> TextRow:
    """The field with what was typed before."""
    row.text = text
    return row


class Dots(Said):
    """How many numbers were typed, never which."""


class PinPage(Page):
    """A pad of numbers."""

    model: PinModel | None = None

    def pieces(self) -> Iterator[Widget]:
        """What is asked, the pad, and a way out when too many were wrong."""
        words, model = self.words, self.model
        assert model is not None
        yield heading(model.title)
        if model.asks == "choose":
            yield Said(text=words("pin.choose.text"))
        if model.said:
            yield card(Said(text=model.said), notice=True)
        yield Dots(text="●  " * len(model.digits) or " ", points=26, halign="center")
        yield self._pad(model)
        yield button(words("pin.delete"), lambda: self._do(model.delete))
        if self.app.phone.too_many_tries:
            yield from clearing(self)

    def _pad(self, model: PinModel) -> GridLayout:
        pad = GridLayout(cols=3, spacing="10dp", size_hint_y=None)
        pad.bind(minimum_height=pad.setter("height"))
        for digit in "123456789":
            pad.add_widget(self._key(digit, lambda digit=digit: model.press(digit)))
        pad.add_widget(Widget(size_hint_y=None, height="52dp"))
        pad.add_widget(self._key("0", lambda: model.press("0")))
        pad.add_widget(self._key(self.words("pin.ok"), model.done, filled=True))
        return pad

    def _key(self, text: str, tap: object, *, filled: bool = False) -> PushButton:
        return button(text, lambda: self._do(tap), filled=filled)

    def _do(self, step: object) -> None:
        assert callable(step)
        step()
        if not self.app.pin_came_through():
            self.show()


def clearing(page: Page) -> Iterator[Widget]:
    """Emptying the phone, with what would be lost said before."""
    words, left = page.words, page.app.phone.store.count_waiting()
    if left:
        yield Said(text=words("pin.kept", n=left))
    yield button(words("pin.clear"), page.app.clear)


class HelpPage(Page):
    """Whom to call; here with no signal and with nobody signed in."""

    def back_to(self) -> str:
        """To where the patient was."""
        return "back"

    def pieces(self) -> Iterator[Widget]:
        """The line the clinic set, the clinic, and the emergency number."""
        words, line = self.words, self.app.phone.settings.now
        yield heading(words("help.title"))
        yield Said(text=words("help.text"), points=17)
        yield card(
            Said(text=line.help_title, points=18, bold=True),
            button(
                words("help.call", phone=line.help_phone),
                lambda: self.app.dial(line.help_phone),
                filled=True,
            ),
        )
        if line.clinic_phone:
            clinic = words("help.clinic", phone=line.clinic_phone)
            yield button(clinic, lambda: self.app.dial(line.clinic_phone))
        yield Said(text=words("help.danger"), points=17, bold=True)


class QuietPage(Screen):
    """A page that says nothing, one tap away from everywhere."""

    def on_pre_enter(self, *_: object) -> None:
        """In the patient's language."""
        from kivy.app import App

        words = App.get_running_app().words
        self.ids.title.text = words("quiet.title")
        self.ids.text.text = words("quiet.text")
        self.ids.back.text = words("quiet.back")
