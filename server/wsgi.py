"""What a web server loads: the application made from the environment."""

import gc
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.wsgi import ClosingIterator

from server.app import create_app
from server.config import from_environment
from server.planner import quick

OBJECTS = 200_000, 20, 20
"""A page makes thousands of objects and drops them: so many more than others before they are looked
through while somebody waits."""
LEFT_BEHIND = 5_000
"""So many objects are looked through once the reply has gone out: a week of a site leaves six
thousand, and all at once they take a tenth of a second."""


def application() -> Flask:
    """A factory, so that importing this does nothing."""
    app = create_app(from_environment())
    app.wsgi_app = tidied(app.wsgi_app)  # type: ignore[method-assign]
    Thread(target=_make_ready, name="makes ready", daemon=True).start()
    return app


def tidied(wsgi_app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The same, which after a reply looks through what was left behind, where that is much."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return ClosingIterator(wsgi_app(environ, start_response), [_tidy])

    return answer


def _tidy() -> None:
    if gc.get_count()[0] > LEFT_BEHIND:
        gc.collect(1)


def _make_ready() -> None:
    """Read the compiled planner; then set all that was loaded apart. To look through it for garbage
    again and again, a third of a second each time, somebody would have to wait."""
    quick.make_ready(wait=True)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OBJECTS)
