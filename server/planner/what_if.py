"""Changes of a clinic to be tried out: what would be planned if the clinic were otherwise.

Each change gives a demand like the one before on another calendar; nothing of the clinic changes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from server.domain.calendars import AvailabilityException, Bookable
from server.planner.demand import ClinicDemand, Demand
from shared.planning_words import WhatIf


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One change. Which of the others stand depends on `kind`; see WhatIf. Days are both included,
    weekdays run from 0, Monday."""

    kind: WhatIf
    bookable_id: str | None = None
    capacity: int | None = None
    weekday: int | None = None
    first: date | None = None
    last: date | None = None


def changed(demand: ClinicDemand, changes: Iterable[Change]) -> ClinicDemand:
    """The demand after all changes, in order. KeyError for a bookable that the clinic has not."""
    for number, each in enumerate(changes, start=1):
        demand = HOW[each.kind](demand, each, number)
    return demand


def _capacity(demand: ClinicDemand, change: Change, _number: int) -> ClinicDemand:
    before = demand.calendar.bookables[str(change.bookable_id)]
    rows = tuple(replace(row, capacity=change.capacity or 0) for row in before.weekly)
    return _with(demand, {before.id: replace(before, weekly=rows)})


def _closed_weekday(demand: ClinicDemand, change: Change, _number: int) -> ClinicDemand:
    days = [on for on in _span(demand) if on.weekday() == change.weekday]
    return _with(demand, {k: _off(b, days) for k, b in demand.calendar.bookables.items()})


def _closed(demand: ClinicDemand, change: Change, _number: int) -> ClinicDemand:
    days = list(_days(change))
    return _with(demand, {k: _off(b, days) for k, b in demand.calendar.bookables.items()})


def _away(demand: ClinicDemand, change: Change, _number: int) -> ClinicDemand:
    before = demand.calendar.bookables[str(change.bookable_id)]
    return _with(demand, {before.id: _off(before, _days(change))})


def _one_more(demand: ClinicDemand, change: Change, number: int) -> ClinicDemand:
    """Somebody of the same hours, without bookings, as everybody's last choice."""
    like = demand.calendar.bookables[str(change.bookable_id)]
    new = replace(like, id=f"one-more-{number}", title=f"One more like {like.title or like.id}")
    demands = tuple(_eligible(each, like.id, new.id) for each in demand.demands)
    return replace(_with(demand, {new.id: new}), demands=demands)


HOW: Mapping[WhatIf, Callable[[ClinicDemand, Change, int], ClinicDemand]] = {
    WhatIf.CAPACITY: _capacity,
    WhatIf.CLOSED_WEEKDAY: _closed_weekday,
    WhatIf.CLOSED: _closed,
    WhatIf.AWAY: _away,
    WhatIf.ONE_MORE: _one_more,
}


def _with(demand: ClinicDemand, bookables: Mapping[str, Bookable]) -> ClinicDemand:
    known = {**demand.calendar.bookables, **bookables}
    return replace(demand, calendar=replace(demand.calendar, bookables=known))


def _off(bookable: Bookable, days: Iterable[date]) -> Bookable:
    closed = tuple(AvailabilityException(on=on) for on in days)
    return replace(bookable, exceptions=(*bookable.exceptions, *closed))


def _days(change: Change) -> Iterable[date]:
    first = change.first or date.max
    last = change.last or first
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _span(demand: ClinicDemand) -> Iterable[date]:
    """Every day on which anything may be planned, and a day beyond."""
    first = min((each.series.ready_on for each in demand.demands), default=date.max)
    last = max((each.series.last_day for each in demand.demands), default=date.min)
    return (first + timedelta(days=n) for n in range((last - first).days + 2))


def _eligible(demand: Demand, like: str, new: str) -> Demand:
    candidates = {
        choice: (*who, new) if like in who else who
        for choice, who in demand.series.candidates.items()
    }
    return replace(demand, series=replace(demand.series, candidates=candidates))
