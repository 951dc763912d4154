"""`tandem audit`: whether the record of who did what is as this software wrote it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from server.app import create_app
from server.commands.clinic import DATA, settings_of
from server.services.record import audit_chain
from server.services.record.audit_chain import Head

SHOWN = 50


@click.group("audit")
def audit() -> None:
    """The record of who did what, and whether anybody has tampered with it."""


@audit.command("head")
@DATA
def head(data: str | None) -> None:
    """Seal what is there and print the end of the chain, to be kept where nobody can change it."""
    with create_app(settings_of(data)).app_context():
        while audit_chain.seal():
            pass
        found = audit_chain.head()
    if found is None:
        raise click.ClickException("Nothing is on record yet.")
    click.echo(f"{found} {datetime.now(UTC).isoformat(timespec='seconds')}")


@audit.command("verify")
@DATA
@click.option(
    "--heads",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of lines that `tandem audit head` printed: finds a tail that was cut off.",
)
def verify(data: str | None, heads: Path | None) -> None:
    """Look through the whole record. Ends with 1 where something was done to it."""
    kept = list(_heads(heads)) if heads else []
    with create_app(settings_of(data)).app_context():
        count, found = audit_chain.verified(kept, now=datetime.now(UTC))
    for each in found[:SHOWN]:
        click.echo(f"{each.kind}: {each.place}")
    if found:
        raise click.ClickException(
            f"{len(found)} places where the record is not as it was written"
            + (" - or SECRET_KEY is another than it was." if len(found) >= count else ".")
        )
    if not count:
        raise click.ClickException("Nothing is sealed yet: the clock does it.")
    click.echo(f"{count} events, as they were written; {len(kept)} kept heads agree.")


def _heads(file: Path) -> Iterator[Head]:
    for line in file.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if not words:
            continue
        if len(words) < 2 or not words[0].isdigit():
            raise click.ClickException("There are lines that `tandem audit head` never wrote.")
        yield Head(int(words[0]), words[1])
