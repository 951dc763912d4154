"""Whom a patient can call, as the clinic set it."""

from dataclasses import dataclass
from datetime import datetime

from server.persistence import help_lines as rows
from server.persistence.database import db
from server.persistence.help_lines import HelpLineRow
from server.persistence.transactions import Locks, transaction
from server.services.access import Caller, require
from server.services.record import audit


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpLine:
    """A line for a bad hour, and the clinic's own number ("" where none is set)."""

    title: str = "988 Suicide and Crisis Lifeline"
    phone: str = "988"
    clinic_phone: str = ""


def of_clinic(clinic_id: str) -> HelpLine:
    """What the clinic set, or the usual line of the United States."""
    row = rows.help_line(clinic_id)
    if row is None:
        return HelpLine()
    return HelpLine(title=row.title, phone=row.phone, clinic_phone=row.clinic_phone)


def change(by: Caller, wanted: HelpLine, *, now: datetime) -> HelpLine:
    """Set whom patients are shown on every screen and page."""
    require(by, "help_line.change")
    with transaction(Locks(names=frozenset({f"help-line:{by.clinic_id}"}))):
        row = rows.help_line(by.clinic_id) or HelpLineRow(clinic_id=by.clinic_id)
        row.title, row.phone, row.clinic_phone = wanted.title, wanted.phone, wanted.clinic_phone
        db.session.add(row)
        audit.changed(by, "help_line.change", now=now, subject_id=by.clinic_id)
    return wanted
