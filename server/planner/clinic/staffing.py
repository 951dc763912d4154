"""Every way in which a visit may be staffed, numbered; alike ones of all series share a number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from server.domain.protocols import VisitDefinition
from server.planner.calendar import PATIENT, Shelf
from server.planner.clinic.arrays import BOOKABLE, NEED, STAFFING, column, spans, table
from server.planner.series.needs import Need, claimed_choices, needs

Chosen = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Staffing:
    """All that a visit needs besides the patient, its length in atoms, and the choices made for
    the visit alone. There is one object for all that are alike."""

    needs: tuple[Need, ...]
    length: int
    own: dict[str, str]


class Catalogue:
    """Numbers for bookables and staffings, given out as they are asked for. What a visit needs is
    kept on the shelf, so visits must be the same objects to be known again."""

    def __init__(self, bookables: Iterable[str], atom_minutes: int, shelf: Shelf) -> None:
        self.bookable = {each: n for n, each in enumerate(bookables)}
        self._atom, self._shelf = atom_minutes, shelf
        self._numbers: dict[Staffing, int | None] = {}
        self.all: list[Staffing] = []
        self.choices: list[dict[str, str]] = []
        """For each staffing, the choices made for the visit alone."""

    def claimed(self, visit: VisitDefinition) -> tuple[str, ...]:
        """As `needs.claimed_choices`."""
        key = "claimed", id(visit)
        return self._shelf.once(key, lambda: (visit, claimed_choices(visit)))[1]

    def staffings(
        self, visit: VisitDefinition, kept: Chosen, candidates: Mapping[str, tuple[str, ...]]
    ) -> list[int]:
        """All ways to staff a visit when the kept choices are made; those wished first before."""
        names = self.claimed(visit)
        mine = tuple((name, kept[name]) for name in names if name in kept)
        open_ = tuple((name, candidates.get(name, ())) for name in names if name not in kept)
        key = "staffings", id(visit), self._atom, mine, open_
        found = self._shelf.once(key, lambda: self._ways(visit, dict(mine), dict(open_)))
        return [each for each in map(self._numbered, found) if each is not None]

    def number(self, visit: VisitDefinition, kept: Chosen, own: Chosen) -> int | None:
        """The staffing with these choices; None where it needs a bookable that does not exist."""
        claimed = self.claimed(visit)
        mine = {name: who for name, who in {**kept, **own}.items() if name in claimed}
        if any(name not in mine for name in claimed):
            return None
        return self._numbered(self._staffing(visit, mine, dict(own)))

    def _ways(
        self, visit: VisitDefinition, kept: Chosen, candidates: Mapping[str, tuple[str, ...]]
    ) -> list[Staffing]:
        own = [dict(zip(candidates, way, strict=True)) for way in product(*candidates.values())]
        return [self._staffing(visit, {**kept, **each}, each) for each in own]

    def _staffing(self, visit: VisitDefinition, chosen: Chosen, own: dict[str, str]) -> Staffing:
        needed = tuple(
            each for each in needs(visit, self._atom, chosen) if each.bookable != PATIENT
        )
        length = visit.minutes // self._atom
        key = "staffing", needed, length, frozenset(own.items())
        return self._shelf.once(key, lambda: Staffing(needed, length, own))

    def _numbered(self, staffing: Staffing) -> int | None:
        if staffing not in self._numbers:
            known = all(each.bookable in self.bookable for each in staffing.needs)
            self._numbers[staffing] = self._added(staffing) if known else None
        return self._numbers[staffing]

    def _added(self, staffing: Staffing) -> int:
        self.all.append(staffing)
        self.choices.append(staffing.own)
        return len(self.all) - 1

    def needs(self) -> dict[str, Any]:
        """All staffings given out so far, for the clinic's arrays."""
        number = self.bookable
        users: list[list[int]] = [[] for _ in number]
        for n, staffing in enumerate(self.all):
            for bookable in {each.bookable for each in staffing.needs if each.units}:
                users[number[bookable]].append(n)
        flat = [each for staffing in self.all for each in staffing.needs]
        places = spans(len(staffing.needs) for staffing in self.all)
        return {
            "staffings": table(
                STAFFING, [(one.length, *at) for one, at in zip(self.all, places, strict=True)]
            ),
            "needs": table(
                NEED, [(number[each.bookable], each.begin, each.end, each.units) for each in flat]
            ),
            "bookables": table(BOOKABLE, spans(map(len, users))),
            "users": column(n for each in users for n in each),
        }
