"""`tandem load`: a scenario file becomes a clinic in the database."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from server.commands.clinic import DATA, ready_app, settings_of
from server.commands.scenario_files import SCENARIO, read, refuse
from server.planner.files.entries import FileFaults
from server.services.scenario import opening


@click.command()
@SCENARIO
@DATA
def load(scenario: Path, data: str | None) -> None:
    """Put the clinic of a scenario file, its patients and bookings into the database."""
    asked = read(scenario)
    password = secrets.token_urlsafe(18)
    with ready_app(settings_of(data)).app_context():
        try:
            found = opening.load(asked, password=password, now=datetime.now(UTC))
        except FileFaults as bad:
            refuse(bad)
    click.echo(f"{asked.name}: {found}")
    click.echo(f"  administrator  {found.email}  {password}")
