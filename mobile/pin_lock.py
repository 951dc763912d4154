"""The PIN: what it opens, how long to wait after wrong ones, and when there are too many."""

import sqlite3
from datetime import UTC, datetime

from mobile import sealing
from mobile.device_key import DeviceKey
from mobile.sealing import Effort, Seal, WrappedKey, WrongPin

FREE_TRIES = 3
FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 3600
TOO_MANY = 10


class Wait(Exception):
    """Another try is taken only from then on."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too soon")
        self.until = until


class PinLock:
    """The one row that the PIN opens. Wrong tries are on disk before they are judged."""

    def __init__(self, rows: sqlite3.Connection, effort: Effort, device: DeviceKey) -> None:
        self._rows, self._effort, self._device = rows, effort, device
        self._key: bytes | None = None

    @property
    def is_set(self) -> bool:
        """Whether a PIN was chosen."""
        return self._row() is not None

    @property
    def too_many(self) -> bool:
        """Whether so many were wrong that the phone should be emptied."""
        row = self._row()
        return row is not None and row[2] >= TOO_MANY

    def choose(self, pin: str) -> Seal:
        """The first PIN, or another one for the same key."""
        if self._key is None:
            if self.is_set:
                raise WrongPin
            self._key = sealing.new_key()
        wrapped = sealing.wrap(self._key, pin, self._effort)
        self._rows.execute(
            "INSERT OR REPLACE INTO pin_lock (one, salt, sealed) VALUES (1, ?, ?)",
            (wrapped.salt, self._device.close(wrapped.sealed)),
        )
        return Seal(self._key)

    def open(self, pin: str, *, now: datetime) -> Seal:
        """The seal. Raises WrongPin, or Wait."""
        row = self._row()
        if row is None:
            raise WrongPin
        salt, sealed, wrong, wait_until = row
        if now.timestamp() < wait_until <= now.timestamp() + LONGEST_WAIT_SECONDS:
            raise Wait(datetime.fromtimestamp(wait_until, UTC))
        self._count(wrong + 1, now)
        by_pin_only = len(sealed) == sealing.WRAPPED_BYTES
        wrapped = sealed if by_pin_only else self._device.open(sealed)
        self._key = sealing.unwrap(WrappedKey(salt=salt, sealed=wrapped), pin, self._effort)
        kept = self._device.close(wrapped) if by_pin_only else sealed
        self._rows.execute("UPDATE pin_lock SET sealed = ?, wrong = 0, wait_until = 0", (kept,))
        return Seal(self._key)

    def forget(self) -> None:
        """As if no PIN had ever been given."""
        self._key = None

    def _count(self, wrong: int, now: datetime) -> None:
        wait = FIRST_WAIT_SECONDS * 2 ** (wrong - FREE_TRIES) if wrong >= FREE_TRIES else 0
        until = now.timestamp() + min(wait, LONGEST_WAIT_SECONDS) if wait else 0
        self._rows.execute("UPDATE pin_lock SET wrong = ?, wait_until = ?", (wrong, until))

    def _row(self) -> tuple[bytes, bytes, int, float] | None:
        found: tuple[bytes, bytes, int, float] | None = self._rows.execute(
            "SELECT salt, sealed, wrong, wait_until FROM pin_lock"
        ).fetchone()
        return found
