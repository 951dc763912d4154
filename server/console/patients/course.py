"""How a patient has been: curves with what was done for them, and every check-in."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from server.console.asking import caller, utc_now
from server.console.clock import time_words
from server.console.pages import staff_page
from server.console.patients import tabs
from server.console.patients.curve import Drawing, drawing
from server.services.access import ACTIONS, Caller
from server.services.check_ins import symptoms
from server.services.check_ins.symptoms import Asked, Course, Curve, Point
from server.services.clinic import clinics

STANDINGS = {
    "answered": "answered",
    "missed": "missed: its time went by without an answer",
    "overdue": "overdue, can still be answered",
    "open": "open now",
    "ahead": "to come",
}
NO_CHANGE = "less than every published threshold"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A score in the table beside its curve."""

    when: str
    total: int
    change: str
    means: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A curve, its table, and what it is measured against."""

    drawing: Drawing
    lines: tuple[Line, ...]
    most: int
    against: str
    thresholds: tuple[str, ...]
    notice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """How a patient is, for the page of their series."""

    scores: tuple[tuple[str, str, str], ...]
    """Form, last score with its most, change since the baseline in words."""
    missed: int
    overdue: int
    open_alerts: int


def show(patient_id: str) -> Any:
    """The page."""
    by = caller()
    course = symptoms.course(by, patient_id, now=utc_now())
    zone = zone_of(by, course)
    return staff_page(
        "patients/course.html",
        by,
        here="patients",
        patient=course.patient,
        tabs=tabs.of(by),
        tab="course",
        curves=[_shown(each, course, zone) for each in course.curves],
        asked=sorted(course.asked, key=_latest_first),
        standings=STANDINGS,
        course=course,
        zone=zone,
        says_alerts=by.role in ACTIONS["alerts.read"],
    )


def zone_of(by: Caller, course: Course) -> ZoneInfo:
    """The clock of the patient's site."""
    return ZoneInfo(clinics.site(by, course.patient.site_id).time_zone)


def brief(by: Caller, patient_id: str) -> Brief | None:
    """In short; None for somebody who may not read answers."""
    if by.role not in ACTIONS["check_ins.read"]:
        return None
    course = symptoms.course(by, patient_id, now=utc_now())
    return Brief(
        scores=tuple(map(_last, course.curves)),
        missed=course.standing("missed"),
        overdue=course.standing("overdue"),
        open_alerts=course.open_alerts,
    )


def _last(curve: Curve) -> tuple[str, str, str]:
    last, scoring = curve.points[-1], curve.form.scoring
    said = f"{last.total} of {scoring.most if scoring else last.total}"
    return curve.form.title, said, _change(last, curve)


def _shown(curve: Curve, course: Course, zone: ZoneInfo) -> Shown:
    scoring = curve.form.scoring
    return Shown(
        drawing=drawing(curve, course, zone),
        lines=tuple(_line(each, curve, zone) for each in reversed(curve.points)),
        most=scoring.most if scoring else 0,
        against=_against(curve, zone),
        thresholds=tuple(
            f"{each.points} points: {each.means} [{each.evidence}]"
            for each in sorted(scoring.changes if scoring else (), key=lambda c: c.points)
        ),
        notice=curve.form.notice,
    )


def _line(point: Point, curve: Curve, zone: ZoneInfo) -> Line:
    return Line(
        when=time_words(point.at, zone),
        total=point.total,
        change=_change(point, curve),
        means=_reached(point, curve),
    )


def _reached(point: Point, curve: Curve) -> str:
    """The thresholds by their points; what each means is said once beside the table."""
    known = curve.form.scoring.changes if curve.form.scoring else ()
    if not point.change or not known:
        return ""
    points = sorted(each.points for each in known if abs(point.change) >= each.points)
    return f"reaches {', '.join(map(str, points))}" if points else NO_CHANGE


def _change(point: Point, curve: Curve) -> str:
    if point == curve.baseline:
        return "baseline"
    if point.change is None:
        return "before the baseline"
    if point.change == 0:
        return "no change"
    return f"{abs(point.change)} {'higher' if point.change > 0 else 'lower'}"


def _against(curve: Curve, zone: ZoneInfo) -> str:
    said = f"{curve.baseline.total} on {time_words(curve.baseline.at, zone)}"
    if curve.before_treatment:
        return f"Compared with {said}, the last score before the first infusion."
    return (
        f"Compared with {said}, the first score on record. None was measured before the first "
        "infusion, so a change here is not a change since treatment began."
    )


def _latest_first(asked: Asked) -> tuple[bool, float]:
    """What was asked so far, the latest on top; what is to come at the end, the soonest first."""
    at = asked.row.opens_at.timestamp()
    return (True, at) if asked.standing == "ahead" else (False, -at)
