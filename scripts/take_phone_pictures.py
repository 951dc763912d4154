"""Takes the pictures of the phone app in docs/screens, against a running demo clinic.

    python scripts/take_phone_pictures.py http://127.0.0.1:8000 [folder] [look...]

Every screen: light, dark, text at 200 %, Spanish, a tablet, and a phone on its side with Spanish at
200 %. No display is needed. Answers of weeks before are made up, so that the curve has something
to show.
"""

import os
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
UPRIGHT, TABLET, SIDEWAYS = (390, 844), (1024, 768), (844, 390)
LOOKS: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {
    "light": (UPRIGHT, {}),
    "dark": (UPRIGHT, {"dark": True}),
    "large": (UPRIGHT, {"text_size": 2.0}),
    "spanish": (UPRIGHT, {"language": "es"}),
    "tablet": (TABLET, {}),
    "sideways": (SIDEWAYS, {"language": "es", "text_size": 2.0}),
}
USUAL = {"dark": False, "text_size": 1.0, "language": "en"}
BEFORE = ("sign-in", "join", "forgotten", "help")
AFTER = ("today", "visits", "calendar", "visit", "ride", "move", "check-ins", "question", "sent")
LAST = ("me", "messages", "quiet", "pin")
EMAIL, PASSWORD, PIN = "patient@demo.invalid", "only-for-the-demo-clinic", "4826"
TOTALS = (52, 47, 49, 38, 31)


def prepare() -> None:
    """Kivy reads all this when it is imported."""
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    os.environ["KIVY_HOME"] = tempfile.mkdtemp()
    for name in ("KIVY_NO_ARGS", "KIVY_NO_FILELOG"):
        os.environ[name] = "1"
    from kivy.config import Config

    Config.set("graphics", "width", str(UPRIGHT[0]))
    Config.set("graphics", "height", str(UPRIGHT[1]))


class Photographer:
    """Goes through the app and takes one picture a screen."""

    def __init__(self, app: Any, folder: Path, looks: list[str]) -> None:
        self.app, self.folder, self.looks = app, folder, looks

    def all(self) -> None:
        """Signed out, then signed in, each in every look."""
        for look in self.looks:
            self._look(look)
            for place in BEFORE:
                self._take(place, "", look)
        self.app.choose(**USUAL)
        self.app.phone.choose_pin(PIN)
        self.app.phone.sign_in(EMAIL, PASSWORD, self.app._signed_in)
        self.app.phone.sync = lambda: None
        self._remember()
        about = self._about()
        for look in self.looks:
            self._look(look)
            for place in (*AFTER, *LAST):
                self._take(place, about.get(place, ""), look)
            self.app.phone.unlock(PIN)

    def _look(self, look: str) -> None:
        from kivy.core.window import Window

        size, chosen = LOOKS[look]
        Window.size = size
        self.app.choose(**{**USUAL, **chosen})
        settle()

    def _take(self, place: str, about: str, look: str) -> None:
        if place == "quiet":
            self.app.leave()
        elif place == "pin":
            self.app.come_back()
        else:
            self.app.go(place, about)
        settle()
        self.app.root.export_to_png(str(self.folder / f"phone-{place}-{look}.png"))

    def _about(self) -> dict[str, str]:
        """Which visit and which check-in the pictures are of."""
        from mobile.viewmodels import check_ins
        from mobile.viewmodels.today import TodayModel

        visits = TodayModel(self.app.phone).coming()
        infusion = next(each for each in visits if each.kind == "infusion")
        movable = next(each for each in visits if each.may_move and self._offered(each.id))
        asked = check_ins.open_now(self.app.phone)
        about = {"visit": infusion.id, "ride": infusion.id, "move": movable.id}
        return about | ({"question": asked[0].id} if asked else {})

    def _offered(self, visit: str) -> bool:
        moving = self.app.moving(visit, lambda: None)
        moving.look()
        return len(moving.offers) > 1

    def _remember(self) -> None:
        """A few answers of the weeks before, on this phone only."""
        phone = self.app.phone
        document = phone.document("today")
        like = next(e for e in document["check_ins"] if e["questionnaire"] == "pcl-5")
        now = datetime.fromisoformat(document["as_of"])
        for place, total in enumerate(TOTALS):
            at = (now - timedelta(days=7 * (len(TOTALS) - place))).isoformat()
            said = {"id": f"{place:032}", "status": "completed", "answered_at": at, "total": total}
            document["check_ins"].append({**like, **said, "title": "PTSD symptoms"})
        for days, kind in ((30, "infusion"), (27, "therapy"), (16, "infusion"), (12, "therapy")):
            begins = (now - timedelta(days=days)).replace(hour=9, minute=0)
            ends = begins + timedelta(hours=1)
            times = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
            past = {**times, "kind": kind, "status": "fulfilled", "confirmed_at": None}
            document["appointments"].insert(0, {**document["appointments"][0], **past})
        asked = next(e for e in document["check_ins"] if e["status"] == "requested")
        asked["opens_at"] = (now - timedelta(hours=2)).isoformat()
        asked["closes_at"] = (now + timedelta(hours=9)).isoformat()
        phone.keep("today", document)


def settle(seconds: float = 0.4) -> None:
    """Let the app draw."""
    from kivy.base import EventLoop

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        EventLoop.idle()


def main() -> None:
    """Against the server named on the command line."""
    prepare()
    from kivy.base import EventLoop, runTouchApp, stopTouchApp

    from mobile import background
    from mobile.main import TandemPhone

    address, *rest = sys.argv[1:] or ["http://127.0.0.1:8000"]
    folder = Path(rest[0]) if rest else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    app = TandemPhone(Path(tempfile.mkdtemp()), run=background.at_once)
    app.phone.call_at(address)
    app.phone.settings.change(less_motion=True)
    app._run_prepare()
    runTouchApp(embedded=True)
    EventLoop.idle()
    Photographer(app, folder, rest[1:] or list(LOOKS)).all()
    stopTouchApp()


if __name__ == "__main__":
    main()
