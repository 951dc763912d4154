"""The file a backup is: a tar of a manifest, which says what it holds by digest, and the database.

manifest.json   {"format": "tandem.backup/1", "kind": ..., "revision": ..., "payload": {...}, ...}
database        an SQLite file, or what pg_dump writes in its custom format
"""

import hashlib
import io
import json
import shutil
import tarfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from server.backup.ledger import Ledger

FORMAT = "tandem.backup/1"
MANIFEST, DATABASE = "manifest.json", "database"
LONGEST_MANIFEST = 1_000_000
SQLITE_BEGINS = b"SQLite format 3\x00"


class NoBackup(Exception):
    """It cannot be made, or cannot be restored; the message says why and what to do, and holds
    nothing of what is in it."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself. `ledger` is the digest of every row of every table."""

    kind: str
    made_at: str
    revision: str
    bytes: int
    sha256: str
    ledger: str
    rows: int
    format: str = FORMAT


def manifest_of(
    payload: Path, *, kind: str, revision: str, ledger: Ledger, now: datetime
) -> Manifest:
    """What is to be said of this database."""
    return Manifest(
        kind=kind,
        made_at=now.isoformat(timespec="seconds"),
        revision=revision,
        bytes=payload.stat().st_size,
        sha256=digest_of(payload),
        ledger=ledger.digest,
        rows=ledger.rows,
    )


def digest_of(file: Path) -> str:
    """The SHA-256 of a whole file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def pack(file: Path, payload: Path, manifest: Manifest) -> None:
    """Write the backup, readable by its owner only; under its own name only once it is whole."""
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    words = json.dumps(asdict(manifest), indent=1).encode()
    with tarfile.open(half, "w") as tar:
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode = len(words), 0o600
        tar.addfile(head, io.BytesIO(words))
        tar.add(payload, DATABASE, recursive=False, filter=_nobodys)
    half.replace(file)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uname = member.gname = ""
    member.uid = member.gid = 0
    return member


def is_bare_sqlite(file: Path) -> bool:
    """Whether it is what `tandem backup` wrote before there were manifests."""
    with file.open("rb") as opened:
        return opened.read(len(SQLITE_BEGINS)) == SQLITE_BEGINS


def unpack(file: Path, payload: Path) -> Manifest:
    """Put the database of a backup there, if it is to the last bit what was backed up."""
    try:
        with tarfile.open(file, "r:") as tar:
            manifest = _manifest(tar)
            _extract(tar, payload)
    except (tarfile.TarError, EOFError, OSError, UnicodeDecodeError) as error:
        raise NoBackup("This is no backup of Tandem's, or it is damaged.") from error
    if payload.stat().st_size != manifest.bytes or digest_of(payload) != manifest.sha256:
        raise NoBackup("This backup is damaged, or somebody has changed it: its digest is not its.")
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    head = tar.next()
    opened = tar.extractfile(head) if head and head.name == MANIFEST else None
    if opened is None:
        raise NoBackup("This archive is no backup of Tandem's.")
    try:
        said = json.loads(opened.read(LONGEST_MANIFEST))
        if said["format"] != FORMAT:
            raise NoBackup("This backup was made by another Tandem, probably a newer one.")
        return Manifest(**said)
    except (ValueError, TypeError, KeyError) as error:
        raise NoBackup("The manifest of this backup is damaged.") from error


def _extract(tar: tarfile.TarFile, payload: Path) -> None:
    member = tar.next()
    opened = tar.extractfile(member) if member and member.name == DATABASE else None
    if opened is None:
        raise NoBackup("This archive is no backup of Tandem's: the database is missing.")
    payload.unlink(missing_ok=True)
    payload.touch(mode=0o600)
    with payload.open("wb") as into:
        shutil.copyfileobj(opened, into)
