"""Rows of a spreadsheet become the weekly hours of bookables."""

from collections.abc import Mapping
from datetime import datetime

from server.domain.calendars import WeeklyHours
from server.domain.opening_hours import weekly_faults
from server.persistence import bookables, clinics
from server.persistence.bookables import BookableRow
from server.services.access import Caller
from server.services.clinic import affected, availability
from server.services.clinic.imported import Importer, Outcome
from server.services.clinic.spreadsheets import Line
from server.services.freshness import touch
from shared.weekdays import read_clock, read_days

Week = list[tuple[Line, WeeklyHours]]


def _load(by: Caller, lines: list[Line], outcome: Outcome, *, now: datetime) -> None:
    sites = {row.title.casefold(): row.id for row in clinics.sites(by.clinic_id)}
    weeks: dict[str, tuple[BookableRow, Week]] = {}
    for line in lines:
        hours = _hours(line, outcome)
        row = _meant(by, line, sites, outcome)
        if hours and row:
            _, week = weeks.setdefault(row.id, (row, []))
            _require_new(line, hours, week, outcome)
            week.append((line, hours))
    for row, week in weeks.values():
        _write(row, week, outcome)
    outcome.affected = affected.appointments([row for row, _ in weeks.values()], now=now)


def _hours(line: Line, outcome: Outcome) -> WeeklyHours | None:
    """What the row says, or None and every fault of it."""
    read = {"days": read_days, "opens": read_clock, "closes": read_clock, "capacity": _number}
    found = {}
    for column, understand in read.items():
        try:
            found[column] = understand(line.cells.get(column, ""))
        except ValueError as error:
            outcome.fault(line, column, str(error))
    return WeeklyHours(**found) if len(found) == len(read) else None  # type: ignore[arg-type]


def _number(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError("a whole number")
    return int(text or "1")


def _meant(
    by: Caller, line: Line, sites: Mapping[str, str], outcome: Outcome
) -> BookableRow | None:
    title = line.cells.get("site", "")
    site_id = sites.get(title.casefold())
    if title and site_id is None:
        outcome.fault(line, "site", "there is no site of that name")
        return None
    rows = bookables.coded(by.clinic_id, site_id, line.cells["bookable"])
    if len(rows) != 1:
        why = "several sites have one; say which site" if rows else "there is nothing of that code"
        outcome.fault(line, "bookable", why)
        return None
    return rows[0]


def _require_new(line: Line, hours: WeeklyHours, week: Week, outcome: Outcome) -> None:
    for before, same in week:
        if same == hours:
            outcome.fault(line, "bookable", f"the same as row {before.row}")


def _write(row: BookableRow, week: Week, outcome: Outcome) -> None:
    hours = [each for _, each in week]
    faults = weekly_faults(hours, most=row.capacity)
    for path, reason in faults:
        place, _, column = path.partition(".")
        outcome.fault(week[int(place)][0], column, reason)
    if not faults:
        touch(row)
        availability.write_week(row, hours)


HOURS = Importer(
    title="availability",
    needed=("bookable", "days", "opens", "closes"),
    allowed=("bookable", "site", "days", "opens", "closes", "capacity"),
    load=_load,
)
