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
    asked = {_name(one) for one in free}
    by_bookable: dict[str, list[tuple[LaidOut, Taking]]] = defaultdict(list)
    for one in laid:
        for taking in one.takes:
            by_bookable[taking.bookable].append((one, taking))
    for name, takings in sorted(by_bookable.items()):
        if name not in scenario.bookables:
            yield f"{name} unknown: is no bookable of the scenario"
            continue
        told: set[tuple[str, str]] = set()
        for one, taking in takings:
            if _name(one) not in asked or _name(one) in told:
                continue
            at = _first_shortage(name, taking, takings, scenario)
            if at is not None:
                told.add(_name(one))
                yield f"{one} capacity: {name} is over capacity or closed at {at.isoformat()}"


def _name(one: LaidOut) -> tuple[str, str]:
    return one.patient.id, one.visit.code


def _first_shortage(
    name: str, taking: Taking, takings: list[tuple[LaidOut, Taking]], scenario: Scenario
) -> datetime | None:
    bookable = scenario.bookables[name]
    near = [
        each
        for _, each in takings
        if each.units and each.begins < taking.ends and taking.begins < each.ends
    ]
    for at in _looked_at(taking, near):
        there = capacity_at(bookable, at, scenario.zone)
        used = sum(each.units for each in near if each.begins <= at < each.ends)
        if (taking.units and used > there) or there < 1:
            return at.astimezone(scenario.zone)
    return None


def _looked_at(taking: Taking, near: list[Taking]) -> list[datetime]:
    """Every minute, and whenever somebody else comes, which may be within one."""
    minutes = -((taking.begins - taking.ends) // MINUTE)
    every = {taking.begins + n * MINUTE for n in range(minutes)}
    return sorted(every | {each.begins for each in near if each.begins > taking.begins})
