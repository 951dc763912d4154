"""Watches every test that has the application for words that must stay in the database.

Whatever a test writes about people - names, addresses, numbers, notes, answers, reasons - is kept
in mind; whatever leaves by a side door - log lines with their tracebacks, addresses that are asked
for (they end in access logs and histories), errors nobody caught, failure codes of the outbox -
must hold none of it.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from flask import Flask, got_request_exception, request, request_started
from sqlalchemy import event
from sqlalchemy.orm import Session

PERSONAL = {
    "patient": ("full_name", "email", "phone", "contact_name", "contact_phone"),
    "user": ("email",),
    "ride_home": ("name", "phone"),
    "hold": ("reason",),
    "response": ("answers",),
    "check_in_draft": ("answers",),
    "alert": ("outcome",),
    "appointment": ("reason",),
    "planned_visit": ("decision_reason",),
    "follow_up": ("outcome",),
}
"""What is somebody's, by table."""
SHORTEST = 6
"""A shorter word occurs by chance."""
DISTINCT = (" ", "@", "+")


@dataclass
class Watch:
    """The words of this test, and what came out of the side doors."""

    words: set[str] = field(default_factory=set)
    seen: list[tuple[str, str]] = field(default_factory=list)

    def leaks(self) -> list[str]:
        """Every word that came out, and where."""
        found = []
        for where, text in self.seen:
            said = f"{text}\n{unquote_plus(text)}".casefold()
            found += [f"{where}: {word!r}" for word in self.words if word.casefold() in said]
        return sorted(set(found))

    def learn(self, session: Session, *_: object) -> None:
        """Keep in mind what is about to be written."""
        for row in (*session.new, *session.dirty):
            table = getattr(row, "__tablename__", "")
            for name in PERSONAL.get(table, ()):
                self._keep(getattr(row, name, None))
            if table == "outbox_message":
                self.seen.append(("outbox", str(row.failure or "")))

    def _keep(self, value: object) -> None:
        if isinstance(value, dict):
            for each in value.values():
                self._keep(each)
        elif isinstance(value, str) and len(value) >= SHORTEST and _distinct(value):
            self.words.add(value)

    def asked(self, _app: Flask, **_more: object) -> None:
        """An address was asked for."""
        self.seen.append(("address", request.url))

    def failed(self, _app: Flask, exception: BaseException, **_more: object) -> None:
        """Nobody caught this."""
        self.seen.append(("error", "".join(traceback.format_exception(exception))))


def _distinct(value: str) -> bool:
    return any(mark in value for mark in DISTINCT)


class Ear(logging.Handler):
    """Hears every log line as a log file would keep it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line and its traceback."""
        self.watch.seen.append(("log", logging.Formatter("%(name)s %(message)s").format(record)))


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch as long as the block lasts."""
    watch = Watch()
    ear = Ear(watch)
    logging.getLogger().addHandler(ear)
    event.listen(Session, "before_flush", watch.learn)
    with (
        request_started.connected_to(watch.asked),
        got_request_exception.connected_to(watch.failed),
    ):
        try:
            yield watch
        finally:
            event.remove(Session, "before_flush", watch.learn)
            logging.getLogger().removeHandler(ear)
