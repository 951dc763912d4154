"""May each visit of a plan be at its time, whatever else is booked?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from server.domain.breaches import Breach, BreachCode
from server.domain.laid_out import LaidOutPlan, TimedVisit
from server.domain.local_time import local_date, minute_of_day, utc

_MOMENT = timedelta(microseconds=1)


def breaches_of_times(plan: LaidOutPlan) -> Iterator[Breach]:
    """Starts before the clinic can, off its grid, over midnight, outside the days planned for."""
    for visit in plan.visits:
        yield from _too_early(plan, visit)
        yield from _off_grid(plan, visit)
        yield from _over_midnight(plan, visit)
        yield from _wrong_day(plan, visit)


def _too_early(plan: LaidOutPlan, visit: TimedVisit) -> Iterator[Breach]:
    not_before = utc(plan.series.not_before)
    if visit.starts_at >= max(plan.now, not_before):
        return
    past = visit.starts_at < plan.now
    yield Breach(
        code=BreachCode.IN_THE_PAST if past else BreachCode.TOO_SOON,
        visit=visit.code,
        facts={
            "starts_at": plan.local(visit.starts_at),
            "first_allowed_at": plan.local(max(plan.now, not_before)),
        },
    )


def _off_grid(plan: LaidOutPlan, visit: TimedVisit) -> Iterator[Breach]:
    if _beyond_grid(plan, visit.starts_at) == 0:
        return
    grid = plan.calendar.grid_minutes
    facts: dict[str, object] = {"starts_at": plan.local(visit.starts_at), "grid_minutes": grid}
    back = timedelta(minutes=_beyond_grid(plan, visit.starts_at))
    before = visit.starts_at - back
    if _beyond_grid(plan, before) == 0:
        facts["nearest_at"] = plan.local(
            before if back * 2 <= timedelta(minutes=grid) else before + timedelta(minutes=grid)
        )
    yield Breach(code=BreachCode.OFF_GRID, visit=visit.code, facts=facts)


def _beyond_grid(plan: LaidOutPlan, at: datetime) -> float:
    """Minutes since the last grid line on the clinic's clock face, counted from midnight."""
    return minute_of_day(at, plan.zone) % plan.calendar.grid_minutes


def _over_midnight(plan: LaidOutPlan, visit: TimedVisit) -> Iterator[Breach]:
    last_moment = max(visit.starts_at, visit.ends_at - _MOMENT)
    if local_date(last_moment, plan.zone) == plan.on(visit):
        return
    yield Breach(
        code=BreachCode.OVER_MIDNIGHT,
        visit=visit.code,
        facts={"starts_at": plan.local(visit.starts_at), "ends_at": plan.local(visit.ends_at)},
    )


def _wrong_day(plan: LaidOutPlan, visit: TimedVisit) -> Iterator[Breach]:
    series, on = plan.series, plan.on(visit)
    if on < series.ready_on:
        facts = {"on": on, "first_allowed_on": series.ready_on}
        yield Breach(code=BreachCode.BEFORE_READY, visit=visit.code, facts=facts)
    if on > series.last_day:
        facts = {"on": on, "last_allowed_on": series.last_day}
        yield Breach(code=BreachCode.AFTER_LAST_DAY, visit=visit.code, facts=facts)
    starts_series = visit.code == series.start_visit
    if starts_series and series.start_by is not None and on > series.start_by:
        facts = {"on": on, "last_allowed_on": series.start_by}
        yield Breach(code=BreachCode.AFTER_START_BY, visit=visit.code, facts=facts)
