"""One patient's series as lines to read: what became of each visit, or when it is due."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.console.clock import day_words, time_words
from server.console.week.entries import STATUSES
from server.services.people.caseload import Story, Visited
from shared.vocabulary import AppointmentStatus, PlannedVisitStatus, SeriesStatus

A, V = AppointmentStatus, PlannedVisitStatus
SERIES_WORDS = {
    SeriesStatus.DRAFT: "not planned yet",
    SeriesStatus.ACTIVE: "under way",
    SeriesStatus.ON_HOLD: "on hold",
    SeriesStatus.REVOKED: "ended early",
    SeriesStatus.COMPLETED: "completed",
}
VISIT_WORDS = {
    V.DRAFT: "waits for a prescriber's decision",
    V.ON_HOLD: "on hold",
    V.REVOKED: "given up",
    V.COMPLETED: "took place",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One visit."""

    code: str
    title: str
    kind: str
    state: str
    when: str
    whom: str
    warning: str
    appointment_id: str
    """Of a visit that can still be moved; "" otherwise."""
    bookable: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A series as the page shows it."""

    id: str
    version: int
    protocol: str
    edition: int
    status: str
    state: str
    hold: str
    lines: tuple[Line, ...]
    counts: tuple[tuple[int, str], ...]
    open: int
    """Visits that have no time and are due."""
    warnings: tuple[str, ...]


def shown(story: Story, *, now: datetime) -> Shown:
    """What the page shows of a series."""
    lines = tuple(_line(each, story, now) for each in sorted(story.visits, key=_by_time))
    row, titles = story.row, {each.planned.code: each.definition.title for each in story.visits}
    plannable = row.status in (SeriesStatus.DRAFT, SeriesStatus.ACTIVE)
    return Shown(
        id=row.id,
        version=row.version,
        protocol=story.protocol,
        edition=story.edition,
        status=row.status,
        state=SERIES_WORDS[SeriesStatus(row.status)],
        hold=next((each.reason for each in row.holds if each.ended_at is None), ""),
        lines=lines,
        counts=tuple(_counts(story)),
        open=sum(1 for each in story.visits if each.due is not None) if plannable else 0,
        warnings=tuple(f"{titles[code]} has no therapy booked with it." for code in story.unpaired),
    )


def _by_time(visit: Visited) -> float:
    """What has a time in its order, then the rest as the protocol has it."""
    return visit.appointment.starts_at.timestamp() if visit.appointment else float("inf")


def _counts(story: Story) -> list[tuple[int, str]]:
    found = Counter(_counted(each) for each in story.visits)
    return [(found[name], name) for name in ("done", "booked", "to plan") if found[name]]


def _counted(visit: Visited) -> str:
    if visit.planned.status == V.COMPLETED:
        return "done"
    return "booked" if visit.appointment else "to plan" if visit.due else ""


def _line(visit: Visited, story: Story, now: datetime) -> Line:
    row = visit.appointment
    movable = bool(row and row.status in (A.BOOKED, A.PENDING) and row.starts_at > now)
    who = [story.people.get(each, "") for each in row.choices.values()] if row else []
    return Line(
        code=visit.planned.code,
        title=visit.definition.title or visit.planned.code,
        kind=visit.definition.kind,
        state=_state(visit),
        when=_when(visit, story.zone),
        whom=", ".join(filter(None, who)),
        warning=_warning(visit),
        appointment_id=row.id if row and movable else "",
        bookable=visit.bookable and not visit.over,
    )


def _state(visit: Visited) -> str:
    if row := visit.appointment:
        return STATUSES[A(row.status)] or "booked"
    return VISIT_WORDS.get(V(visit.planned.status), "no time yet")


def _when(visit: Visited, zone: ZoneInfo) -> str:
    if visit.appointment:
        return time_words(visit.appointment.starts_at, zone)
    if visit.due is None:
        return ""
    span = visit.due.span
    opens = span.opens_on or (span.opens_at and span.opens_at.astimezone(zone).date())
    closes = span.closes_on or (span.closes_at and span.closes_at.astimezone(zone).date())
    words = (
        f"from {day_words(opens)}" if opens else "",
        f"to {day_words(closes)}" if closes else "",
    )
    return " ".join(filter(None, ("due", *words))) if any(words) else ""


def _warning(visit: Visited) -> str:
    if visit.over:
        return "Overdue: its window has closed. A prescriber decides what follows."
    if visit.lost:
        said = "Was cancelled" if visit.lost.status == A.CANCELLED else "Did not come"
        return f"{said}: {visit.lost.reason}" if visit.lost.reason else f"{said}."
    return ""
