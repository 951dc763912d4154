"""The board as lines to read: one a visit, its state in words and what may be done about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from server.services.booking.appointments import UNDO_FOR
from server.services.days import today
from server.services.days.today import Board, DayVisit, Freed, is_late, is_long
from shared.vocabulary import AppointmentStatus, SeriesStatus, Stage, VisitKind

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
STAGES = {
    Stage.ARRIVED: "here",
    Stage.CHECKS: "checks",
    Stage.INFUSING: "infusing",
    Stage.OBSERVING: "observing",
    Stage.READY: "ready to go",
}
TRACK = ("expected", "arrived", "checks", "infusing", "observing", "ready", "gone")
"""An infusion's day; other visits have its first two steps and its last."""
SHORT = ("expected", "arrived", "gone")
NEXT = {
    Stage.CHECKS: "Checks",
    Stage.INFUSING: "Infusion begins",
    Stage.OBSERVING: "Infusion over",
    Stage.READY: "Ready to go",
}
"""What a button says that leads to a stage."""
UNDO = {**STAGES, Stage.READY: "ready"}
BUTTONS = {**{stage: str(stage) for stage in Stage}, Stage.ARRIVED: "back"}
"""What a button sends for a stage; "arrived" alone is the appointment's status."""
BY_BUTTON = {sent: stage for stage, sent in BUTTONS.items()}
PARTS = {Stage.INFUSING: "infusion", Stage.OBSERVING: "observation"}
COUNTED = (
    "expected",
    "here",
    "checks",
    "infusing",
    "observing",
    "ready to go",
    "done",
    "did not come",
    "cancelled",
)
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
    back: bool = False
    """Whether it takes something back."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One visit."""

    visit: DayVisit
    title: str
    due_at: datetime
    ends_at: datetime
    claimed: str
    state: str
    since: str
    """Since when an infusion's stage, and until when it is planned."""
    track: tuple[str, ...]
    at: int
    """How far along the track; -1 where the visit left it."""
    warning: str
    """What somebody should look at: late, on hold, should be over; "" on most."""
    freed: Freed | None
    """The time that a cancelled visit gave up, if it is still to be had."""
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
        state=_state(visit),
        since=_since(visit, board),
        track=TRACK if visit.kind == VisitKind.INFUSION else SHORT,
        at=_at(visit),
        warning=_warning(visit, board, now),
        freed=board.freed.get(visit.appointment_id),
        steps=tuple(_steps(visit, now)) if may else (),
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


def _staged(visit: DayVisit) -> bool:
    return visit.status == A.ARRIVED and visit.kind == VisitKind.INFUSION


def _state(visit: DayVisit) -> str:
    return STAGES[Stage(visit.stage)] if _staged(visit) else STATES[A(visit.status)]


def _at(visit: DayVisit) -> int:
    if visit.status in (A.CANCELLED, A.NO_SHOW):
        return -1
    if visit.status == A.FULFILLED:
        return len(TRACK if visit.kind == VisitKind.INFUSION else SHORT) - 1
    if visit.status == A.ARRIVED:
        return 1 + (list(Stage).index(Stage(visit.stage)) if _staged(visit) else 0)
    return 0


def _since(visit: DayVisit, board: Board) -> str:
    """Since when, and for a stage that has a planned length until about when."""
    if visit.stage_at is None or visit.status != A.ARRIVED:
        return ""
    said = f"since {visit.stage_at.astimezone(board.zone):%H:%M}"
    part = board.parts.get((visit.appointment_id, PARTS.get(Stage(visit.stage), "")))
    if part is None:
        return said
    start, end = part
    return f"{said}, planned until {(visit.stage_at + (end - start)).astimezone(board.zone):%H:%M}"


def _steps(visit: DayVisit, now: datetime) -> Iterable[Step]:
    if visit.status == A.BOOKED:
        yield Step(to=A.ARRIVED, title="Arrived")
    elif _staged(visit):
        yield from _stages(Stage(visit.stage))
    elif visit.status == A.ARRIVED:
        if now >= visit.starts_at:
            yield Step(to=A.FULFILLED, title="Done")
        yield Step(to=A.BOOKED, title="Undo arrived", back=True)
    elif visit.status == A.FULFILLED and visit.stage_at and now - visit.stage_at < UNDO_FOR:
        yield Step(to=A.ARRIVED, title="Undo done", back=True)
    elif visit.status == A.NO_SHOW:
        yield Step(to=A.FULFILLED, title="They did come", back=True)


def _stages(stage: Stage) -> Iterable[Step]:
    after, before = today.following(stage), today.before(stage)
    yield (
        Step(to=BUTTONS[after], title=NEXT[after])
        if after
        else Step(to=A.FULFILLED, title="Gone home")
    )
    if before:
        yield Step(to=BUTTONS[before], title=f"Undo {UNDO[stage]}", back=True)
    else:
        yield Step(to=A.BOOKED, title="Undo arrived", back=True)


def _ends(visit: DayVisit, *, begun: bool) -> Iterable[Step]:
    if visit.status == A.BOOKED and begun:
        yield Step(to=A.ARRIVED, title="Came late")
    if _staged(visit) and begun and visit.stage != Stage.READY:
        yield Step(to=A.FULFILLED, title="Gone home")
    if visit.status == A.BOOKED and begun:
        yield Step(to=A.FULFILLED, title="Took place")
        yield Step(to=A.NO_SHOW, title="Did not come")
    if visit.status in (A.BOOKED, A.PENDING, A.ARRIVED):
        yield Step(to=A.CANCELLED, title="Cancel the visit")
