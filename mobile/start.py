"""Opens the app: once at a time, and out of sight of whoever looks over the list of apps."""

import logging
import os
import sys
from pathlib import Path
from typing import IO

OPEN_ALREADY = "Tandem is open already. / Tandem ya está abierta."


def run() -> None:
    """Open the app. TANDEM_ADDRESS names the clinic's server, TANDEM_PHONE a folder of its own."""
    from mobile.main import TandemPhone

    for chatty in ("httpx", "httpcore"):  # they would write every address down
        logging.getLogger(chatty).setLevel(logging.WARNING)
    folder = Path(os.environ.get("TANDEM_PHONE", Path.home() / ".tandem-phone"))
    held = alone(folder)
    if held is None:
        sys.exit(OPEN_ALREADY)
    if "ANDROID_ARGUMENT" in os.environ:
        shield()
    app = TandemPhone(folder)
    if address := os.environ.get("TANDEM_ADDRESS"):
        app.phone.call_at(address)
    with held:
        app.run()


def alone(folder: Path) -> IO[bytes] | None:
    """Held open as long as the app runs; None where another one has the folder. Two would use up
    each other's refresh tokens, and the clinic would end the sign-in of both."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "open").open("wb")
    try:
        import fcntl
    except ImportError:  # not a system with such locks; there the patient sees to it
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def shield() -> None:
    """No picture of the app in the telephone's list of apps, and none can be taken.

    Written by the platform's documentation and never run: nobody has built the package yet.
    """
    from android.runnable import run_on_ui_thread
    from jnius import autoclass

    def hide() -> None:
        layout = autoclass("android.view.WindowManager$LayoutParams")
        activity = autoclass("org.kivy.android.PythonActivity").mActivity
        activity.getWindow().addFlags(layout.FLAG_SECURE)

    run_on_ui_thread(hide)()
