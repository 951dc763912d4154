"""`tandem serve`, `demo`, `doctor` and `migrate`: one clinic and its database."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from server import config
from server.app import create_app
from server.persistence import migrate
from server.services.demo import opening
from server.services.record import doctor


def settings_of(data: str | None) -> config.Settings:
    """The settings of the folder given, or of the environment; a clear word where they lack."""
    try:
        return config.embedded(Path(data)) if data else config.from_environment()
    except config.BadSettings as bad:
        raise click.ClickException(str(bad)) from bad


def ready_app(settings: config.Settings) -> Flask:
    """The application on a database that is up to date."""
    migrate.upgrade(settings.database_url)
    return create_app(settings)


THREADS = 4
STOPS_WITHIN_SECONDS = 3
"""How long an open browser may hold up Ctrl-C."""
DATA = click.option("--data", help="Folder of an embedded clinic (SQLite file and secret).")


@click.command()
@DATA
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--demo/--no-demo", "with_demo", default=True, help="Fill an empty embedded clinic.")
def serve(data: str | None, host: str, port: int, workers: int, with_demo: bool) -> None:
    """Bring the database up to date and serve API and console."""
    settings = settings_of(data)
    _require_free(host, port)
    app = ready_app(settings)
    if settings.data_dir and with_demo:
        with app.app_context():
            _introduce()
    _dispose(app)
    if settings.data_dir:
        os.environ["TANDEM_DATA"] = str(settings.data_dir)
        os.environ.setdefault("TANDEM_ADDRESS", f"http://{host}:{port}")
    click.echo(f"Serving on http://{host}:{port} - Ctrl-C stops.")
    sys.stdout.flush()
    with _beside(settings):
        _run(host, port, workers)


@contextmanager
def _beside(settings: config.Settings) -> Iterator[None]:
    """Clock and worker of an embedded clinic run as long as its web server does."""
    words = ("clock", "worker") if settings.data_dir else ()
    follow = ("--parent", str(os.getpid()))
    commands = [[sys.executable, "-m", "server", word, *follow] for word in words]
    started = [subprocess.Popen(command) for command in commands]  # noqa: S603 - our own words
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            _wait_or_kill(process)


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    """What it was at comes again by itself; a clinic that is told to stop stops."""
    try:
        process.wait(STOPS_WITHIN_SECONDS * 2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _require_free(host: str, port: int) -> None:
    """The web server itself would share the port with whoever has it, and answer by turns."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} is taken ({error.strerror}); choose another, as in PORT=8123."
            ) from error


def _run(host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "server.wsgi:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        workers_kill_timeout=STOPS_WITHIN_SECONDS,
        log_level=LogLevels.error,
    ).serve()


def _introduce() -> None:
    """Fill an empty database with the demo clinic; say what is there and who can sign in."""
    began = _now()
    click.echo("Looking after the demo clinic (all of it invented)...")
    summary = opening.ensure(now=began)
    click.echo(f"{summary} ({(_now() - began).total_seconds():.0f} s)")
    for email, password, role in opening.sign_ins():
        click.echo(f"  {role:<14} {email:<24} {password}")


def _dispose(app: Flask) -> None:
    from server.persistence.database import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@click.command("demo")
@DATA
def fill_demo(data: str | None) -> None:
    """Fill an empty database with the demo clinic."""
    with ready_app(settings_of(data)).app_context():
        _introduce()


@click.command("doctor")
@DATA
def examine(data: str | None) -> None:
    """List every broken invariant; exit 1 if there is any."""
    with ready_app(settings_of(data)).app_context():
        found = doctor.examine(now=_now())
    for finding in found:
        click.echo(str(finding))
    click.echo(f"{len(found)} broken invariants")
    sys.exit(1 if found else 0)


@click.command("migrate")
@DATA
def bring_up_to_date(data: str | None) -> None:
    """Bring the database to the newest form."""
    migrate.upgrade(settings_of(data).database_url)
    click.echo("The database is up to date.")


def _now() -> datetime:
    return datetime.now(UTC)
