"""Can the patient be there, and only there?"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import combinations

from server.domain.breaches import Breach, BreachCode
from server.domain.calendars import (
    DAY_MINUTES,
    AvailabilityException,
    Bookable,
    PatientTimes,
    WeeklyHours,
)
from server.domain.capacity import capacity_steps
from server.domain.claims import Stretch
from server.domain.laid_out import LaidOutPlan, TimedVisit
from server.domain.local_time import local_date, utc
from shared.vocabulary import BookableKind

_ALWAYS = (WeeklyHours(days=tuple(range(7)), opens=0, closes=DAY_MINUTES),)


def breaches_of_patient(plan: LaidOutPlan) -> Iterator[Breach]:
    """Visits when the patient cannot come, or is at another appointment."""
    hours = _as_bookable(plan.series.patient)
    for visit in plan.visits:
        yield from _unavailable(plan, visit, hours)
        yield from _busy(plan, visit)
    for one, other in combinations(plan.visits, 2):
        yield from _at_both(plan, one, other)


def _unavailable(plan: LaidOutPlan, visit: TimedVisit, hours: Bookable) -> Iterator[Breach]:
    for each in _attended(visit):
        steps = capacity_steps(hours, each.starts_at, each.ends_at, plan.zone)
        closed_at = next((at for at, open_ in steps if open_ < 1), None)
        if closed_at is not None:
            facts = {
                "part": each.part.name,
                "at": plan.local(closed_at),
                "away": _away(plan, closed_at),
            }
            yield Breach(code=BreachCode.PATIENT_UNAVAILABLE, visit=visit.code, facts=facts)
            return


def _away(plan: LaidOutPlan, at: datetime) -> bool:
    return local_date(at, plan.zone) in plan.series.patient.away


def _busy(plan: LaidOutPlan, visit: TimedVisit) -> Iterator[Breach]:
    for busy in plan.series.patient.busy:
        starts_at, ends_at = utc(busy.starts_at), utc(busy.ends_at)
        if any(_overlap(each, starts_at, ends_at) for each in _attended(visit)):
            facts = {"starts_at": plan.local(starts_at), "ends_at": plan.local(ends_at)}
            yield Breach(code=BreachCode.PATIENT_DOUBLE_BOOKED, visit=visit.code, facts=facts)


def _at_both(plan: LaidOutPlan, one: TimedVisit, other: TimedVisit) -> Iterator[Breach]:
    first, second = sorted((one, other), key=lambda each: (each.starts_at, each.code))
    if first.ends_at <= second.starts_at:
        return
    if any(
        _overlap(part, each.starts_at, each.ends_at)
        for part in _attended(first)
        for each in _attended(second)
    ):
        facts = {
            "other": first.code,
            "starts_at": plan.local(first.starts_at),
            "ends_at": plan.local(first.ends_at),
        }
        yield Breach(code=BreachCode.PATIENT_DOUBLE_BOOKED, visit=second.code, facts=facts)


def _attended(visit: TimedVisit) -> list[Stretch]:
    """The parts with the patient that last at all."""
    return [
        each for each in visit.stretches if each.part.with_patient and each.starts_at < each.ends_at
    ]


def _overlap(part: Stretch, starts_at: datetime, ends_at: datetime) -> bool:
    """Do they share a moment? One ending as the other begins does not count."""
    return max(part.starts_at, starts_at) < min(part.ends_at, ends_at)


def _as_bookable(patient: PatientTimes) -> Bookable:
    """The patient's hours in the form of a bookable's, days away closed."""
    return Bookable(
        id="patient",
        kind=BookableKind.ROOM,
        weekly=_ALWAYS if patient.weekly is None else patient.weekly,
        exceptions=tuple(_closed(on) for on in sorted(patient.away)),
    )


def _closed(on: date) -> AvailabilityException:
    return AvailabilityException(on=on)
