"""`tandem tz`: what to do when the rules of a time zone have changed."""

from datetime import UTC, datetime

import click

from server.app import create_app
from server.commands.clinic import DATA, settings_of
from server.services.clinic import zone_rules
from server.services.clinic.zone_rules import Shift
from server.services.faults import DatabaseError


@click.group("tz")
def tz() -> None:
    """Appointments and the rules of time zones."""


@tz.command("reconcile")
@DATA
@click.option("--apply", "applies", is_flag=True, help="Keep the time on the wall; asks first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reconcile(data: str | None, applies: bool, yes: bool) -> None:
    """List the appointments that new zone rules have shifted away from their time on the wall."""
    with create_app(settings_of(data)).app_context():
        now = datetime.now(UTC)
        found = zone_rules.shifts(now=now)
        for each in found:
            click.echo(_words(each))
        click.echo(f"{len(found)} appointments have shifted.")
        if not found or not applies:
            return
        if not yes:
            click.confirm("Keep their time on the wall?", abort=True)
        _apply(now)


def _apply(now: datetime) -> None:
    try:
        count = zone_rules.keep_wall_times(now=now)
    except DatabaseError as error:
        raise click.ClickException(
            "Nothing was changed in the clinic at hand: two of them, or one of them and another "
            "appointment, would be in one place at once. Move one by hand, then try again."
        ) from error
    click.echo(f"{count} appointments keep their time; `tandem doctor` lists broken rules.")


def _words(each: Shift) -> str:
    skipped = "  (skipped: the moment after)" if each.skipped else ""
    return (
        f"{each.id}  {each.wall_time[:16].replace('T', ' ')} {each.time_zone}  "
        f"was {each.was:%H:%M}Z, becomes {each.becomes:%H:%M}Z{skipped}"
    )
