"""The board as lines to read: one a visit, its state in words and what may be done about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from server.services.today import Board, DayVisit, is_late, is_long
from shared.vocabulary import AppointmentStatus, SeriesStatus

A = AppointmentStatus
STATES = {
    A.PROPOSED: "expected",
    A.PENDING: "expected, to be confirmed",
    A.BOOKED: "expected",
    A.ARRIVED: "here",
    A.FULFILLED: "done",
    A.CANCELLED: "cancelled",
    A.NO_SHOW: "did not come",
}
"""What people at a front desk say for the standard's words."""
COUNTED = ("expected", "here", "done", "did not come", "cancelled")
REASONS = (
    "no answer on the telephone",
    "no ride home",
    "ill",
    "the patient asked for another time",
    "not fasting or not fit for it today",
    "the clinic had to cancel",
    "no reason given",
)
"""What is told most often, to choose from; a reason names nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A button: what it says, and the status that follows."""

    to: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One visit."""

    visit: DayVisit
    title: str
    due_at: datetime
    ends_at: datetime
    claimed: str
    state: str
    warning: str
    """What somebody should look at: late, on hold, should be over; "" on most."""
    steps: tuple[Step, ...]
    """What one tap does, the usual next thing first."""
    ends: tuple[Step, ...]
    """How the visit may end otherwise; these cannot be undone and want a reason."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """All that the page shows."""

    site_id: str
    site: str
    zone: str
    on: date
    lines: tuple[Line, ...]
    counts: tuple[tuple[int, str], ...]
    as_of: datetime


def day(board: Board, *, now: datetime) -> Day:
    """What the page shows of a board."""
    lines = tuple(_line(visit, board, now) for visit in board.visits)
    return Day(
        site_id=board.site.id,
        site=board.site.title,
        zone=board.site.time_zone,
        on=board.on,
        lines=lines,
        counts=tuple(_counts(lines)),
        as_of=now.astimezone(board.zone),
    )


def _counts(lines: Iterable[Line]) -> Iterable[tuple[int, str]]:
    found = Counter(line.state.partition(",")[0] for line in lines)
    yield from ((found[state], state) for state in COUNTED if found[state])
    if late := sum(1 for line in lines if line.warning.startswith("Late")):
        yield late, "late"


def _line(visit: DayVisit, board: Board, now: datetime) -> Line:
    may = visit.appointment_id in board.changeable
    begun = now >= visit.starts_at
    titled = board.titles.get((visit.protocol_version_id, visit.visit_code))
    return Line(
        visit=visit,
        title=titled or visit.visit_code.replace("-", " ").capitalize(),
        due_at=(visit.patient_from or visit.starts_at).astimezone(board.zone),
        ends_at=visit.ends_at.astimezone(board.zone),
        claimed=", ".join(board.claimed.get(visit.appointment_id, ())),
        state=STATES[A(visit.status)],
        warning=_warning(visit, board, now),
        steps=tuple(_steps(visit, begun=begun)) if may else (),
        ends=tuple(_ends(visit, begun=begun)) if may else (),
    )


def _warning(visit: DayVisit, board: Board, now: datetime) -> str:
    due = (visit.patient_from or visit.starts_at).astimezone(board.zone)
    if is_late(visit.status, visit.starts_at, visit.ends_at, visit.patient_from, now=now):
        return f"Late: was due at {due:%H:%M}"
    if is_long(visit.status, visit.ends_at, now=now):
        return f"Should be over since {visit.ends_at.astimezone(board.zone):%H:%M}"
    if visit.series_status == SeriesStatus.ON_HOLD and visit.status == A.BOOKED:
        return "On hold: no infusion until a prescriber resumes the series"
    return ""


def _steps(visit: DayVisit, *, begun: bool) -> Iterable[Step]:
    if visit.status == A.BOOKED:
        yield Step(to=A.ARRIVED, title="Arrived")
    if visit.status == A.ARRIVED and begun:
        yield Step(to=A.FULFILLED, title="Done")
    if visit.status == A.ARRIVED:
        yield Step(to=A.BOOKED, title="Undo arrived")


def _ends(visit: DayVisit, *, begun: bool) -> Iterable[Step]:
    if visit.status == A.BOOKED and begun:
        yield Step(to=A.FULFILLED, title="Took place")
        yield Step(to=A.NO_SHOW, title="Did not come")
    if visit.status in (A.BOOKED, A.PENDING, A.ARRIVED):
        yield Step(to=A.CANCELLED, title="Cancel the visit")
