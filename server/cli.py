"""The `tandem` command. Each of its commands is imported only when it is called: planning a clinic
from a file needs no web server, and serving one no planner of whole clinics."""

from importlib import import_module
from time import monotonic

import click

BEGAN = "tandem.began"
"""When the command was asked for, before it was imported: what has a time limit counts from it."""

WHERE = {
    "audit": "server.audit_commands:audit",
    "backup": "server.backup_commands:back_up",
    "clock": "server.job_commands:tick",
    "check": "server.scenario_commands:check",
    "demo": "server.clinic_commands:fill_demo",
    "doctor": "server.clinic_commands:examine",
    "load": "server.load_command:load",
    "migrate": "server.clinic_commands:bring_up_to_date",
    "plan": "server.scenario_commands:plan",
    "propose": "server.scenario_commands:propose",
    "repair": "server.scenario_commands:repair",
    "simulate": "server.scenario_commands:simulate",
    "worker": "server.job_commands:work_off",
    "planning-run": "server.job_commands:plan_one",
    "outbox": "server.job_commands:outbox",
    "restore": "server.backup_commands:restore",
    "tz": "server.zone_commands:tz",
    "serve": "server.clinic_commands:serve",
}


class Commands(click.Group):
    """Finds a command by its name in `WHERE`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        del ctx
        return sorted(WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None for an unknown name."""
        ctx.meta.setdefault(BEGAN, monotonic())
        if cmd_name not in WHERE:
            return None
        module, _, name = WHERE[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Commands)
def main() -> None:
    """Tandem: infusion series and their psychotherapy, true to a protocol."""
