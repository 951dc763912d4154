"""The Kivy app: puts screens, view-models and the phone together, and nothing else."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder
from kivy.properties import ColorProperty, NumericProperty
from kivy.uix.screenmanager import FadeTransition, NoTransition, ScreenManager
from kivymd.app import MDApp

from mobile import reminding, saving
from mobile.background import Background
from mobile.patient_phone import PatientPhone, Run
from mobile.screens.places import PAGES, ROOTS, UNTOUCHED
from mobile.sealing import USUAL, Effort
from mobile.viewmodels.moving import MovingModel
from mobile.viewmodels.pin import Asks, PinModel
from mobile.widgets import palette
from mobile.widgets.finger import Finger
from mobile.widgets.pieces import Badge
from mobile.words import Words

HERE = Path(__file__).parent
LAYOUTS = ("widgets/pieces.kv", "widgets/drawn.kv", "screens/page.kv", "screens/quiet.kv")
SYNC_EVERY_SECONDS = 60
LOCK_AFTER_SECONDS = 120
"""So long may another app be in front before the PIN is asked for."""


class TandemPhone(MDApp):
    """The patient's app on one phone."""

    scale = NumericProperty(1.0)
    ink = ColorProperty()
    ink_soft = ColorProperty()
    paper = ColorProperty()
    card = ColorProperty()
    line = ColorProperty()
    edge = ColorProperty()
    accent = ColorProperty()
    accent_ink = ColorProperty()
    notice_paper = ColorProperty()
    shadow = ColorProperty()

    def __init__(
        self, folder: Path, *, run: Run | None = None, effort: Effort = USUAL, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.title = "Tandem"
        self._background = Background(lambda call: Clock.schedule_once(lambda _: call()))
        self.phone = PatientPhone(folder, run=run or self._background.run, effort=effort)
        notifier = reminding.fitting(
            lambda call, seconds: Clock.schedule_once(lambda _: call(), seconds), self._told
        )
        self.reminding = reminding.Reminding(self.phone, notifier)
        self.saver = saving.fitting()
        self._past: list[tuple[str, str]] = []
        self._pin_given = False
        self._away_since = time.monotonic()

    @property
    def words(self) -> Words:
        """The patient's language."""
        return self.phone.words

    def build(self) -> ScreenManager:
        """Every page, and the first one."""
        for layout in LAYOUTS:
            path = str(HERE / layout)
            Builder.unload_file(path)
            Builder.load_file(path)
        self._look()
        manager = ScreenManager(transition=self._transition())
        self.pages = manager
        for name, page in PAGES.items():
            manager.add_widget(page(name=name))
        self._finger = Finger()
        self.phone.changed = self.refresh
        self._enter()
        Clock.schedule_interval(lambda _: self.phone.sync(), SYNC_EVERY_SECONDS)
        return manager

    def on_pause(self) -> bool:
        """Another app is in front: nothing is lost, and the PIN is asked for after a while."""
        self._keep()
        self._away_since = time.monotonic()
        return True

    def on_resume(self) -> None:
        """The patient is back, or somebody else who found the phone."""
        if time.monotonic() - self._away_since > LOCK_AFTER_SECONDS and self.phone.is_open:
            self.phone.lock()
            self._past = []
            self._enter()
        else:
            self.phone.sync()

    def _keep(self) -> None:
        """What is half written."""
        if keep := getattr(self.pages.current_screen, "keep", None):
            keep()

    def on_stop(self) -> None:
        """Finish what was begun."""
        self._keep()
        self._finger.forget()
        self._background.close()
        self.phone.close()

    def go(self, page: str, about: str = "") -> None:
        """Open a page, about one thing if it needs one."""
        if page in ROOTS:
            self._past = []
        elif self.pages.current != "pin":
            here = self.pages.current_screen
            self._past.append((self.pages.current, getattr(here, "about", "")))
        self._open(page, about)

    def go_back(self) -> None:
        """To the page before."""
        page, about = self._past.pop() if self._past else ("today", "")
        if page == "today" and not self.phone.is_open:
            return self._enter()
        return self._open(page, about)

    def badge(self, kind: str) -> Badge:
        """The sign of a kind of visit, in its colours."""
        kinds = palette.KIND_DARK if self.phone.settings.now.dark else palette.KIND_LIGHT
        paper, tint = kinds[kind]
        sign = palette.KIND_ICONS[kind]
        return Badge(icon=sign, paper=paper, tint=tint, pos_hint={"center_y": 0.5})

    def help(self) -> None:
        """Whom to call, from anywhere."""
        here = self.pages.current_screen
        self._past.append((self.pages.current, getattr(here, "about", "")))
        self._open("help", "")

    def leave(self) -> None:
        """A plain page at once; the PIN stands before the way back."""
        self._past = []
        self._keep()
        self.phone.lock()
        self._open("quiet", "")

    def come_back(self) -> None:
        """From the plain page."""
        self._enter()

    def dial(self, number: str) -> None:
        """Hand the number to the telephone, where there is one."""
        from plyer import call

        try:
            call.makecall(tel=number)
        except (NotImplementedError, ImportError):
            return  # a computer; the number stands on the button

    def save(self, name: str, kind: str, content: bytes) -> str:
        """Put a file where the patient finds it; what is to be said of it."""
        try:
            return self.words("save.done", name=self.saver.save(name, kind, content))
        except OSError:
            return self.words("save.failed")

    def moving(self, appointment_id: str, changed: Callable[[], None]) -> MovingModel:
        """The view-model of another time for a visit."""
        return MovingModel(self.phone, appointment_id, changed)

    def sign_in(self, email: str, password: str) -> None:
        """With what the clinic gave."""
        self.phone.sign_in(email, password, self._signed_in)

    def join(self, code: str, email: str, password: str) -> None:
        """With the clinic's code."""
        self.phone.join(code, email, password, self._signed_in)

    def change_pin(self) -> None:
        """Choose another."""
        self._pin(new=True)

    def pin_came_through(self) -> bool:
        """Whether the pad has served: the PIN was given or chosen, or nothing is left to open."""
        if not self._pin_given:
            return self._emptied()
        self._pin_given = False
        self.go("today" if self.phone.signed_in else "sign-in")
        self.phone.sync()
        return True

    def clear(self) -> None:
        """The patient agreed: this phone knows nothing any more."""
        self.phone.empty()
        self._enter()

    def _emptied(self) -> bool:
        """Whether too many PINs were wrong and nothing waited to be sent: then one begins anew."""
        entering = self.pages.get_screen("pin").model.asks == Asks.ENTER
        if not entering or self.phone.store.pin.is_set:
            return False
        self._enter()
        return True

    def choose(self, **chosen: Any) -> None:
        """Something on the page "me"."""
        self._keep()
        self.phone.settings.change(**chosen)
        self.reminding.replan()
        self._look()
        self.pages.transition = self._transition()
        if self.pages.current in ("sign-in", "help"):
            self.pages.current_screen.show()
        self._redraw()

    def _enter(self) -> None:
        """The first page: what the state of the phone asks for."""
        if self.phone.is_open:
            self._open("today" if self.phone.signed_in else "sign-in", "")
        elif self.phone.store.pin.is_set:
            self._pin(new=False)
        else:
            self._open("sign-in", "")

    def _pin(self, *, new: bool) -> None:
        opened = self.phone.choose_pin if new else self.phone.unlock
        self.pages.get_screen("pin").model = PinModel(
            self.words, new=new, opened=lambda pin: self._came(opened(pin))
        )
        self._open("pin", "")

    def _came(self, said: str) -> str:
        self._pin_given = said == ""
        return said

    def _signed_in(self, said: str) -> None:
        page = self.pages.get_screen("join" if self.pages.current == "join" else "sign-in")
        page.said = said
        if said:
            page.show()
        elif self.phone.is_open:
            self.go("today")
            self.phone.sync()
        else:
            self._pin(new=True)

    def _open(self, page: str, about: str) -> None:
        screen = self.pages.get_screen(page)
        if about:
            screen.about = about
        if self.pages.current == page:
            screen.on_pre_enter()
        self.pages.current = page

    def _told(self, text: str) -> None:
        self.reminding.told = text
        self.refresh()

    def reminder_seen(self) -> None:
        """The patient has read it."""
        self._told("")

    def refresh(self) -> None:
        """Something changed: the page that is seen is drawn anew, once no finger is on it."""
        self.reminding.replan()
        self._finger.when_lifted(self._redraw)

    def _redraw(self) -> None:
        page = self.pages.current
        if page in UNTOUCHED:
            return
        if not self.phone.is_open or not self.phone.signed_in:
            self._enter()
        else:
            self.pages.current_screen.show()

    def _look(self) -> None:
        chosen = self.phone.settings.now
        self.theme_cls.theme_style = "Dark" if chosen.dark else "Light"
        self.scale = chosen.text_size
        for name, colour in (palette.DARK if chosen.dark else palette.LIGHT).items():
            setattr(self, name, colour)
        self.shadow = palette.SHADOW[chosen.dark]

    def _transition(self) -> Any:
        less = self.phone.settings.now.less_motion
        return NoTransition() if less else FadeTransition(duration=0.12)
