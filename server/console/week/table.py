"""The week as a table to read: groups of rows, a cell a day, one entry a visit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from server.console.week import entries, loads
from server.console.week.entries import Entry
from server.console.week.loads import Load
from server.services.days.weeks import Cell, Line, Week
from shared.vocabulary import BookableKind, VisitKind

GROUPS = {
    BookableKind.CHAIR: "Chairs",
    BookableKind.NURSE: "Nurses",
    BookableKind.PRESCRIBER: "Prescribers",
    BookableKind.THERAPIST: "Therapists",
    BookableKind.ROOM: "Rooms",
}
"""In the order in which people look for them."""
KINDS = {kind: kind.replace("_", "-") for kind in VisitKind}


@dataclass(frozen=True, kw_only=True)
class Day:
    """The head of a column."""

    on: date
    today: bool
    closed: str
    """Why nothing is open: a holiday's name, or "closed"; "" on other days."""
    empty: bool
    """Nothing open and nothing booked: its column may be narrow."""


@dataclass(frozen=True, kw_only=True)
class Square:
    """One bookable on one day."""

    day: Day
    entries: tuple[Entry, ...]
    note: str
    """When it is open, or that it is not."""
    shut: bool
    at_once: str
    """How much of a pool is taken when most of it is: "3 of 4"."""
    full: bool
    strip: tuple[Load, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One bookable through the week."""

    title: str
    capacity: int
    retired: bool
    squares: tuple[Square, ...]


@dataclass(frozen=True, kw_only=True)
class WeekTable:
    """All that the page shows."""

    site_id: str
    site: str
    zone: str
    clock: str
    days: tuple[Day, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    kinds: tuple[tuple[str, str], ...]
    """Those that occur, for the legend."""
    span: tuple[int, int]
    """From the first to the last minute of a day that any strip shows."""


def table(week: Week, *, now: datetime) -> WeekTable:
    """What the page shows of a week."""
    today = now.astimezone(week.zone).date()
    days = tuple(_day(week, n, today) for n in range(len(week.days)))
    groups = tuple(_groups(week, days))
    found = {claim.kind for line in week.lines for cell in line.cells for claim in cell.claims}
    return WeekTable(
        site_id=week.site.id,
        site=week.site.title,
        zone=week.site.time_zone.replace("_", " "),
        clock=clock(week),
        days=days,
        groups=groups,
        kinds=tuple((kind, title) for kind, title in KINDS.items() if kind in found),
        span=_span(row for _, rows in groups for row in rows),
    )


def _day(week: Week, number: int, today: date) -> Day:
    on, cells = week.days[number], [line.cells[number] for line in week.lines]
    shut = not any(cell.capacity for cell in cells)
    return Day(
        on=on,
        today=on == today,
        closed=week.closed.get(on, "") or ("closed" if shut else ""),
        empty=shut and not any(cell.claims for cell in cells),
    )


def ordered(week: Week) -> list[Line]:
    """The bookables in the order in which people look for them."""
    order = list(GROUPS)

    def place(line: Line) -> tuple[int, bool, list[tuple[int, str]]]:
        row = line.bookable
        return order.index(BookableKind(row.kind)), not row.practitioner_id, _natural(row.title)

    return sorted(week.lines, key=place)


def _groups(week: Week, days: tuple[Day, ...]) -> Iterable[tuple[str, tuple[Row, ...]]]:
    for kind, lines in groupby(ordered(week), key=lambda each: each.bookable.kind):
        yield GROUPS[BookableKind(kind)], tuple(_row(week, line, days) for line in lines)


def _natural(title: str) -> list[tuple[int, str]]:
    """Chair 2 before Chair 10."""
    words = title.casefold().split()
    return [(int(word) if word.isdecimal() else 0, word) for word in words]


def _row(week: Week, line: Line, days: tuple[Day, ...]) -> Row:
    pairs = zip(line.cells, days, strict=True)
    return Row(
        title=line.bookable.title,
        capacity=line.bookable.capacity,
        retired=line.bookable.retired,
        squares=tuple(_square(week, line, cell, day) for cell, day in pairs),
    )


def _square(week: Week, line: Line, cell: Cell, day: Day) -> Square:
    strip = loads.loads(cell, week.zone)
    most = loads.peak(strip)
    pooled = line.bookable.capacity > 1 and most.taken
    return Square(
        day=day,
        entries=entries.of_cell(cell, week),
        note=_note(line, strip, day.closed),
        shut=not cell.capacity,
        at_once=f"{most.taken} of {most.capacity}" if pooled else "",
        full=most.taken >= most.capacity and bool(most.taken),
        strip=strip,
    )


def note(line: Line, week: Week, number: int) -> str:
    """When a bookable is open on the n-th day, or why it is not."""
    closed = week.closed.get(week.days[number], "")
    return _note(line, loads.loads(line.cells[number], week.zone), closed)


def _note(line: Line, strip: tuple[Load, ...], closed: str) -> str:
    if spans := loads.opening(strip):
        return ", ".join(f"{_hour(opens)}–{_hour(closes)}" for opens, closes in spans)
    if closed:
        return "closed"
    return "not working" if line.bookable.practitioner_id else "not open"


def _hour(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def clock(week: Week) -> str:
    """The zone's short name, and the next one where clocks change in this week."""
    first, last = (_zone_name(week, day) for day in (week.days[0], week.days[-1]))
    return first if first == last else f"{first}, then {last}: clocks change this week"


def _zone_name(week: Week, day: date) -> str:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=week.zone)
    name = noon.tzname() or ""
    offset = noon.utcoffset() or timedelta()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    utc = f"UTC{'−' if offset < timedelta() else '+'}{hours}{f':{minutes:02d}' if minutes else ''}"
    return f"{name}, {utc}" if name.isalpha() else utc


def _span(rows: Iterable[Row]) -> tuple[int, int]:
    return hours_around(load for row in rows for square in row.squares for load in square.strip)


def hours_around(strips: Iterable[Load]) -> tuple[int, int]:
    """Whole hours around all that is open or taken, in minutes."""
    used = [load for load in strips if load.capacity or load.taken]
    first = min((load.start for load in used), default=8 * 60)
    last = max((load.end for load in used), default=18 * 60)
    return first // 60 * 60, -(-last // 60) * 60
