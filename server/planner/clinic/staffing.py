"""Every way in which a visit may be staffed, numbered; alike ones of all series share a number."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from server.domain.protocols import VisitDefinition
from server.planner.calendar import PATIENT
from server.planner.clinic.arrays import BOOKABLE, NEED, STAFFING, column, spans, table
from server.planner.series.needs import Need, claimed_choices, needs

Chosen = Mapping[str, str]


class Catalogue:
    """Numbers for bookables and staffings, given out as they are asked for."""

    def __init__(self, bookables: Iterable[str], atom_minutes: int) -> None:
        self.bookable = {each: n for n, each in enumerate(bookables)}
        self._atom = atom_minutes
        self._numbers: dict[tuple[object, ...], int] = {}
        self._needs: list[tuple[Need, ...]] = []
        self._length: list[int] = []
        self._known: dict[tuple[int, frozenset[tuple[str, str]]], int | None] = {}
        self.choices: list[dict[str, str]] = []
        """For each staffing, the choices made for the visit alone."""

    def staffings(
        self, visit: VisitDefinition, kept: Chosen, candidates: Mapping[str, tuple[str, ...]]
    ) -> list[int]:
        """All ways to staff a visit when the kept choices are made; those wished first before."""
        own = [name for name in claimed_choices(visit) if name not in kept]
        ways = product(*(candidates.get(name, ()) for name in own))
        found = (self.number(visit, kept, dict(zip(own, way, strict=True))) for way in ways)
        return [each for each in found if each is not None]

    def number(self, visit: VisitDefinition, kept: Chosen, own: Chosen) -> int | None:
        """The staffing with these choices; None where it needs a bookable that does not exist.
        `visit` must outlive the catalogue."""
        claimed = claimed_choices(visit)
        mine = {name: who for name, who in {**kept, **own}.items() if name in claimed}
        key = id(visit), frozenset(mine.items())
        if key not in self._known:
            self._known[key] = self._number(visit, mine, own)
        return self._known[key]

    def _number(self, visit: VisitDefinition, chosen: Chosen, own: Chosen) -> int | None:
        if any(name not in chosen for name in claimed_choices(visit)):
            return None
        needed = tuple(
            each for each in needs(visit, self._atom, chosen) if each.bookable != PATIENT
        )
        if any(each.bookable not in self.bookable for each in needed):
            return None
        length = visit.minutes // self._atom
        key = needed, length, frozenset(own.items())
        if key not in self._numbers:
            self._numbers[key] = len(self._needs)
            self._needs.append(needed)
            self._length.append(length)
            self.choices.append(dict(own))
        return self._numbers[key]

    def needs(self) -> dict[str, Any]:
        """All staffings given out so far, for the clinic's arrays."""
        number = self.bookable
        users: list[list[int]] = [[] for _ in number]
        for n, needed in enumerate(self._needs):
            for bookable in {each.bookable for each in needed if each.units}:
                users[number[bookable]].append(n)
        flat = [each for needed in self._needs for each in needed]
        places = spans(map(len, self._needs))
        return {
            "staffings": table(
                STAFFING, [(n, *at) for n, at in zip(self._length, places, strict=True)]
            ),
            "needs": table(
                NEED, [(number[each.bookable], each.begin, each.end, each.units) for each in flat]
            ),
            "bookables": table(BOOKABLE, spans(map(len, users))),
            "users": column(n for each in users for n in each),
        }
