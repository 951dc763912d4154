"""Takes the pictures of the phone app in docs/screens, against a running demo clinic.

    python scripts/take_phone_pictures.py http://127.0.0.1:8000

Light, dark, text at 200 %, Spanish and a tablet; no display is needed.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
LOOKS = {
    "light": {},
    "dark": {"dark": True},
    "large": {"text_size": 2.0},
    "spanish": {"language": "es"},
}
EMAIL, PASSWORD, PIN = "patient@demo.invalid", "only-for-the-demo-clinic", "4826"


def prepare() -> None:
    """Kivy reads all this when it is imported."""
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    os.environ["KIVY_HOME"] = tempfile.mkdtemp()
    for name in ("KIVY_NO_ARGS", "KIVY_NO_FILELOG"):
        os.environ[name] = "1"
    from kivy.config import Config

    Config.set("graphics", "width", "390")
    Config.set("graphics", "height", "844")


def settle(seconds: float = 0.4) -> None:
    """Let the app draw."""
    from kivy.base import EventLoop

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        EventLoop.idle()


def take(app: object, name: str) -> None:
    """One picture."""
    settle()
    app.root.export_to_png(str(FOLDER / f"phone-{name}.png"))  # type: ignore[attr-defined]
    print(f"phone-{name}.png")


def pictures(app: object) -> None:
    """Every screen, then the chief ones in each look."""
    from mobile.viewmodels import check_ins
    from mobile.viewmodels.today import TodayModel

    phone = app.phone  # type: ignore[attr-defined]
    take(app, "sign-in")
    phone.sign_in(EMAIL, PASSWORD, app._signed_in)  # type: ignore[attr-defined]
    take(app, "pin")
    for digit in PIN * 2:
        app.pages.current_screen._do(lambda d=digit: app.pages.current_screen.model.press(d))  # type: ignore[attr-defined]
        if len(app.pages.current_screen.model.digits) == 4:  # type: ignore[attr-defined]
            app.pages.current_screen._do(app.pages.current_screen.model.done)  # type: ignore[attr-defined]
    visits = TodayModel(phone).coming()
    infusion = next(each for each in visits if each.kind == "infusion")
    movable = next(each for each in visits if each.may_move)
    asked = check_ins.open_now(phone)
    about = {"visit": infusion.id, "ride": infusion.id, "move": movable.id}
    if asked:
        about["question"] = asked[0].id
    places = ["today", "visits", "check-ins", "me", "help", "quiet", *about]
    for look, chosen in LOOKS.items():
        app.choose(**{"dark": False, "text_size": 1.0, "language": "en", **chosen})  # type: ignore[attr-defined]
        for place in places:
            app.go(place, about.get(place, ""))  # type: ignore[attr-defined]
            take(app, f"{place}-{look}")
    tablet(app, about)


def tablet(app: object, about: dict[str, str]) -> None:
    """Lying on its side, as wide as a tablet."""
    from kivy.core.window import Window

    Window.size = (1024, 768)
    app.choose(language="en")  # type: ignore[attr-defined]
    for place in ("today", "visit"):
        app.go(place, about.get(place, ""))  # type: ignore[attr-defined]
        take(app, f"{place}-tablet")


def main() -> None:
    """Against the server named on the command line."""
    prepare()
    from kivy.base import EventLoop, runTouchApp, stopTouchApp

    from mobile import background
    from mobile.main import TandemPhone

    FOLDER.mkdir(parents=True, exist_ok=True)
    app = TandemPhone(Path(tempfile.mkdtemp()), run=background.at_once)
    app.phone.call_at(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
    app.phone.settings.change(less_motion=True)
    app._run_prepare()
    runTouchApp(embedded=True)
    EventLoop.idle()
    pictures(app)
    stopTouchApp()


if __name__ == "__main__":
    main()
