"""Does the whole series fit into the clinic's opening hours, and from which weekdays?"""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from server.domain.calendars import WeeklyHours
from server.domain.faults import Fault, Severity
from server.domain.protocol_references import visit_places
from server.domain.protocols import Protocol
from server.domain.visit_definitions import VisitDefinition
from server.domain.week_search import Search, TooLong

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def faults_of_opening(
    protocol: Protocol, opening: Sequence[WeeklyHours] | None, *, from_weekdays: bool = True
) -> Iterator[Fault]:
    """Visits longer than any opening day, and spacing that no week can meet. With hours given,
    also a warning where the series can begin on some of the open weekdays only, unless
    `from_weekdays` is not asked."""
    paths = {visit.code: path for path, visit in visit_places(protocol)}
    hours = list(opening or ())
    if opening is not None and not any(_opens(each) for each in hours):
        yield Fault(path="", reason="the clinic has no opening hours to try the spacing in")
        return
    too_long = list(_too_long(protocol, hours, paths))
    yield from too_long
    if too_long:
        return
    try:
        yield from _spacing(protocol, hours, paths, from_weekdays)
    except TooLong:
        reason = "the series is too long or too knotted for its spacing to be tried out"
        yield Fault(path="phases", reason=reason, severity=Severity.WARNING)


def _opens(hours: WeeklyHours) -> bool:
    return bool(hours.days) and hours.opens < hours.closes and hours.capacity > 0


def _too_long(
    protocol: Protocol, opening: Sequence[WeeklyHours], paths: dict[str, str]
) -> Iterator[Fault]:
    for template in protocol.templates:
        visit = next(each for each in protocol.visits if each.family == template.code)
        if not _fits(visit, opening):
            reason = f"{template.title} takes {visit.minutes} minutes, longer than any opening day"
            yield Fault(path=f"{paths[template.code]}.parts", reason=reason)


def _fits(visit: VisitDefinition, opening: Sequence[WeeklyHours]) -> bool:
    alone = VisitDefinition(code="alone", family="alone", kind=visit.kind, parts=visit.parts)
    return Search([alone], "alone", opening).feasible()


def _spacing(
    protocol: Protocol,
    opening: Sequence[WeeklyHours],
    paths: dict[str, str],
    from_weekdays: bool,
) -> Iterator[Fault]:
    search = Search(protocol.visits, protocol.start_visit, opening)
    if not search.feasible():
        yield _blamed(protocol, opening, paths)
        return
    if opening and from_weekdays:
        with suppress(TooLong):  # that the series fits is proved already
            yield from _first_days(protocol, search, opening)


def _first_days(
    protocol: Protocol, search: Search, opening: Sequence[WeeklyHours]
) -> Iterator[Fault]:
    possible = [day for day in range(7) if search.feasible(day)]
    alone = Search([protocol.visit(protocol.start_visit)], protocol.start_visit, opening)
    if len(possible) < sum(alone.feasible(day) for day in range(7)):
        days = " or ".join(WEEKDAYS[day] for day in possible)
        reason = f"in the clinic's opening hours this series can begin only on {days}"
        yield Fault(path="start_visit", reason=reason, severity=Severity.WARNING)


def _blamed(protocol: Protocol, opening: Sequence[WeeklyHours], paths: dict[str, str]) -> Fault:
    """The first visit, going out from the start, with which the series no longer fits."""
    order = _outward(protocol)
    low, high = 1, len(order)  # the first `high` do not fit together
    while low < high:
        middle = (low + high) // 2
        if Search(order[:middle], protocol.start_visit, opening).feasible():
            low = middle + 1
        else:
            high = middle
    visit = order[high - 1]
    where = "in the clinic's opening hours" if opening else "on any calendar"
    reason = f"{visit.title or visit.code} has no possible time {where}: its spacing cannot be met"
    return Fault(path=f"{paths[visit.family]}.windows", reason=reason)


def _outward(protocol: Protocol) -> list[VisitDefinition]:
    """The visits in the order in which windows lead to them from the start."""
    left = {visit.code: visit for visit in protocol.visits}
    order = [left.pop(protocol.start_visit)]
    for visit in order:
        beside = {window.anchor for window in visit.windows}
        for code, other in list(left.items()):
            if code in beside or any(w.anchor == visit.code for w in other.windows):
                order.append(left.pop(code))
    return order + list(left.values())
