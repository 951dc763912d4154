"""A planned visit laid out in instants, and what is wrong with it by itself."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from server.domain.protocols import VisitDefinition, Window
from server.planner.check.hours import can_come
from server.planner.check.plan_file import PlacedSeries, PlacedVisit
from server.planner.files.scenario import Scenario, ScenarioPatient
from shared.vocabulary import Edge, WindowUnit

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taking:
    """A stretch of a bookable that a visit takes; instants in UTC."""

    bookable: str
    begins: datetime
    ends: datetime
    units: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LaidOut:
    """One visit of one patient at its time; `present` are the stretches with the patient."""

    patient: ScenarioPatient
    visit: VisitDefinition
    begins: datetime
    ends: datetime
    present: tuple[tuple[datetime, datetime], ...]
    takes: tuple[Taking, ...]

    @property
    def left_at(self) -> datetime:
        """The `end` edge: when the patient is needed no more."""
        return self.present[-1][1] if self.present else self.ends

    def __str__(self) -> str:
        return f"{self.patient.id} {self.visit.code}"


def lay_out(patient: ScenarioPatient, series: PlacedSeries) -> list[LaidOut]:
    """The visits of a series that the protocol knows."""
    known = [each for each in patient.protocol.visits if each.code in series.visits]
    return [_one(patient, each, series, series.visits[each.code]) for each in known]


def _one(
    patient: ScenarioPatient, visit: VisitDefinition, series: PlacedSeries, placed: PlacedVisit
) -> LaidOut:
    at = begins = placed.starts_at.astimezone(UTC)
    chosen = {**series.choices, **placed.choices}
    present, takes = [], []
    for part in visit.parts:
        until = at + (part.minutes or 0) * MINUTE
        if part.with_patient:
            present.append((at, until))
        for claim in part.claims:
            who = claim.bookable or chosen.get(claim.choice or "")
            if who is not None:
                takes.append(Taking(bookable=who, begins=at, ends=until, units=claim.units))
        at = until
    return LaidOut(
        patient=patient,
        visit=visit,
        begins=begins,
        ends=at,
        present=tuple(present),
        takes=tuple(takes),
    )


def faults_of_visit(one: LaidOut, scenario: Scenario) -> Iterator[str]:
    """Grid, days and the patient's own hours."""
    zone = scenario.zone
    local = one.begins.astimezone(zone)
    last_day = (one.ends - MINUTE).astimezone(zone).date()
    if (local.hour * 60 + local.minute) % scenario.grid_minutes or _within_minute(local):
        yield f"{one} grid: starts at {local.isoformat()}, off the grid"
    if last_day != local.date():
        yield f"{one} one-day: does not end on the day it starts"
    if not scenario.first_day <= local.date() <= scenario.last_day:
        yield f"{one} days: is on {local.date()}, outside the scenario's days"
    if one.begins < scenario.now:
        yield f"{one} now: starts before now"
    yield from _when_wanted(one, local.date())
    yield from _patient_hours(one, zone)


def _within_minute(at: datetime) -> bool:
    return bool(at.second or at.microsecond)


def _when_wanted(one: LaidOut, on: date) -> Iterator[str]:
    if on < one.patient.ready_on:
        yield f"{one} ready-on: is before {one.patient.ready_on}"
    start = one.visit.code == one.patient.protocol.start_visit
    if start and one.patient.start_by is not None and on > one.patient.start_by:
        yield f"{one} start-by: is after {one.patient.start_by}"


def _patient_hours(one: LaidOut, zone: ZoneInfo) -> Iterator[str]:
    for begins, ends in one.present:
        at = begins
        while at < ends:
            if not can_come(one.patient.times, at, zone):
                yield f"{one} patient-hours: the patient cannot come at {at.astimezone(zone)}"
                break
            at += MINUTE


def faults_of_windows(
    visits: list[LaidOut], scenario: Scenario, staying: Set[str] = frozenset()
) -> Iterator[str]:
    """Every window, and that the patient is at one place at a time; but for what stands between two
    visits that are `staying` (codes), which nobody could mend."""
    by_code = {each.visit.code: each for each in visits}
    for one in visits:
        for window in one.visit.windows:
            anchor = by_code.get(window.anchor)
            settled = {one.visit.code, window.anchor} <= staying
            if anchor is not None and not settled and not _within(one, anchor, window, scenario):
                of = f"{window.edge.value} of {window.anchor}"
                yield f"{one} window: {window.unit.value} from {of}"
    yield from _overlaps(visits, staying)


def _overlaps(visits: list[LaidOut], staying: Set[str]) -> Iterator[str]:
    for one, other in combinations(visits, 2):
        meet = any(a < d and c < b for a, b in one.present for c, d in other.present)
        if meet and not {one.visit.code, other.visit.code} <= staying:
            yield f"{other} overlap: at the same time as {one.visit.code}"


def _within(one: LaidOut, anchor: LaidOut, window: Window, scenario: Scenario) -> bool:
    edge = anchor.begins if window.edge is Edge.START else anchor.left_at
    if window.unit is WindowUnit.HOURS:
        apart: float = (one.begins - edge).total_seconds() / 3600
    else:
        zone = scenario.zone
        apart = (one.begins.astimezone(zone).date() - edge.astimezone(zone).date()).days
    early = window.opens is not None and apart < window.opens - 1e-9
    late = window.closes is not None and apart > window.closes + 1e-9
    return not (early or late)
