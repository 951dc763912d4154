"""What a web server loads: the application made from the environment."""

import gc
from threading import Thread

from flask import Flask

from server.app import create_app
from server.config import from_environment
from server.planner import quick

OBJECTS = 50_000, 20, 20
"""A page makes thousands of objects and drops them: so many more than others before they are looked
through."""


def application() -> Flask:
    """A factory, so that importing this does nothing."""
    app = create_app(from_environment())
    Thread(target=_make_ready, name="makes ready", daemon=True).start()
    return app


def _make_ready() -> None:
    """Read the compiled planner; then set all that was loaded apart. To look through it for garbage
    again and again, a third of a second each time, somebody would have to wait."""
    quick.make_ready(wait=True)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OBJECTS)
