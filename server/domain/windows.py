"""How a window follows its anchor: in elapsed hours, or in days of the clinic's calendar."""

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.domain.local_time import local_date, utc
from server.domain.protocols import VisitDefinition, Window
from shared.vocabulary import Edge, WindowUnit

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A window laid on the calendar, bounds inclusive, None where unbounded.

    Windows in hours fill the `_at` fields (UTC), windows in days the `_on` fields (clinic-local).
    """

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    opens_on: date | None = None
    closes_on: date | None = None


def edge_at(visit: VisitDefinition, starts_at: datetime, edge: Edge) -> datetime:
    """The instant (UTC) that windows count from: the visit's start, or the end of its last part
    with the patient (of the whole visit, where it has none)."""
    return utc(starts_at) + timedelta(minutes=edge_minutes(visit, edge))


def edge_minutes(visit: VisitDefinition, edge: Edge) -> int:
    """How long after the visit's start that instant is."""
    return 0 if edge is Edge.START else visit.patient_minutes[1]


def span(window: Window, anchor_edge_at: datetime, zone: ZoneInfo) -> Span:
    """The window as instants or dates. A bound beyond the calendar's end counts as none."""
    if window.unit is WindowUnit.HOURS:
        return Span(
            opens_at=_hours_after(anchor_edge_at, window.opens),
            closes_at=_hours_after(anchor_edge_at, window.closes),
        )
    anchor_on = local_date(anchor_edge_at, zone)
    return Span(
        opens_on=_days_after(anchor_on, _whole(window.opens, up=True)),
        closes_on=_days_after(anchor_on, _whole(window.closes, up=False)),
    )


def moment(
    window: Window, anchor_edge_at: datetime, zone: ZoneInfo, minutes: int
) -> datetime | None:
    """The instant (UTC) that a window aims at; in days, at so many minutes after midnight there.
    None for a window without a target."""
    if window.target is None:
        return None
    if window.unit is WindowUnit.HOURS:
        return _hours_after(anchor_edge_at, window.target)
    on = _days_after(local_date(anchor_edge_at, zone), _whole(window.target, up=False))
    return (
        None if on is None else utc(datetime.combine(on, time(), zone) + timedelta(minutes=minutes))
    )


def distance(
    window: Window, starts_at: datetime, anchor_edge_at: datetime, zone: ZoneInfo
) -> float:
    """How far a start lies after its anchor, in the window's own unit (negative: before it).

    Hours are those that really pass: a night of a clock change counts its 23 or 25.
    """
    if window.unit is WindowUnit.HOURS:
        return (utc(starts_at) - utc(anchor_edge_at)) / _HOUR
    return float((local_date(starts_at, zone) - local_date(anchor_edge_at, zone)).days)


def admits(window: Window, starts_at: datetime, anchor_edge_at: datetime, zone: ZoneInfo) -> bool:
    """May a visit start then? Both bounds are inclusive."""
    return miss(window, starts_at, anchor_edge_at, zone) == 0


def miss(window: Window, starts_at: datetime, anchor_edge_at: datetime, zone: ZoneInfo) -> float:
    """How far outside: negative when too early, positive when too late, 0 inside; window's unit."""
    return _outside(window, distance(window, starts_at, anchor_edge_at, zone))


def holds(window: Window, away: float) -> bool:
    """The same for a distance from the anchor that was measured already, in the window's unit."""
    return _outside(window, away) == 0


def _outside(window: Window, away: float) -> float:
    if window.opens is not None and away < window.opens:
        return away - window.opens
    if window.closes is not None and away > window.closes:
        return away - window.closes
    return 0.0


def target_on(window: Window, anchor_edge_at: datetime, zone: ZoneInfo) -> date | None:
    """The wished clinic-local date, or None where the protocol wishes for none."""
    if window.unit is WindowUnit.DAYS:
        return _days_after(local_date(anchor_edge_at, zone), _whole(window.target, up=False))
    wished_at = _hours_after(anchor_edge_at, window.target)
    return None if wished_at is None else local_date(wished_at, zone)


def day_of_window(
    window: Window, starts_at: datetime, anchor_edge_at: datetime, zone: ZoneInfo
) -> str:
    """Where in its window a visit lies, for people: "day 3 of 2-4", "hour 26 of 24-72", "22 hours
    before infusion 3 (at least 1)"."""
    away = distance(window, starts_at, anchor_edge_at, zone)
    if away < 0 and (window.opens is None or window.opens < 0):
        return _before(window, -away)
    unit = "hour" if window.unit is WindowUnit.HOURS else "day"
    return f"{unit} {plain(away)}{_bounds(window.opens, window.closes)}"


def _before(window: Window, away: float) -> str:
    """Of what comes before its anchor nobody says "hour -22, -1 or earlier"."""
    unit = window.unit.value if plain(away) != "1" else window.unit.value.removesuffix("s")
    least = None if window.closes is None or window.closes >= 0 else plain(-window.closes)
    most = None if window.opens is None else plain(-window.opens)
    limits = f"{least} to {most}" if least and most else least and f"at least {least}"
    limits = limits or (f"at most {most}" if most else "")
    place = f"{plain(away)} {unit} before {window.anchor.replace('-', ' ')}"
    return f"{place} ({limits})" if limits else place


def plain(number: float) -> str:
    """A number as people write it: 3, 2.5, -1."""
    return f"{round(number, 1) + 0.0:.10g}"


def _bounds(opens: float | None, closes: float | None) -> str:
    if opens is not None and closes is not None:
        between = "-" if opens >= 0 else " to "
        return f" of {plain(opens)}{between}{plain(closes)}"
    if opens is not None:
        return f", {plain(opens)} or later"
    return "" if closes is None else f", {plain(closes)} or earlier"


def _whole(days: float | None, *, up: bool) -> float | None:
    """A bound in days drawn inward to a whole one; dates know no halves."""
    if days is None or not math.isfinite(days):
        return None
    return math.ceil(days) if up else math.floor(days)


def _hours_after(at: datetime, hours: float | None) -> datetime | None:
    try:
        return None if hours is None else utc(at) + timedelta(hours=hours)
    except OverflowError:
        return None


def _days_after(on: date, days: float | None) -> date | None:
    try:
        return None if days is None else on + timedelta(days=days)
    except OverflowError:
        return None
