"""One file with all that the phone keeps: sealed documents that expire, and changes not yet sent.

Nothing but counts, times and names of kinds can be read in it without the PIN.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidTag

from mobile import device_key
from mobile.device_key import DeviceKey
from mobile.pin_lock import PinLock
from mobile.sealing import USUAL, Effort, Seal

Document = dict[str, Any]
FORM = 1
"""The form of the tables; a newer app brings an older file up to date, its queue included."""
PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "secure_delete": "ON",
    "user_version": str(FORM),
}
TABLES = """
CREATE TABLE IF NOT EXISTS pin_lock (
    one INTEGER PRIMARY KEY CHECK (one = 1), salt BLOB NOT NULL, sealed BLOB NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0, wait_until REAL NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS document (
    name TEXT PRIMARY KEY, sealed BLOB NOT NULL, expires_at REAL);
CREATE TABLE IF NOT EXISTS pending_change (
    place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, sealed BLOB NOT NULL,
    refused BLOB);
"""


class Locked(Exception):
    """The PIN has not been given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PendingChange:
    """Something the patient did that the server has not applied yet. `refused` is the server's
    reason where it said no; such a change is kept until the patient has seen it."""

    id: str
    kind: str
    body: Document
    made_at: datetime
    refused: Document | None = None


class OfflineStore:
    """The file; may be used from several threads."""

    def __init__(
        self, file: Path, *, effort: Effort = USUAL, device: DeviceKey | None = None
    ) -> None:
        self._turn = RLock()
        self.spoiled = False
        """Whether the file was damaged; it lies beside, and this one is new."""
        try:
            self._rows = _opened_file(file)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # busy, or no room: the file itself is sound
            _set_aside(file)
            self._rows, self.spoiled = _opened_file(file), True
        self.pin = PinLock(self._rows, effort, device or device_key.fitting())
        self._seal: Seal | None = None

    @property
    def is_open(self) -> bool:
        """Whether the PIN was given."""
        return self._seal is not None

    def set_pin(self, pin: str) -> None:
        """Choose a first PIN, or another while the store is open."""
        with self._turn:
            self._seal = self.pin.choose(pin)

    def unlock(self, pin: str, *, now: datetime) -> None:
        """Open with the PIN. Raises WrongPin, or Wait while further tries are not taken."""
        with self._turn:
            self._seal = self.pin.open(pin, now=now)

    def lock(self) -> None:
        """Forget the key until the PIN is given again."""
        self._seal = None

    def close(self) -> None:
        """Let go of the file."""
        self._seal = None
        self._rows.close()

    def keep(self, name: str, document: Document, *, expires_at: datetime | None = None) -> None:
        """Write a document, in place of the one before."""
        sealed = self._sealed(document, f"document:{name}")
        until = expires_at.timestamp() if expires_at else None
        self._run("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", name, sealed, until)

    def document(self, name: str, *, now: datetime) -> Document | None:
        """What was kept, unless it has expired; then it is gone for good."""
        self._run("DELETE FROM document WHERE expires_at <= ?", now.timestamp())
        return self.kept(name)

    def kept(self, name: str) -> Document | None:
        """What was kept, whatever the clock says; None where it cannot be opened any more."""
        rows = self._run("SELECT sealed FROM document WHERE name = ?", name)
        try:
            return self._opened(rows[0][0], f"document:{name}") if rows else None
        except InvalidTag:
            return None  # damaged: it is fetched anew

    def names(self, beginning: str) -> list[str]:
        """The names of documents that begin so."""
        rows = self._run("SELECT name FROM document ORDER BY name")
        return [name for (name,) in rows if name.startswith(beginning)]

    def drop(self, name: str) -> None:
        """Give a document up."""
        self._run("DELETE FROM document WHERE name = ?", name)

    def wait(self, kind: str, body: Document, *, now: datetime) -> PendingChange:
        """Put a change into the queue; it is on disk when this returns."""
        change = PendingChange(id=uuid4().hex, kind=kind, body=body, made_at=now.astimezone(UTC))
        said = {"kind": kind, "body": body, "made_at": change.made_at.isoformat()}
        sealed = self._sealed(said, f"change:{change.id}")
        self._run("INSERT INTO pending_change (id, sealed) VALUES (?, ?)", change.id, sealed)
        return change

    def waiting(self) -> list[PendingChange]:
        """What is still to be sent, oldest first."""
        return [change for change in self._changes() if change.refused is None]

    def refused(self) -> list[PendingChange]:
        """What the server said no to and the patient has not seen yet."""
        return [change for change in self._changes() if change.refused is not None]

    def refuse(self, change_id: str, reason: Document) -> None:
        """Keep a change with the reason why it was not applied."""
        sealed = self._sealed(reason, f"refused:{change_id}")
        self._run("UPDATE pending_change SET refused = ? WHERE id = ?", sealed, change_id)

    def done(self, change_id: str) -> None:
        """The server has it, or the patient has seen why not."""
        self._run("DELETE FROM pending_change WHERE id = ?", change_id)

    def count_waiting(self) -> int:
        """How many changes are in the file; known without the PIN."""
        return int(self._run("SELECT count(*) FROM pending_change")[0][0])

    def erase(self) -> None:
        """Everything goes, the PIN with it: the patient agreed, or nothing was waiting."""
        with self.at_once():
            for table in ("document", "pending_change", "pin_lock"):
                self._run(f"DELETE FROM {table}")  # noqa: S608  (three names, all above)
        self._seal = None
        self.pin.forget()
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Several writes that count together or not at all."""
        with self._turn:
            self._rows.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._rows.execute("COMMIT")
            except BaseException:
                self._rows.execute("ROLLBACK")
                raise

    def _changes(self) -> list[PendingChange]:
        rows = self._run("SELECT id, sealed, refused FROM pending_change ORDER BY place")
        return [self._change(*row) for row in rows]

    def _change(self, change_id: str, sealed: bytes, refused: bytes | None) -> PendingChange:
        try:
            said = self._opened(sealed, f"change:{change_id}")
        except InvalidTag:
            return _damaged(change_id)
        return PendingChange(
            id=change_id,
            kind=said["kind"],
            body=said["body"],
            made_at=datetime.fromisoformat(said["made_at"]),
            refused=self._opened(refused, f"refused:{change_id}") if refused else None,
        )

    def _sealed(self, document: Document, place: str) -> bytes:
        if self._seal is None:
            raise Locked
        return self._seal.close(json.dumps(document).encode(), place)

    def _opened(self, sealed: bytes, place: str) -> Document:
        if self._seal is None:
            raise Locked
        document: Document = json.loads(self._seal.open(sealed, place))
        return document

    def _run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._turn:
            return self._rows.execute(statement, values).fetchall()


def _opened_file(file: Path) -> sqlite3.Connection:
    """The tables, proved to be whole. Raises sqlite3.DatabaseError."""
    rows = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    try:
        for name, value in PRAGMAS.items():
            rows.execute(f"PRAGMA {name} = {value}")
        rows.executescript(TABLES)
        ((found,),) = rows.execute("PRAGMA quick_check(1)")
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    except sqlite3.Error:
        rows.close()
        raise
    return rows


def _set_aside(file: Path) -> None:
    """A damaged file is moved, never deleted: what waited in it may still be saved by hand."""
    for ending in ("", "-wal", "-shm"):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.replace(file.with_name(f"{file.name}{ending}.damaged"))


def _damaged(change_id: str) -> PendingChange:
    """A change that cannot be opened any more: the patient is told, the others go on."""
    never = datetime.fromtimestamp(0, UTC)
    unreadable = {"code": "unreadable", "reason": ""}
    return PendingChange(id=change_id, kind="", body={}, made_at=never, refused=unreadable)
