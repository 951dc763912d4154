"""One or two examples of a protocol as a drawing by days, and the same as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.console.clock import day_words
from server.services.protocols.protocol_examples import Example, ExampleVisit

LEFT, RIGHT, TOP, ROW = 230, 700, 30, 24
MOST_WEEKS = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A visit on its day, with the days on which it may be."""

    x: float
    opens: float
    wide: float
    new: bool
    """Of the second example; the first is drawn hollow above it."""
    says: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One visit in one or two editions."""

    title: str
    kind: str
    y: float
    marks: tuple[Mark, ...]
    days: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """The drawing; `weeks` are the Mondays that stand on top."""

    height: int
    rows: tuple[Row, ...]
    weeks: tuple[tuple[float, str], ...]
    closed: tuple[tuple[float, float], ...]
    """Weekends, from where and how wide."""


def timeline(examples: Sequence[Example]) -> Timeline | None:
    """The drawing of one example, or of an older and a newer one over each other."""
    days = [day for each in examples for visit in each.visits for day in _days(visit)]
    if not days:
        return None
    first = min(days) - timedelta(days=min(days).weekday())
    last = max(days) + timedelta(days=1)
    scale = (RIGHT - LEFT) / max(7, (last - first).days)
    rows = tuple(_rows(examples, first, scale))
    mondays = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, 7)]
    step = -(-len(mondays) // MOST_WEEKS)
    return Timeline(
        height=TOP + ROW * len(rows) + 8,
        rows=rows,
        weeks=tuple((_x(day, first, scale), f"{day:%-d %b}") for day in mondays[::step]),
        closed=tuple(
            (_x(day + timedelta(days=5), first, scale), round(2 * scale, 1)) for day in mondays
        ),
    )


def _days(visit: ExampleVisit) -> Iterable[date]:
    yield visit.starts_at.date()
    yield from (day for day in (visit.opens_on, visit.closes_on) if day)


def _x(day: date, first: date, scale: float) -> float:
    return round(LEFT + (day - first).days * scale, 1)


def _rows(examples: Sequence[Example], first: date, scale: float) -> Iterable[Row]:
    by_code = [{visit.code: visit for visit in each.visits} for each in examples]
    newest = {code: visit for each in by_code for code, visit in each.items()}
    order = sorted(newest.values(), key=lambda visit: visit.starts_at)
    for place, visit in enumerate(order):
        here = [each.get(visit.code) for each in by_code]
        yield Row(
            title=visit.title if len(visit.title) <= 34 else f"{visit.title[:33]}…",
            kind=visit.kind,
            y=TOP + ROW * place + ROW / 2,
            marks=tuple(
                _mark(each, first, scale, new=number == len(examples) - 1)
                for number, each in enumerate(here)
                if each
            ),
            days=tuple(_told(each) for each in here),
        )


def _mark(visit: ExampleVisit, first: date, scale: float, *, new: bool) -> Mark:
    on = visit.starts_at.date()
    opens, closes = visit.opens_on or on, visit.closes_on or on
    return Mark(
        x=round(_x(on, first, scale) + scale / 2, 1),
        opens=_x(opens, first, scale),
        wide=round(((closes - opens).days + 1) * scale, 1),
        new=new,
        says=f"{visit.title}: {_told(visit)}",
    )


def _told(visit: ExampleVisit | None) -> str:
    if visit is None:
        return "not part of it"
    said = f"{day_words(visit.starts_at.date())}, {visit.starts_at:%H:%M}"
    if visit.opens_on and visit.closes_on and visit.opens_on != visit.closes_on:
        said += f" (may be {visit.opens_on:%-d %b} to {visit.closes_on:%-d %b})"
    return said
