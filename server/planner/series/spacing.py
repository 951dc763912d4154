"""The protocol's windows as relations between the visits that are to be placed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from typing import TypeGuard

from server.domain.booking_spacing import keeps_apart
from server.domain.protocols import VisitDefinition, Window
from server.planner.series.implied import ImpliedDays, implied_days
from server.planner.series.relations import FAR, DayBound, Relation, Target
from shared.vocabulary import Edge, WindowUnit


@dataclass(frozen=True, slots=True, eq=False)
class Spacing:
    """What binds the visits, and how far apart that lets them be."""

    relations: tuple[Relation, ...]
    implied: ImpliedDays


def relations_between(
    visits: Sequence[VisitDefinition], atom_minutes: int, off_target_day: int
) -> Spacing:
    """One relation for each pair of visits (numbers) that something binds. Windows counted from
    visits that are not among them are left out; so are days kept apart where the windows see to
    that already."""
    found: dict[tuple[int, int], Relation] = {}
    number = {visit.code: n for n, visit in enumerate(visits)}
    for n, visit in enumerate(visits):
        for window in visit.windows:
            anchor = number.get(window.anchor, n)
            if anchor != n:
                edge = edge_atoms(visits[anchor], window.edge, atom_minutes)
                wish = _target(window, n, edge, atom_minutes, off_target_day)
                bound = _bound(window, anchor, n, edge, atom_minutes)
                _join(found, replace(bound, targets=wish))
    implied = implied_days(len(visits), found.values(), atom_minutes)
    farthest = implied.farthest
    for one, other in combinations(range(len(visits)), 2):
        may_meet = farthest[one, other] >= 0 and farthest[other, one] >= 0
        if may_meet and keeps_apart(visits[one], visits[other]):
            _join(found, Relation(one, other, apart=True))
    binding = [each for each in found.values() if each != Relation(each.first, each.second)]
    return Spacing(relations=tuple(binding), implied=implied)


def with_relation(relations: Sequence[Relation], more: Relation) -> tuple[Relation, ...]:
    """The relations and one more, joined to what already binds the two visits."""
    found = {(each.first, each.second): each for each in relations}
    _join(found, more)
    return tuple(found.values())


def edge_atoms(visit: VisitDefinition, edge: Edge, atom_minutes: int) -> int:
    """Where a visit's edge lies, in atoms after its start."""
    return 0 if edge is Edge.START else visit.patient_minutes[1] // atom_minutes


def said(bound: float | None) -> TypeGuard[float]:
    """Is this a bound at all?"""
    return bound is not None and math.isfinite(bound)


def _bound(window: Window, anchor: int, visit: int, edge: int, atom_minutes: int) -> Relation:
    if window.unit is WindowUnit.DAYS:
        least = math.ceil(window.opens) if said(window.opens) else -FAR
        most = math.floor(window.closes) if said(window.closes) else FAR
        if (least, most) == (-FAR, FAR):
            return Relation(anchor, visit)
        return Relation(anchor, visit, day_bounds=(DayBound(visit, edge, least, most),))
    opens = edge + _first_atom(window.opens, atom_minutes) if said(window.opens) else -FAR
    closes = edge + _last_atom(window.closes, atom_minutes) if said(window.closes) else FAR
    return Relation(anchor, visit, least=opens, most=closes)


def _target(
    window: Window, visit: int, edge: int, atom_minutes: int, weight: int
) -> tuple[Target, ...]:
    if not said(window.target) or not weight:
        return ()
    if window.unit is WindowUnit.DAYS:
        return (Target(visit, edge, math.floor(window.target), weight),)
    later = timedelta(hours=window.target) // timedelta(minutes=atom_minutes)
    return (Target(visit, edge + later, 0, weight),)


def _first_atom(hours: float, atom_minutes: int) -> int:
    """The least number of atoms that last so many hours; compared as the clinic's rules do."""
    atoms = math.ceil(hours * 60 / atom_minutes)
    return next(n for n in (atoms - 1, atoms, atoms + 1) if n * atom_minutes / 60 >= hours)


def _last_atom(hours: float, atom_minutes: int) -> int:
    return -_first_atom(-hours, atom_minutes)


def _join(found: dict[tuple[int, int], Relation], more: Relation) -> None:
    """Both relations of one pair at once."""
    if more.first > more.second:
        more = replace(
            more, first=more.second, second=more.first, least=-more.most, most=-more.least
        )
    key = more.first, more.second
    one = found.get(key, Relation(*key))
    found[key] = replace(
        one,
        least=max(one.least, more.least),
        most=min(one.most, more.most),
        day_bounds=tuple(dict.fromkeys(one.day_bounds + more.day_bounds)),
        targets=one.targets + more.targets,
        apart=one.apart or more.apart,
    )
