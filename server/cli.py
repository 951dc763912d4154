"""The `tandem` command. Each of its commands is imported only when it is called: planning a clinic
from a file needs no web server, and serving one no planner of whole clinics."""

from importlib import import_module
from time import monotonic

import click

BEGAN = "tandem.began"
"""When the command was asked for, before it was imported: what has a time limit counts from it."""

WHERE = {
    "audit": "server.commands.audit:audit",
    "backup": "server.commands.backup:back_up",
    "clock": "server.commands.jobs:tick",
    "check": "server.commands.scenarios:check",
    "demo": "server.commands.clinic:fill_demo",
    "doctor": "server.commands.clinic:examine",
    "load": "server.commands.load:load",
    "migrate": "server.commands.clinic:bring_up_to_date",
    "plan": "server.commands.scenarios:plan",
    "propose": "server.commands.scenarios:propose",
    "repair": "server.commands.scenarios:repair",
    "simulate": "server.commands.scenarios:simulate",
    "worker": "server.commands.jobs:work_off",
    "planning-run": "server.commands.jobs:plan_one",
    "outbox": "server.commands.jobs:outbox",
    "restore": "server.commands.backup:restore",
    "tz": "server.commands.zones:tz",
    "serve": "server.commands.clinic:serve",
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
