"""Whether there is enough of everything, minute by minute."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from server.planner.check.hours import capacity_at
from server.planner.check.visits import MINUTE, LaidOut, Taking
from server.planner.files.scenario import Scenario


def over_capacity(laid: list[LaidOut], free: list[LaidOut], scenario: Scenario) -> Iterator[str]:
    """At every minute, the units taken are at most those there, wherever a visit takes part that is
    `free` to be elsewhere."""
    asked = {str(one) for one in free}
    by_bookable: dict[str, list[tuple[LaidOut, Taking]]] = defaultdict(list)
    for one in laid:
        for taking in one.takes:
            by_bookable[taking.bookable].append((one, taking))
    for name, takings in sorted(by_bookable.items()):
        if name not in scenario.bookables:
            yield f"{name} unknown: is no bookable of the scenario"
            continue
        told: set[str] = set()
        for one, taking in takings:
            if str(one) not in asked or str(one) in told:
                continue
            at = _first_shortage(name, taking, takings, scenario)
            if at is not None:
                told.add(str(one))
                yield f"{one} capacity: {name} is over capacity or closed at {at.isoformat()}"


def _first_shortage(
    name: str, taking: Taking, takings: list[tuple[LaidOut, Taking]], scenario: Scenario
) -> datetime | None:
    bookable, at = scenario.bookables[name], taking.begins
    near = [
        each
        for _, each in takings
        if each.units and each.begins < taking.ends and taking.begins < each.ends
    ]
    while at < taking.ends:
        there = capacity_at(bookable, at, scenario.zone)
        used = sum(each.units for each in near if each.begins <= at < each.ends)
        if (taking.units and used > there) or there < 1:
            return at.astimezone(scenario.zone)
        at += MINUTE
    return None
