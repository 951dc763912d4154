"""People and opening hours from a spreadsheet: every bad row named, and all of it or nothing."""

from datetime import datetime

from server.persistence.transactions import transaction
from server.services.access import Caller, require
from server.services.clinic import spreadsheets
from server.services.clinic.clinics import opening_hours
from server.services.clinic.import_hours import HOURS
from server.services.clinic.import_people import PEOPLE
from server.services.clinic.imported import Importer, Outcome
from server.services.clinic.spreadsheets import UnreadableTable
from server.services.record import audit
from server.services.refusals import Invalid
from shared.problems import FieldFault


class _Undo(Exception):
    """Takes back everything a dry run, or an import with faults, has written."""


def people(by: Caller, text: str, *, dry_run: bool, now: datetime) -> Outcome:
    """Add the patients and practitioners of a CSV text. Invalid names every row and column that
    is wrong; a dry run reports them instead and writes nothing."""
    require(by, "import.run")
    return _run(by, PEOPLE, text, dry_run=dry_run, now=now)


def availability(by: Caller, text: str, *, dry_run: bool, now: datetime) -> Outcome:
    """Give each bookable of a CSV text the weekly hours written there, in place of those it has.
    Faults and dry run as for people."""
    require(by, "import.run")
    return _run(by, HOURS, text, dry_run=dry_run, now=now)


def _run(by: Caller, importer: Importer, text: str, *, dry_run: bool, now: datetime) -> Outcome:
    outcome = Outcome(dry_run=dry_run)
    try:
        _load(by, importer, text, outcome, now)
    except UnreadableTable as error:
        outcome.faults += error.faults
    except _Undo:
        pass
    if outcome.faults and not dry_run:
        raise Invalid(
            FieldFault(f"csv.{each.row}.{each.column}".rstrip("."), each.reason)
            for each in outcome.faults
        )
    return outcome


def _load(by: Caller, importer: Importer, text: str, outcome: Outcome, now: datetime) -> None:
    lines = spreadsheets.read(text, needed=importer.needed, allowed=importer.allowed)
    outcome.rows = len(lines)
    with transaction(opening_hours(by)):
        importer.load(by, lines, outcome, now=now)
        facts: dict[str, object] = {"table": importer.title, **outcome.added}
        audit.changed(by, "import.run", now=now, facts=facts)
        if outcome.faults or outcome.dry_run:
            raise _Undo
