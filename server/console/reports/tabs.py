"""Which reports there are, and on which page each stands. A new one is a line in both lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from server.console.reports import care_tables, tables
from server.console.reports.tables import Table
from server.services.access import Caller
from server.services.record import care_reports, reports


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks for a report, of which local dates (both inclusive), and when."""

    by: Caller
    first: date
    last: date
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A page of reports; its code stands in its address, "" for the first."""

    code: str
    title: str
    reports: tuple[str, ...]


REPORTS: Mapping[str, Callable[[Asked], Table]] = {
    "no-shows": lambda a: tables.no_shows(reports.missed(a.by, a.first, a.last)),
    "waiting": lambda a: tables.waits(reports.waiting(a.by, now=a.now)),
    "windows": lambda a: tables.windows(reports.kept(a.by, a.first, a.last)),
    "pairing": lambda a: care_tables.pairing(care_reports.pairings(a.by, a.first, a.last)),
    "hours": lambda a: care_tables.hours(care_reports.hours(a.by, a.first, a.last)),
    "reminders": lambda a: care_tables.reminders(care_reports.reminders(a.by, a.first, a.last)),
    "check-ins": lambda a: care_tables.check_ins(care_reports.check_ins(a.by, a.first, a.last)),
}
"""By their code: each counts only for itself, so that none waits for another."""

TABS = (
    Tab(code="", title="Coming and waiting", reports=("no-shows", "waiting")),
    Tab(code="protocol", title="Inside windows", reports=("windows",)),
    Tab(code="pairing", title="Psychotherapy", reports=("pairing",)),
    Tab(code="hours", title="Hours", reports=("hours",)),
    Tab(code="messages", title="Messages and check-ins", reports=("reminders", "check-ins")),
)


def tab(code: str) -> Tab | None:
    """The page of this code, None where there is none."""
    return next((each for each in TABS if each.code == code), None)
