"""`tandem backup` and `restore`: a clinic's database, whole or not at all."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from server.app import create_app
from server.backup import bundle, postgresql, sqlite
from server.backup.bundle import Manifest, NoBackup
from server.backup.ledger import Ledger
from server.commands.clinic import DATA, settings_of
from server.config import Settings
from server.persistence import migrate
from server.persistence.database import db
from server.services.messages import outbox
from server.services.record import audit_chain

DATABASE = "tandem.db"
OTHER_KEY = (
    "SECRET_KEY (of a folder: its file `secret`) is another than it was: links in messages already "
    "sent do not open, and `tandem audit verify` finds nothing right. Put the old one back."
)
NOT_ITS_LEDGER = "What was restored is not what was backed up: the ledgers differ."


@click.command("backup")
@DATA
@click.argument("file", type=click.Path(path_type=Path))
def back_up(data: str | None, file: Path) -> None:
    """Write everything a clinic has into one file, while it is in use."""
    settings = settings_of(data)
    with _refusals():
        if file.exists():
            raise NoBackup("This file exists; choose another name.")
        if not file.parent.is_dir():
            raise NoBackup("There is no such folder.")
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            payload = Path(folder) / DATABASE
            manifest = _taken(settings, payload)
            bundle.pack(file, payload, manifest)
    click.echo(f"{file}: {file.stat().st_size // 1024} KiB, {manifest.rows} rows, checked")
    click.echo(f"ledger       {manifest.ledger}")
    click.echo(f"fingerprint  {bundle.digest_of(file)}  (keep it elsewhere)")


def _taken(settings: Settings, payload: Path) -> Manifest:
    if settings.data_dir:
        source, kind = settings.data_dir / DATABASE, "sqlite"
        if not source.exists():
            raise NoBackup("There is no clinic in this folder.")
        sqlite.copy(source, payload)
        revision, ledger = sqlite.looked_through(payload)
    else:
        kind = "postgresql"
        revision, ledger = postgresql.dump(_postgresql(settings), payload)
    at = datetime.now(UTC)
    return bundle.manifest_of(payload, kind=kind, revision=revision, ledger=ledger, now=at)


@click.command("restore")
@DATA
@click.option("--fingerprint", help="What `tandem backup` said; another file is refused.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(data: str | None, fingerprint: str | None, file: Path) -> None:
    """Put a backup into an empty folder or an empty PostgreSQL database. What was due before now is
    not sent again."""
    settings = settings_of(data)
    with _refusals():
        if fingerprint and fingerprint.strip().lower() != bundle.digest_of(file):
            raise NoBackup("This is not the file with that fingerprint.")
        back = _into_folder if settings.data_dir else _into_postgresql
        ledger, stopped = back(settings, file)
    click.echo(f"Restored: {ledger.rows} rows, ledger {ledger.digest}")
    click.echo(f"{stopped} messages that were due before now are not sent again.")
    with create_app(settings).app_context():
        if not audit_chain.key_fits():
            click.echo(OTHER_KEY, err=True)
        db.session.remove()
        db.engine.dispose()


def _into_folder(settings: Settings, file: Path) -> tuple[Ledger, int]:
    assert settings.data_dir is not None
    target = settings.data_dir / DATABASE
    if target.exists():
        raise NoBackup("There is a clinic in this folder already; choose another.")
    half = target.with_suffix(".half")
    try:
        ledger = _unpacked(file, half)
        stopped = _quarantined(half, settings)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
        half.with_name(f"{half.name}-turn").unlink(missing_ok=True)
    return ledger, stopped


def _unpacked(file: Path, half: Path) -> Ledger:
    """The database of a backup, the same to the last row; an older backup has no manifest."""
    half.unlink(missing_ok=True)
    if bundle.is_bare_sqlite(file):
        sqlite.copy(file, half)
        revision, ledger = sqlite.looked_through(half)
        _require_known(revision)
        return ledger
    manifest = bundle.unpack(file, half)
    _require(manifest, "sqlite")
    revision, ledger = sqlite.looked_through(half)
    if (revision, ledger.digest) != (manifest.revision, manifest.ledger):
        raise NoBackup(NOT_ITS_LEDGER)
    return ledger


def _quarantined(half: Path, settings: Settings) -> int:
    """Bring a copy up to date and stop what was due, before it gets the name by which a clinic is
    found: whoever dies in between leaves no clinic that sends everything again."""
    here = replace(settings, database_url=f"sqlite:///{half.resolve()}")
    migrate.upgrade(here.database_url)
    with create_app(here).app_context():
        stopped = outbox.quarantine()
        db.session.remove()
        db.engine.dispose()
    return stopped


def _into_postgresql(settings: Settings, file: Path) -> tuple[Ledger, int]:
    url = _postgresql(settings)
    with tempfile.TemporaryDirectory(prefix="tandem-restore-") as folder:
        dumped = Path(folder) / "database"
        manifest = bundle.unpack(file, dumped)
        _require(manifest, "postgresql")
        with postgresql.nobody_else(url):
            ledger = postgresql.load(url, dumped)
            if ledger.digest != manifest.ledger:
                raise NoBackup(NOT_ITS_LEDGER)
            stopped = postgresql.quarantine(url, manifest.revision)
            migrate.upgrade(url)
    return ledger, stopped


def _require(manifest: Manifest, kind: str) -> None:
    if manifest.kind != kind:
        raise NoBackup(f"This is a backup of {manifest.kind}; here is {kind}.")
    _require_known(manifest.revision)


def _require_known(revision: str) -> None:
    if not migrate.knows(revision):
        raise NoBackup("This backup was made by a newer Tandem: install that version first.")


def _postgresql(settings: Settings) -> str:
    if not settings.database_url.startswith("postgresql"):
        raise NoBackup("Give --data FOLDER, or DATABASE_URL of a PostgreSQL database.")
    return settings.database_url


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except NoBackup as refused:
        raise click.ClickException(str(refused)) from refused
