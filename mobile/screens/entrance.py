"""The ways in and out: signing in, the PIN, help, and a plain page after leaving fast."""

from collections.abc import Iterator
from functools import partial

from kivy.uix.gridlayout import GridLayout
from kivy.uix.screenmanager import Screen
from kivy.uix.widget import Widget

from mobile.screens.page import Page
from mobile.viewmodels import joining
from mobile.viewmodels.pin import SHORTEST, PinModel
from mobile.widgets.pieces import (
    Icon,
    Key,
    Row,
    Said,
    TextRow,
    button,
    card,
    filled,
    heading,
    link,
    noted,
    segments,
    tapped,
)
from mobile.words import NAMES


class SignInPage(Page):
    """E-mail and password, once on each phone."""

    said = email = ""

    def pieces(self) -> Iterator[Widget]:
        """Two fields and a button."""
        words = self.words
        email = filled_in(TextRow(label=words("sign-in.email")), self.email)
        password = TextRow(label=words("sign-in.password"), hidden=True)
        yield Icon(icon="calendar-heart", points=44)
        yield heading(words("sign-in.title"), 30)
        yield Said(text=words("sign-in.text"), points=17)
        yield email
        yield password
        if self.said:
            yield card(noted("information-outline", self.said), notice=True)
        go = words("sign-in.go")
        yield button(go, lambda: self._go(email.text, password.text), filled=True)
        if self.said == words("sign-in.other"):
            yield from clearing(self)
        ways = [
            link("key-outline", words("sign-in.code"), lambda: self.app.go("join")),
            link("email-outline", words("forgotten.title"), lambda: self.app.go("forgotten")),
        ]
        yield card(*ways)
        yield self._languages()

    def _languages(self) -> Widget:
        """Before anybody is known here, and told nothing they cannot read."""
        present = self.words.language
        made = [
            button(name, partial(self.app.choose, language=code), chosen=code == present)
            for code, name in NAMES.items()
        ]
        return segments(made, 2 if self.app.scale <= 1.3 else 1)

    def keep(self) -> None:
        """Nothing typed before the language was changed is typed twice."""
        fields = [each for each in self.ids.body.walk() if isinstance(each, TextRow)]
        if fields and not fields[0].hidden:
            self.email = fields[0].text

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
            yield card(noted("information-outline", self.said), notice=True)
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
            yield card(noted("information-outline", self.said), notice=True)
        go = words("join.go")
        yield button(go, lambda: self._go(code.text, email.text, password.text), filled=True)

    def _go(self, code: str, email: str, password: str) -> None:
        self.code, self.email = code, email
        self.app.join(joining.code_in(code), email, password)


def filled_in(row: TextRow, text: str) -> TextRow:
    """The field with what was typed before."""
    row.text = text
    return row


def dots(typed: int) -> Widget:
    """How many numbers were typed, never which."""
    row = filled(Row(size_hint_x=None, pos_hint={"center_x": 0.5}), ())
    row.bind(minimum_width=row.setter("width"))
    for place in range(max(SHORTEST, typed)):
        row.add_widget(Icon(icon="circle" if place < typed else "circle-outline", points=16))
    return row


class PinPage(Page):
    """A pad of numbers."""

    model: PinModel | None = None

    def pieces(self) -> Iterator[Widget]:
        """What is asked, the pad, and a way out when too many were wrong."""
        words, model = self.words, self.model
        assert model is not None
        yield Said(text=model.title, points=26, bold=True, halign="center")
        if model.asks == "choose":
            yield Said(text=words("pin.choose.text"), halign="center")
        if model.said:
            yield card(noted("information-outline", model.said), notice=True)
        yield dots(len(model.digits))
        yield self._pad(model)
        if self.app.phone.too_many_tries:
            yield from clearing(self)

    def _pad(self, model: PinModel) -> GridLayout:
        pad = GridLayout(cols=3, spacing="14dp", size_hint=(None, None), pos_hint={"center_x": 0.5})
        pad.bind(minimum_size=pad.setter("size"))
        for digit in "123456789":
            pad.add_widget(self._key(digit, lambda digit=digit: model.press(digit)))
        pad.add_widget(self._key(self.words("pin.delete"), model.delete, "backspace-outline"))
        pad.add_widget(self._key("0", lambda: model.press("0")))
        pad.add_widget(self._key(self.words("pin.ok"), model.done))
        return pad

    def _key(self, text: str, tap: object, icon: str = "") -> Widget:
        made = Key(text=text, icon=icon, filled=text == self.words("pin.ok"))
        return tapped(made, lambda: self._do(tap))

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
            noted("phone-outline", line.help_title, 18),
            button(
                words("help.call", phone=line.help_phone),
                lambda: self.app.dial(line.help_phone),
                filled=True,
            ),
        )
        if line.clinic_phone:
            clinic = words("help.clinic", phone=line.clinic_phone)
            yield button(clinic, lambda: self.app.dial(line.clinic_phone))
        yield card(noted("alert-outline", words("help.danger"), 17), notice=True)


class QuietPage(Screen):
    """A page that says nothing, one tap away from everywhere."""

    def on_pre_enter(self, *_: object) -> None:
        """In the patient's language."""
        from kivy.app import App

        words = App.get_running_app().words
        self.ids.title.text = words("quiet.title")
        self.ids.text.text = words("quiet.text")
        self.ids.back.text = words("quiet.back")
