"""`tandem clock`, `worker` and `outbox`: what runs beside the web server, and what it has sent."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping

import click
from flask import Flask
from huey import Huey
from sqlalchemy import event

from server.app import create_app
from server.commands.clinic import DATA, settings_of
from server.config import Settings
from server.jobs import clock, failpoints, held, planning, workers
from server.jobs.clock import Wait
from server.jobs.work import Work
from server.notifications.channel import Channel
from server.notifications.email import EmailChannel
from server.notifications.folder import FolderChannel
from server.notifications.gateway import GatewayChannel
from server.persistence.database import db
from server.persistence.leader import leader_of
from server.services.messages import outbox as messages
from server.services.planning.planning_work import Attempt
from shared.vocabulary import ChannelName

THREADS = 4
ENDS_WITHIN_SECONDS = 6.0
"""How long a worker that is told to stop finishes what it is sending: whoever stops it waits ten
seconds as a rule, and then kills."""
NICE = 10
"""Whoever asks for a page comes before whoever plans."""
PARENT = click.option("--parent", type=int, hidden=True, help="Stop once this process is gone.")


@click.command("clock")
@DATA
@PARENT
def tick(data: str | None, parent: int | None) -> None:
    """Say what is due. A second clock waits until the first is gone."""
    settings = settings_of(data)
    app = _app(settings)
    queue = workers.sender(_queue(settings), work_of(app, settings))
    with app.app_context():
        leader = leader_of(db.engine)
    clock.run(work_of(app, settings), queue, leader, _until_stopped(parent))


@click.command("worker")
@DATA
@PARENT
@click.option("--threads", default=THREADS, show_default=True, type=click.IntRange(1, 64))
def work_off(data: str | None, parent: int | None, threads: int) -> None:
    """Send what the clock has claimed."""
    settings = settings_of(data)
    app = _app(settings)
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    work, ends = work_of(app, settings), threading.Event()
    beside = [
        threading.Thread(target=_plan, args=(work, data, ends)),
        threading.Thread(target=held.hold_on, args=(work, ends.wait)),
    ]
    for each in beside:
        each.start()
    try:
        workers.work_off(_queue(settings), work, threads)
    finally:
        work.held.end(ENDS_WITHIN_SECONDS)
        ends.set()
        for each in beside:
            each.join()


def _plan(work: Work, data: str | None, ends: threading.Event) -> None:
    """One planning run after the other, each in a process of its own."""

    def start(attempt: Attempt) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(planning.command(attempt, os.getpid(), data))  # noqa: S603

    planning.work_off(work, start, ends.wait)


@click.command("planning-run", hidden=True)
@click.option("--run", "run_id", required=True)
@click.option("--attempt", "number", required=True, type=int)
@DATA
@PARENT
def plan_one(run_id: str, number: int, data: str | None, parent: int | None) -> None:
    """Plan one run: started by a worker."""
    os.nice(NICE)
    settings = settings_of(data)
    work, attempt = work_of(_app(settings), settings), Attempt(run_id=run_id, number=number)
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    ends = threading.Event()
    threading.Thread(target=planning.beat, args=(work, attempt, ends.wait), daemon=True).start()
    sys.exit(planning.carry_out(work, attempt))


def work_of(app: Flask, settings: Settings) -> Work:
    """What clock and workers need, from the settings."""
    return Work(
        context=app.app_context,
        secret=settings.secret_key,
        address=settings.address,
        channels=channels_of(settings),
        rather_not=settings.rather_not,
    )


def channels_of(settings: Settings) -> Mapping[ChannelName, Channel]:
    """Every way of sending that is set. An embedded clinic without a mail server writes its
    messages into a folder, to be looked at."""
    found: dict[ChannelName, Channel] = {
        name: GatewayChannel(url=each.url, secret=each.secret, name=name)
        for name, each in settings.gateways.items()
    }
    found |= _through_apprise(settings)
    if mail := settings.mail:
        found[ChannelName.EMAIL] = EmailChannel(
            server=mail.server,
            sender=mail.sender,
            sender_name=mail.sender_name,
            starttls=mail.starttls,
            keeps_line=True,
        )
    if settings.data_dir and not found:
        folder = settings.data_dir / "messages"
        return {name: FolderChannel(folder=folder, name=name) for name in ChannelName}
    return found


def _through_apprise(settings: Settings) -> dict[ChannelName, Channel]:
    if not settings.apprise:
        return {}
    from server.notifications.through_apprise import AppriseChannel  # knows 130 services: slow

    try:
        return {name: AppriseChannel(url=url) for name, url in settings.apprise.items()}
    except ValueError:
        words = ", ".join(f"{name.upper()}_APPRISE" for name in settings.apprise)
        raise click.ClickException(f"Apprise does not know the address in {words}.") from None


def _app(settings: Settings) -> Flask:
    app = create_app(settings)
    if failpoints.is_asked("mid-commit"):
        with app.app_context():
            event.listen(db.engine, "commit", lambda _: failpoints.reached("mid-commit"))
    return app


def _queue(settings: Settings) -> Huey:
    return workers.queue_for(settings.database_url, settings.data_dir, settings.queue_url)


def _until_stopped(parent: int | None) -> Wait:
    """Waits for SIGINT or SIGTERM, or for the process that started this one to be gone."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return lambda seconds: stop.wait(seconds) or _orphaned(parent)


def _orphaned(parent: int | None) -> bool:
    return parent is not None and os.getppid() != parent


def _follow(parent: int | None) -> None:
    """End this process together with the one that started it."""
    wait = threading.Event()
    while parent is not None and not wait.wait(1):
        if _orphaned(parent):
            os.kill(os.getpid(), signal.SIGTERM)
            return


@click.group("outbox")
def outbox() -> None:
    """What was sent, what waits, and what could not be sent."""


@outbox.command("list")
@DATA
@click.option("--status", help="Only these: preparation, completed, not-done, stopped, on-hold.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
def list_messages(data: str | None, status: str | None, limit: int) -> None:
    """Messages, newest first: no names, only numbers."""
    with create_app(settings_of(data)).app_context():
        for row in messages.newest(status=status, limit=limit):
            click.echo(
                f"{row.id}  {row.due_at:%Y-%m-%d %H:%M}Z  {row.status:<11}  {row.channel:<5}  "
                f"{row.kind:<16}  {row.attempts} tries  {row.failure}"
            )


@outbox.command("show")
@DATA
@click.argument("message_id")
def show_message(data: str | None, message_id: str) -> None:
    """Everything on record about one message."""
    with create_app(settings_of(data)).app_context():
        found = messages.about(message_id)
    if found is None:
        raise click.ClickException("There is no message with this number.")
    for name, value in found.items():
        click.echo(f"{name:<16} {value}")


@outbox.command("resend")
@DATA
@click.argument("message_id")
def resend_message(data: str | None, message_id: str) -> None:
    """Try again what was given up."""
    with create_app(settings_of(data)).app_context():
        if not messages.try_again(message_id):
            raise click.ClickException("Only a message that was given up is sent again.")
    click.echo("It goes out with the clock's next tick.")
