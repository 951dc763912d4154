"""`python -m mobile` opens the app at the size of a phone."""

import os


def main() -> None:
    """Kivy reads its settings at import, so they come first."""
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_NO_CONSOLELOG", "1")
    from kivy.config import Config

    Config.set("graphics", "width", "390")
    Config.set("graphics", "height", "844")
    Config.set("input", "mouse", "mouse,disable_multitouch")
    from mobile.start import run

    run()


if __name__ == "__main__":
    main()
