"""A day or a week of a site as a timeline: a row for each bookable, or for each day of one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from server.console.week import entries, loads, table
from server.console.week.entries import Entry
from server.services.days.weeks import Line, Week
from shared.vocabulary import BookableKind

KINDS = {
    "chairs": (BookableKind.CHAIR,),
    "people": (BookableKind.NURSE, BookableKind.PRESCRIBER, BookableKind.THERAPIST),
    "rooms": (BookableKind.ROOM,),
}
"""What can be shown by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A visit in a row: where it begins and ends in minutes of the axis, and on which lane."""

    entry: Entry
    start: int
    end: int
    lane: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Free:
    """A stretch of the background: how much of the bookable is taken, of how much."""

    start: int
    end: int
    taken: int
    capacity: int


@dataclass(frozen=True, kw_only=True)
class Track:
    """One row."""

    title: str
    note: str
    group: str
    """What kind of thing it is, above the first of them; "" for the others."""
    days: tuple[date, ...]
    bars: tuple[Bar, ...]
    lanes: int
    frees: tuple[Free, ...]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What a row's length stands for: so many days, each from one minute to another."""

    days: int
    first: int
    last: int

    @property
    def span(self) -> int:
        """How many minutes of each day are shown."""
        return self.last - self.first

    @property
    def length(self) -> int:
        """All of them."""
        return self.span * self.days

    @property
    def hours(self) -> list[int]:
        """The full hours of a day; where many days share the axis every third."""
        step = 60 if self.days == 1 else 180
        return list(range(self.first, self.last, step))

    def place(self, nth_day: int, minute: int) -> int:
        """Where a minute of a day stands."""
        return nth_day * self.span + min(max(minute, self.first), self.last) - self.first


def background(track: Track, axis: Axis) -> Markup:
    """What is drawn behind a row: closed hours, how much is taken, and where a day ends."""
    drawn = (_rectangle(free) for free in track.frees)
    edges = (
        f'<rect class="edge" x="{axis.span * n}" width="3" height="10"/>'
        for n in range(1, axis.days)
    )
    return Markup("".join((*drawn, *edges)))  # noqa: S704  (numbers)


def _rectangle(free: Free) -> str:
    place = f'x="{free.start}" width="{free.end - free.start}"'
    if not free.capacity:
        return f'<rect class="closed" {place} height="10"/>'
    if not free.taken:
        return ""
    share = min(free.taken / free.capacity, 1)
    how = "full" if free.taken >= free.capacity else "used"
    y, height = round(10 - 10 * share, 2), round(10 * share, 2)
    return f'<rect class="{how}" {place} y="{y}" height="{height}"/>'


def by_bookable(week: Week, days: Iterable[date], kind: str) -> tuple[Axis, tuple[Track, ...]]:
    """A row for each bookable of a kind ("" for all)."""
    shown = [week.days.index(day) for day in days]
    lines = [line for line in table.ordered(week) if _is(line, kind)]
    axis = _axis(week, lines, shown, side_by_side=True)
    tracks, before = [], ""
    for line in lines:
        group = table.GROUPS[BookableKind(line.bookable.kind)]
        tracks.append(_track(week, line, shown, axis, group if group != before else ""))
        before = group
    return axis, tuple(tracks)


def worked(week: Week) -> tuple[date, ...]:
    """The week without its last days on which nothing is open or booked."""
    last = max((n for n in range(len(week.days)) if _works(week, n)), default=len(week.days) - 1)
    return tuple(week.days[: last + 1])


def _works(week: Week, n: int) -> bool:
    loaded = (load for line in week.lines for load in loads.loads(line.cells[n], week.zone))
    return any(load.capacity or load.taken for load in loaded)


def by_day(week: Week, line: Line) -> tuple[Axis, tuple[Track, ...]]:
    """A row for each day of the week of one bookable."""
    every = range(len(week.days))
    axis = _axis(week, [line], every, side_by_side=False)
    return axis, tuple(_track(week, line, [n], axis, "") for n in every)


def _is(line: Line, kind: str) -> bool:
    return kind not in KINDS or line.bookable.kind in KINDS[kind]


def _axis(week: Week, lines: list[Line], shown: Iterable[int], *, side_by_side: bool) -> Axis:
    days = list(shown)
    strips = (loads.loads(line.cells[n], week.zone) for line in lines for n in days)
    first, last = table.hours_around(load for strip in strips for load in strip)
    return Axis(days=len(days) if side_by_side else 1, first=first, last=last)


def _track(week: Week, line: Line, shown: Iterable[int], axis: Axis, group: str) -> Track:
    days = list(shown)
    bars = tuple(_packed(_bars(week, line, days, axis)))
    row, alone = line.bookable, axis.days == 1 and len(days) == 1
    units = f"up to {row.capacity} at once" if row.capacity > 1 else ""
    return Track(
        title=row.title,
        note=table.note(line, week, days[0]) if alone else units,
        group=group,
        days=tuple(week.days[n] for n in days),
        bars=bars,
        lanes=max((bar.lane + 1 for bar in bars), default=1),
        frees=tuple(_frees(week, line, days, axis)),
    )


def _bars(week: Week, line: Line, days: list[int], axis: Axis) -> Iterator[tuple[int, int, Entry]]:
    for place, n in enumerate(days):
        for entry in entries.of_cell(line.cells[n], week):
            start = loads.minute(entry.starts_at, week.days[n], week.zone)
            end = loads.minute(entry.ends_at, week.days[n], week.zone)
            yield axis.place(place, start), axis.place(place, end), entry


def _packed(found: Iterable[tuple[int, int, Entry]]) -> Iterator[Bar]:
    """Each on the first lane that is free by then."""
    until: list[int] = []
    for start, end, entry in sorted(found, key=lambda each: each[:2]):
        lane = next((n for n, busy in enumerate(until) if busy <= start), len(until))
        until[lane : lane + 1] = [end]
        yield Bar(entry=entry, start=start, end=end, lane=lane)


def _frees(week: Week, line: Line, days: list[int], axis: Axis) -> Iterator[Free]:
    for place, n in enumerate(days):
        for load in loads.loads(line.cells[n], week.zone):
            start, end = axis.place(place, load.start), axis.place(place, load.end)
            if start < end:
                yield Free(start=start, end=end, taken=load.taken, capacity=load.capacity)
