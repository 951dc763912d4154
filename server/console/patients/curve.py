"""A curve of scores as a drawing: where everything lies on a field of fixed size."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.console.clock import day_words
from server.services.check_ins.symptoms import Course, Curve
from shared.vocabulary import VisitKind

WIDTH, HEIGHT = 720, 250
LEFT, RIGHT, TOP, BOTTOM = 36, 690, 16, 176
INFUSIONS, THERAPIES, DAYS = 198, 218, 242
THERAPY = (VisitKind.PREPARATION, VisitKind.INTEGRATION, VisitKind.THERAPY)
DAY_MARKS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Something at a place of the drawing, and what it is."""

    x: float
    y: float
    says: str
    anchor: str = "middle"


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """One curve: its line, its marks, and the words that say the same."""

    title: str
    says: str
    line: str
    points: tuple[Spot, ...]
    heights: tuple[Spot, ...]
    days: tuple[Spot, ...]
    infusions: tuple[Spot, ...]
    therapies: tuple[Spot, ...]
    baseline: Spot


@dataclass(frozen=True, kw_only=True, slots=True)
class _Field:
    first: datetime
    last: datetime
    most: int
    zone: ZoneInfo

    def x(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first)
        return round(LEFT + (RIGHT - LEFT) * share, 1)

    def y(self, total: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * total / self.most, 1)

    def day(self, at: datetime) -> str:
        return day_words(at.astimezone(self.zone).date())


def drawing(curve: Curve, course: Course, zone: ZoneInfo) -> Drawing:
    """The drawing of one form's scores, with the infusions and the therapy that took place."""
    field = _field(curve, course, zone)
    points = tuple(
        Spot(x=field.x(p.at), y=field.y(p.total), says=f"{field.day(p.at)}: {p.total}")
        for p in curve.points
    )
    return Drawing(
        title=curve.form.title,
        says=_says(curve, field),
        line=" ".join(f"{each.x},{each.y}" for each in points),
        points=points,
        heights=tuple(_heights(field)),
        days=tuple(_days(field)),
        infusions=tuple(_visits(course, field, (VisitKind.INFUSION,), INFUSIONS)),
        therapies=tuple(_visits(course, field, THERAPY, THERAPIES)),
        baseline=_baseline(curve, field),
    )


def _field(curve: Curve, course: Course, zone: ZoneInfo) -> _Field:
    instants = [each.at for each in curve.points] + [row.starts_at for row in course.visits]
    first, last = min(instants), max(instants)
    last = max(last, first + timedelta(days=1))
    most = curve.form.scoring.most if curve.form.scoring else 1
    return _Field(first=first, last=last, most=most, zone=zone)


def _baseline(curve: Curve, field: _Field) -> Spot:
    total = curve.baseline.total
    return Spot(x=field.x(curve.baseline.at), y=field.y(total), says=str(total))


def _heights(field: _Field) -> Iterable[Spot]:
    step = field.most / (3 if field.most % 3 == 0 else 4)
    for count in range(round(field.most / step) + 1):
        height = count * step
        yield Spot(x=LEFT - 6, y=field.y(height), says=f"{height:g}", anchor="end")


def _days(field: _Field) -> Iterable[Spot]:
    for count in range(DAY_MARKS):
        at = field.first + (field.last - field.first) * count / (DAY_MARKS - 1)
        there = at.astimezone(field.zone)
        anchor = {0: "start", DAY_MARKS - 1: "end"}.get(count, "middle")
        yield Spot(x=field.x(at), y=DAYS, says=f"{there:%-d %b %Y}", anchor=anchor)


def _visits(
    course: Course, field: _Field, kinds: tuple[VisitKind, ...], y: float
) -> Iterable[Spot]:
    for row in course.visits:
        if row.kind in kinds:
            says = f"{field.day(row.starts_at)}: {row.kind.replace('_', ' ')}"
            yield Spot(x=field.x(row.starts_at), y=y, says=says)


def _says(curve: Curve, field: _Field) -> str:
    """The drawing for somebody who hears it; the table beside it has every number."""
    first, last = curve.points[0], curve.points[-1]
    if len(curve.points) == 1:
        return f"{curve.form.title}: one score, {first.total} on {field.day(first.at)}."
    return (
        f"{curve.form.title}: {len(curve.points)} scores, from {first.total} on "
        f"{field.day(first.at)} to {last.total} on {field.day(last.at)}. "
        "The table below has every number."
    )
