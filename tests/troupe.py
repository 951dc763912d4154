"""The clinics of `tests.cast` in databases to copy from: everybody is written once a minute, since
to write them takes longer than most of what is tried on them."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask

from server.config import Settings
from server.persistence.database import db
from server.services.planning import pictures
from tests import canary, databases
from tests.canary import Watch
from tests.cast import Cast, everybody

LASTS = timedelta(minutes=1)
"""Whoever is signed in stays so for ten; a test may take as long as it likes after that."""


@dataclass(frozen=True)
class Troupe:
    """Everybody, in a database of their own."""

    url: str
    cast: Cast
    words: frozenset[str]
    """What must never be told of them."""
    made: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Nobody was signed in long ago, nor on another day, whatever the zone."""
        return now - self.made < LASTS and now.hour == self.made.hour

    def enters(self, watch: Watch) -> Cast:
        """Everybody, for one test on a copy of their database."""
        watch.words |= self.words
        # The same ids come again with each test, and may have other documents than in the last.
        pictures._read.cache_clear()
        return Cast(**deepcopy(vars(self.cast)))


class Troupes:
    """The newest on one kind of database, of each day on which everybody signed in."""

    def __init__(self, application: Flask, fresh: Callable[[], str]) -> None:
        """`fresh` gives the address of a database in which there is nobody."""
        self.application, self.fresh = application, fresh
        self._kept: dict[datetime | None, Troupe] = {}

    def on(self, day: datetime | None) -> Troupe:
        """Everybody, signed in on this day or else now."""
        kept = self._kept.get(day)
        if kept is None or not kept.is_fresh(datetime.now(UTC)):
            kept = self._kept[day] = self._made(self.fresh(), day)
        return kept

    def _made(self, url: str, day: datetime | None) -> Troupe:
        made = datetime.now(UTC)
        settings = Settings(database_url=url, secret_key=databases.SECRET, testing=True)
        databases.put_on(self.application, settings)
        with self.application.app_context(), canary.watching() as watch:
            cast = everybody(day)
            db.session.remove()
            db.engine.dispose()
        return Troupe(url=url, cast=cast, words=frozenset(watch.words), made=made)
