"""A bookable's week and absences as a form says them."""

from collections.abc import Iterator

from werkzeug.datastructures import MultiDict

from server.console.days import a_day
from server.services.clinic.availability import Absence, WeeklyHours
from server.services.refusals import Invalid
from shared.problems import FieldFault
from shared.weekdays import read_clock, read_days, write_clock, write_days

MOST_ROWS = 30
LONGEST = 200


def read_week(form: MultiDict[str, str]) -> list[WeeklyHours]:
    """The rows of the form that say something. Invalid names each that cannot be read."""
    faults: list[FieldFault] = []
    rows: list[WeeklyHours] = []
    for number, cells in enumerate(typed(form), start=1):
        if cells[0].strip():
            try:
                rows.append(_row(*cells))
            except ValueError as error:
                faults.append(FieldFault(f"row {number}", str(error)))
    if faults:
        raise Invalid(faults)
    return rows


def typed(form: MultiDict[str, str]) -> list[tuple[str, ...]]:
    """The cells as they were typed, to be put right."""
    columns = (form.getlist(name)[:MOST_ROWS] for name in ("days", "opens", "closes", "capacity"))
    return list(zip(*columns, strict=False))


def write_week(weekly: list[WeeklyHours]) -> Iterator[tuple[str, str, str, int]]:
    """The same as cells, and two empty rows for more."""
    for row in weekly:
        yield _days(row.days), write_clock(row.opens), write_clock(row.closes), row.capacity
    yield from (("", "", "", 1), ("", "", "", 1))


def _days(days: tuple[int, ...]) -> str:
    """ "mon-fri" for days that follow each other, else each by its name."""
    names, row = write_days(days).split(), sorted(days)
    unbroken = len(row) > 2 and row == list(range(row[0], row[-1] + 1))
    return f"{names[0]}-{names[-1]}" if unbroken else " ".join(names)


def read_absence(form: MultiDict[str, str]) -> Absence:
    """Whole days away. Invalid where a day is missing."""
    first, last = a_day(form.get("first", "")), a_day(form.get("last", ""))
    if first is None:
        raise Invalid.field("First day", "choose the first day away")
    reason = form.get("reason", "").replace("\0", "").strip()[:LONGEST]
    return Absence(first_on=first, last_on=last or first, reason=reason)


def _row(days: str, opens: str, closes: str, capacity: str) -> WeeklyHours:
    if not capacity.isdecimal() or not 1 <= int(capacity[:5]) <= 1000:
        raise ValueError("how many at once, from 1 to 1000")
    return WeeklyHours(
        days=read_days(days),
        opens=read_clock(opens),
        closes=read_clock(closes),
        capacity=int(capacity),
    )
