"""Whether there is enough of everything, minute by minute."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime

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
        shelf = _Shelf(name, [taking for _, taking in takings], scenario)
        told: set[tuple[str, str]] = set()
        for one, taking in takings:
            if _name(one) not in asked or _name(one) in told:
                continue
            at = shelf.first_shortage(taking)
            if at is not None:
                told.add(_name(one))
                yield f"{one} capacity: {name} is over capacity or closed at {at.isoformat()}"


def _name(one: LaidOut) -> tuple[str, str]:
    return one.patient.id, one.visit.code


class _Shelf:
    """One bookable with all that is taken of it, by the days (UTC) on which that is."""

    def __init__(self, name: str, takings: list[Taking], scenario: Scenario) -> None:
        self._bookable, self._zone = scenario.bookables[name], scenario.zone
        self._there: dict[datetime, int] = {}
        self._by_day: dict[date, dict[int, Taking]] = defaultdict(dict)
        self._most: Counter[datetime] = Counter()
        """For each minute, all units taken at any time within it."""
        for number, each in enumerate(takings):
            for day in _days(each) if each.units else ():
                self._by_day[day][number] = each
            for minute in _minutes(each) if each.units else ():
                self._most[minute] += each.units

    def first_shortage(self, taking: Taking) -> datetime | None:
        """When too much is taken, while this is; looked into where a minute could be too much."""
        if all(max(1, self._taken(at, taking)) <= self._capacity(at) for at in _minutes(taking)):
            return None
        near = self._near(taking)
        for at in _looked_at(taking, near):
            there = self._capacity(at)
            used = sum(each.units for each in near if each.begins <= at < each.ends)
            if (taking.units and used > there) or there < 1:
                return at.astimezone(self._zone)
        return None

    def _taken(self, minute: datetime, taking: Taking) -> int:
        return self._most[minute] if taking.units else 0

    def _near(self, taking: Taking) -> list[Taking]:
        some: dict[int, Taking] = {}
        for day in _days(taking):
            some |= self._by_day[day]
        return [
            each
            for each in some.values()
            if each.begins < taking.ends and taking.begins < each.ends
        ]

    def _capacity(self, at: datetime) -> int:
        if at not in self._there:
            self._there[at] = capacity_at(self._bookable, at, self._zone)
        return self._there[at]


def _days(taking: Taking) -> set[date]:
    """The days that it touches; nothing takes longer than a day."""
    return {taking.begins.date(), taking.ends.date()}


def _minutes(taking: Taking) -> Iterator[datetime]:
    """Every whole minute that it touches."""
    at = taking.begins.replace(second=0, microsecond=0)
    while at < taking.ends:
        yield at
        at += MINUTE


def _looked_at(taking: Taking, near: list[Taking]) -> list[datetime]:
    """Every minute, and whenever somebody else comes, which may be within one."""
    minutes = -((taking.begins - taking.ends) // MINUTE)
    every = {taking.begins + n * MINUTE for n in range(minutes)}
    return sorted(every | {each.begins for each in near if each.begins > taking.begins})
