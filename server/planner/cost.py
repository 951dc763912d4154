"""What a plan's drawbacks cost, read from its times alone: the search is not asked."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from server.domain.calendars import ClinicCalendar
from server.domain.local_time import local_date, minute_of_day, utc
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace, Weights
from server.domain.protocols import VisitDefinition
from server.domain.windows import edge_at, target_on
from server.planner.series.needs import claimed_choices
from shared.vocabulary import DayPart

NOON = 13 * 60
"""Where the halves of a day meet for those who prefer one, in minutes on the clinic's clock."""


def cost_of(
    plan: SeriesPlan, series: SeriesToPlace, calendar: ClinicCalendar, weights: Weights
) -> int:
    """The cost of a plan, whether it may stand or not. A visit that a window is counted from and
    that has no time costs nothing; neither do the wishes of fixed visits."""
    visits = {visit.code: visit for visit in series.visits}
    placed = [(visits[each.visit], each) for each in plan.placements]
    zone = calendar.zone
    total = _choices_cost(plan, series, weights)
    for visit, placement in placed:
        if visit.code == series.start_visit:
            on = local_date(placement.starts_at, zone)
            total += weights.delay_day * (on - series.ready_on).days
        if weights.against_preference:
            against = is_against_preference(visit, placement.starts_at, series, calendar)
            total += weights.against_preference * against
        if weights.off_target_day:
            off = days_off_target(visit, placement, series, plan, calendar)
            total += weights.off_target_day * sum(off)
        if visit.code in series.held:
            total += _move_cost(visit, plan, series, calendar, weights)
    return total


def _choices_cost(plan: SeriesPlan, series: SeriesToPlace, weights: Weights) -> int:
    total = 0
    for name, who in plan.choices.items():
        wished = next(iter(series.candidates.get(name, ())), who)
        total += weights.not_first_choice * (who != wished)
        if series.held_choices.get(name, who) != who:
            total += weights.kept_choice_changed
    return total


def is_against_preference(
    visit: VisitDefinition, starts_at: datetime, series: SeriesToPlace, calendar: ClinicCalendar
) -> bool:
    """Does the middle of the patient's parts lie in the half of the day that is not preferred?"""
    prefers = series.patient.prefers
    if prefers is None or not any(part.with_patient for part in visit.parts):
        return False
    late = is_late(visit, starts_at, calendar)
    return late if prefers is DayPart.MORNING else not late


def is_late(visit: VisitDefinition, starts_at: datetime, calendar: ClinicCalendar) -> bool:
    """Does the middle of the patient's parts lie at 13:00 or after it?"""
    middle = utc(starts_at) + timedelta(minutes=sum(visit.patient_minutes) / 2)
    return minute_of_day(middle, calendar.zone) >= NOON


def days_off_target(
    visit: VisitDefinition,
    placement: Placement,
    series: SeriesToPlace,
    plan: SeriesPlan,
    calendar: ClinicCalendar,
) -> list[int]:
    """How many local days the visit lies off each of its targets, for those that can be told."""
    on = local_date(placement.starts_at, calendar.zone)
    return [abs((on - wished).days) for wished in _wished_on(visit, series, plan, calendar)]


def _wished_on(
    visit: VisitDefinition, series: SeriesToPlace, plan: SeriesPlan, calendar: ClinicCalendar
) -> Iterator[date]:
    visits = {each.code: each for each in series.visits}
    times: Mapping[str, Placement] = dict(series.fixed) | {
        each.visit: each for each in plan.placements
    }
    for window in visit.windows:
        if window.anchor in times and window.anchor != visit.code:
            anchor = times[window.anchor]
            edge = edge_at(visits[window.anchor], anchor.starts_at, window.edge)
            wished = target_on(window, edge, calendar.zone)
            if wished is not None:
                yield wished


def _move_cost(
    visit: VisitDefinition,
    plan: SeriesPlan,
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    weights: Weights,
) -> int:
    """A visit moves when its time changes, or anybody chosen for it."""
    held, placement = series.held.get(visit.code), plan.of(visit.code)
    if held is None or placement is None:
        return 0
    same_time = utc(held.starts_at) == utc(placement.starts_at)
    zone = calendar.zone
    other_day = local_date(held.starts_at, zone) != local_date(placement.starts_at, zone)
    moved = not (same_time and _same_people(visit, held, placement, plan, series))
    return weights.moved * moved + weights.moved_day * other_day


def _same_people(
    visit: VisitDefinition,
    held: Placement,
    placement: Placement,
    plan: SeriesPlan,
    series: SeriesToPlace,
) -> bool:
    kept = {name: who for name, who in plan.choices.items() if name in claimed_choices(visit)}
    return all(held.choices.get(name) == who for name, who in placement.choices.items()) and all(
        series.held_choices.get(name, who) == who for name, who in kept.items()
    )
