"""What an import knows before it begins, and what it has to say afterwards."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from server.services.access import Caller
from server.services.clinic.spreadsheets import Line, RowFault
from server.services.refusals import Conflict, Invalid


@dataclass(kw_only=True)
class Outcome:
    """What an import did, or in a dry run would do; rows count as a spreadsheet counts them."""

    dry_run: bool
    rows: int = 0
    added: Counter[str] = field(default_factory=Counter)
    faults: list[RowFault] = field(default_factory=list)
    affected: list[str] = field(default_factory=list)

    def fault(self, line: Line, column: str, reason: str) -> None:
        """One thing wrong with one row."""
        self.faults.append(RowFault(row=line.row, column=column, reason=reason))

    def refused(self, line: Line, why: Invalid | Conflict) -> None:
        """What a service found wrong with a row, under the column it came from."""
        if isinstance(why, Conflict):
            self.fault(line, "", str(why))
        else:
            for each in why.faults:
                self.fault(line, COLUMNS.get(each.path, each.path), each.reason)


COLUMNS = {"site_id": "site", "title": "name", "full_name": "name"}
"""The column that a service's field came from, where it has another name."""


class Load(Protocol):
    """Writes the rows of a table, noting in the outcome what it added and every fault."""

    def __call__(
        self, by: Caller, lines: list[Line], outcome: Outcome, *, now: datetime
    ) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Importer:
    """One kind of table: the columns it must and may have, and what is done with its rows."""

    title: str
    needed: tuple[str, ...]
    allowed: tuple[str, ...]
    load: Load
