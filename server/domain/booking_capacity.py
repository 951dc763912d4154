"""Is there enough of everything the visits claim, at every instant, also of what is only watched?

The plan's own visits count against each other as other patients' do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from server.domain.breaches import Breach, BreachCode
from server.domain.calendars import Bookable
from server.domain.capacity import capacity_steps, expired
from server.domain.laid_out import LaidOutPlan, TimedVisit
from server.domain.local_time import local_date, utc

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What one part of a visit takes of a bookable; `part` and `visit` are None for others."""

    visit: str | None = None
    part: str | None = None
    starts_at: datetime
    ends_at: datetime
    units: int

    def holds_at(self, at: datetime) -> bool:
        """Does it cover this instant? The end is exclusive."""
        return self.starts_at <= at < self.ends_at


def breaches_of_capacity(plan: LaidOutPlan) -> Iterator[Breach]:
    """Too little of something, closed, expired, or nobody there, once a visit and bookable."""
    own = _own_needs(plan)
    taken = _taken(plan, own)
    for bookable_id, needs in own.items():
        bookable = plan.calendar.bookables.get(bookable_id)
        for visit in dict.fromkeys(each.visit for each in needs):
            here = [each for each in needs if each.visit == visit]
            if bookable is None:
                facts = {"bookable": bookable_id}
                yield Breach(code=BreachCode.UNKNOWN_BOOKABLE, visit=visit, facts=facts)
                continue
            others = [each for each in needs if each.visit != visit] + taken[bookable_id]
            yield from _expired(plan, bookable, here)
            yield from _short(plan, bookable, here, others)


def _own_needs(plan: LaidOutPlan) -> dict[str, list[Need]]:
    """What the plan's visits take, by bookable."""
    needs: dict[str, list[Need]] = {}
    for visit in plan.visits:
        for bookable_id, need in _needs(plan, visit):
            needs.setdefault(bookable_id, []).append(need)
    return needs


def _needs(plan: LaidOutPlan, visit: TimedVisit) -> Iterator[tuple[str, Need]]:
    for each in visit.stretches:
        for claim in each.part.claims:
            bookable_id = plan.bookable_of(visit, claim)
            if bookable_id is not None and each.starts_at < each.ends_at:
                yield (
                    bookable_id,
                    Need(
                        visit=visit.code,
                        part=each.part.name,
                        starts_at=each.starts_at,
                        ends_at=each.ends_at,
                        units=claim.units,
                    ),
                )


def _taken(plan: LaidOutPlan, own: dict[str, list[Need]]) -> dict[str, list[Need]]:
    """What others claim already of the same bookables on the same days (of UTC)."""
    days = {
        bookable_id: {at.date() for each in needs for at in (each.starts_at, each.ends_at)}
        for bookable_id, needs in own.items()
    }
    taken: dict[str, list[Need]] = {bookable_id: [] for bookable_id in own}
    for claim in plan.calendar.claims:
        if claim.bookable_id in taken:
            starts_at, ends_at = utc(claim.starts_at), utc(claim.ends_at)
            if _touches(days[claim.bookable_id], starts_at.date(), ends_at.date()):
                need = Need(starts_at=starts_at, ends_at=ends_at, units=claim.units)
                taken[claim.bookable_id].append(need)
    return taken


def _touches(days: set[date], first: date, last: date) -> bool:
    if first in days or last in days:
        return True
    return first < last and any(first < day < last for day in days)


def _expired(plan: LaidOutPlan, bookable: Bookable, here: list[Need]) -> Iterator[Breach]:
    on = local_date(max(each.ends_at for each in here) - _MOMENT, plan.zone)
    if expired(bookable, on):
        facts = _about(bookable) | {"on": on, "usable_until": bookable.usable_until}
        yield Breach(code=BreachCode.CREDENTIAL_EXPIRED, visit=here[0].visit, facts=facts)


def _short(
    plan: LaidOutPlan, bookable: Bookable, here: list[Need], others: list[Need]
) -> Iterator[Breach]:
    """The first instant of each kind of shortage during one visit."""
    found: set[BreachCode] = set()
    for at, capacity in _instants(plan, bookable, here, others):
        mine = [each for each in here if each.holds_at(at)]
        rest = sum(each.units for each in others if each.holds_at(at))
        for code in _shortages(mine, rest, capacity):
            if code not in found:
                found.add(code)
                facts = _about(bookable) | {
                    "part": mine[0].part,
                    "at": plan.local(at),
                    "needs": sum(each.units for each in mine),
                    "taken": rest,
                    "capacity": capacity,
                }
                yield Breach(code=code, visit=here[0].visit, facts=facts)


def _shortages(mine: list[Need], rest: int, capacity: int) -> Iterator[BreachCode]:
    units = sum(each.units for each in mine)
    if capacity < 1:
        if any(each.units == 0 for each in mine):
            yield BreachCode.NOBODY_ON_SITE
        if units > 0:
            yield BreachCode.OUTSIDE_HOURS
    elif units > 0 and units + rest > capacity:
        yield BreachCode.NO_CAPACITY


def _instants(
    plan: LaidOutPlan, bookable: Bookable, here: list[Need], others: list[Need]
) -> Iterator[tuple[datetime, int]]:
    """(instant, units configured) wherever capacity or anything taken changes during a visit.

    Expired credentials are left out: they are a breach of their own.
    """
    start, end = min(each.starts_at for each in here), max(each.ends_at for each in here)
    valid = replace(bookable, usable_until=None)
    steps = capacity_steps(valid, start, end, plan.zone)
    edges = {at for each in (*here, *others) for at in (each.starts_at, each.ends_at)}
    for (begins, capacity), (stops, _) in pairwise([*steps, (end, 0)]):
        for at in sorted({begins, *(edge for edge in edges if begins < edge < stops)}):
            yield at, capacity


def _about(bookable: Bookable) -> dict[str, object]:
    return {"bookable": bookable.id, "title": bookable.title or bookable.id}
