"""`tandem backup` and `restore`: an embedded clinic's one file, whole or not at all."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from server.app import create_app
from server.clinic_commands import DATA, settings_of
from server.config import Settings
from server.persistence import migrate
from server.persistence.database import db
from server.services import outbox

DATABASE = "tandem.db"


@click.command("backup")
@DATA
@click.argument("file", type=click.Path(path_type=Path))
def back_up(data: str | None, file: Path) -> None:
    """Copy the database of an embedded clinic, while it is in use."""
    source = _embedded(settings_of(data)) / DATABASE
    if not source.exists():
        raise click.ClickException("There is no clinic in this folder.")
    if file.exists():
        raise click.ClickException("This file exists; choose another name.")
    half = file.with_suffix(f"{file.suffix}.half")
    half.unlink(missing_ok=True)
    _copy(source, half)
    half.replace(file)
    click.echo(f"{file}: {file.stat().st_size // 1024} KiB, checked")


@click.command("restore")
@DATA
@click.argument("file", type=click.Path(path_type=Path, exists=True))
def restore(data: str | None, file: Path) -> None:
    """Put a backup into an empty folder. What was due before now is not sent again."""
    settings = settings_of(data)
    target = _embedded(settings) / DATABASE
    if target.exists():
        raise click.ClickException("There is a clinic in this folder already; choose another.")
    half = target.with_suffix(".half")
    half.unlink(missing_ok=True)
    _copy(file, half)
    stopped = _quarantined(half, settings)
    half.replace(target)
    click.echo(f"Restored. {stopped} messages that were due before now are not sent again.")


def _quarantined(half: Path, settings: Settings) -> int:
    """Bring a copy up to date and stop what was due, before it gets the name by which a clinic is
    found: whoever dies in between leaves no clinic that sends everything again."""
    _require_ours(half)
    here = replace(settings, database_url=f"sqlite:///{half.resolve()}")
    migrate.upgrade(here.database_url)
    with create_app(here).app_context():
        stopped = outbox.quarantine()
        db.session.remove()
        db.engine.dispose()
    half.with_name(f"{half.name}-turn").unlink(missing_ok=True)
    return stopped


def _require_ours(half: Path) -> None:
    with closing(sqlite3.connect(half)) as database:
        found = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    if not {"clinic", "outbox_message", "alembic_version"} <= found:
        half.unlink()
        raise click.ClickException("This is a database, but not one of Tandem's.")


def _embedded(settings: Settings) -> Path:
    if settings.data_dir is None:
        raise click.ClickException("Give --data FOLDER; PostgreSQL has its own tools (pg_dump).")
    return settings.data_dir


def _copy(source: Path, target: Path) -> None:
    """An exact copy of a SQLite file in use; refused where either side is damaged."""
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            [(verdict,)] = new.execute("PRAGMA integrity_check").fetchall()
    except (sqlite3.DatabaseError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise click.ClickException("This is no backup, or it is damaged.") from error
    if verdict != "ok":
        target.unlink(missing_ok=True)
        raise click.ClickException("This is no backup, or it is damaged.")
