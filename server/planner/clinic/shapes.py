"""In which order the visits of a series are settled, worked out from what binds them.

A visit that hangs on one other visit is settled for each start of that one ("onto"). A visit
between two others, such as the integration between two infusions, waits until one of the two is
settled onto the other. Whatever does not come apart that way is left to the complete search.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from server.domain.protocols import VisitDefinition
from server.planner.clinic.wishes import MOST_WISHES
from server.planner.series.implied import ImpliedDays
from server.planner.series.relations import FAR, DayBound, Relation
from server.planner.series.spacing import relations_between

Pairs = dict[frozenset[int], Relation | None]
"""What binds two visits; None where only others between them, or a table, do."""


@dataclass(frozen=True, slots=True)
class Between:
    """A visit between two: its relations to the one settled onto, and to the one being settled."""

    visit: int
    onto: Relation
    settled: Relation


@dataclass(frozen=True, slots=True)
class Step:
    """Settle a visit onto another; `onto` None where nothing binds it any more."""

    visit: int
    onto: int | None = None
    relation: Relation | None = None
    between: tuple[Between, ...] = ()
    also: int | None = None
    """The second visit that it hangs on, where it is folded into two (folding.py),"""
    other: Relation | None = None
    """and its relation to that one."""
    near: int | None = None
    far: int | None = None
    makes: int | None = None
    """The tables, by number, that bind it to the one and to the other, and that of these two."""

    @property
    def wishes(self) -> int:
        """How many targets bind the visits of this step."""
        own = sum(len(each.targets) for each in (self.relation, self.other) if each is not None)
        return own + sum(map(_wishes, self.between))


def _wishes(between: Between) -> int:
    return len(between.onto.targets) + len(between.settled.targets)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the visits of a series bind each other, and the steps that settle them."""

    visits: tuple[VisitDefinition, ...]
    implied: ImpliedDays
    steps: tuple[Step, ...]
    apart: tuple[tuple[int, int], ...]
    folds: tuple[tuple[int, int], ...] = ()
    """Pairs of visits that are bound by tables."""
    folded: bool = False


@dataclass
class _Bonds:
    """What is not settled yet: pairs of visits, with those that stand between them."""

    pairs: Pairs
    between: dict[frozenset[int], list[Between]] = field(default_factory=dict)

    def partners(self, visit: int) -> list[int]:
        """The visits that still bind one."""
        return [other for pair in self.pairs if visit in pair for other in pair - {visit}]


def shape_of(
    visits: Sequence[VisitDefinition], atom_minutes: int, lead: int, off_target_day: int
) -> Shape | None:
    """The steps, `lead` settled last of those bound to it; None if the bonds do not come apart, or
    where more wishes than a few bind a visit to the two it stands between."""
    spacing = relations_between(visits, atom_minutes, off_target_day)
    apart = tuple(each.ends for each in spacing.relations if each.apart)
    known: Pairs = {
        frozenset(each.ends): replace(each, apart=False)
        for each in spacing.relations
        if replace(each, apart=False) != Relation(each.first, each.second)
    }
    waiting = [n for n in range(len(visits)) if n != lead]
    steps = _steps(_Bonds(dict(known)), spacing.implied, list(waiting), lead)
    found = Shape(visits=tuple(visits), implied=spacing.implied, steps=(), apart=apart)
    if steps is None or any(_wishes(each) > MOST_WISHES for s in steps for each in s.between):
        return _folded(found, known, waiting, lead)
    return replace(found, steps=tuple(steps))


def _folded(shape: Shape, known: Pairs, waiting: list[int], lead: int) -> Shape | None:
    """Every visit folded into one or two others, those bound to the fewest first; None where one is
    bound to three at least."""
    pairs, tables, steps = dict(known), dict[frozenset[int], int](), list[Step]()
    while waiting:
        one = min(waiting, key=lambda each: (len(_partners(pairs, each)), -each))
        partners = _partners(pairs, one)
        if len(partners) > 2:
            return None
        waiting.remove(one)
        steps.append(_fold(shape.implied, pairs, tables, one, partners))
    folds = tuple((min(pair), max(pair)) for pair in tables)
    return replace(shape, steps=(*steps, Step(lead)), folds=folds, folded=True)


def _partners(pairs: Pairs, visit: int) -> tuple[int, ...]:
    found = sorted(other for pair in pairs if visit in pair for other in pair - {visit})
    return tuple(found)


def _fold(
    implied: ImpliedDays,
    pairs: Pairs,
    tables: dict[frozenset[int], int],
    one: int,
    partners: tuple[int, ...],
) -> Step:
    """Take a visit out of the pairs; the two that it was bound to are a pair now."""
    ends = [frozenset((one, each)) for each in partners]
    relations = [
        pairs.pop(end) or _implied(implied, one, each)
        for end, each in zip(ends, partners, strict=True)
    ]
    near, far = ([tables.get(end) for end in ends] + [None, None])[:2]
    if not partners:
        return Step(one)
    step = Step(one, partners[0], relations[0], near=near)
    if len(partners) == 1:
        return step
    both = frozenset(partners)
    pairs.setdefault(both, None)
    makes = tables.setdefault(both, len(tables))
    return replace(step, also=partners[1], other=relations[1], far=far, makes=makes)


def _steps(bonds: _Bonds, implied: ImpliedDays, waiting: list[int], lead: int) -> list[Step] | None:
    steps: list[Step] = []
    while waiting:
        one = _next(bonds, waiting)
        if one is None:
            return None
        waiting.remove(one)
        partners = bonds.partners(one)
        if not partners:
            steps.append(Step(one))
        elif len(partners) == 1:
            steps.append(_onto(bonds, implied, one, partners[0]))
        else:
            _stand_between(bonds, one, partners)
    return [*steps, Step(lead)]


def _next(bonds: _Bonds, waiting: list[int]) -> int | None:
    """A visit bound to none or one, the last of the protocol first; else one that stands between
    two and has nothing between itself and them."""
    loose = (one for one in reversed(waiting) if len(bonds.partners(one)) <= 1)
    between = (one for one in reversed(waiting) if _is_between_two(bonds, one))
    return next(loose, next(between, None))


def _is_between_two(bonds: _Bonds, one: int) -> bool:
    pairs = [pair for pair in bonds.pairs if one in pair]
    return len(pairs) == 2 and not any(bonds.between.get(pair) for pair in pairs)


def _onto(bonds: _Bonds, implied: ImpliedDays, one: int, other: int) -> Step:
    pair = frozenset((one, other))
    relation = bonds.pairs.pop(pair) or _implied(implied, one, other)
    between = [
        each if other in each.onto.ends else Between(each.visit, each.settled, each.onto)
        for each in bonds.between.pop(pair, [])
    ]
    return Step(one, other, relation, tuple(between))


def _implied(implied: ImpliedDays, one: int, other: int) -> Relation:
    """What a detour over the visits between them says about two."""
    least, most = int(implied.nearest[other, one]), int(implied.farthest[other, one])
    bound = DayBound(one, 0, max(least, -FAR), min(most, FAR))
    first, second = sorted((one, other))
    return Relation(first, second, day_bounds=(bound,))


def _stand_between(bonds: _Bonds, one: int, partners: list[int]) -> None:
    known = [
        bonds.pairs.pop(frozenset((one, each))) or Relation(min(one, each), max(one, each))
        for each in partners
    ]
    pair = frozenset(partners)
    bonds.pairs.setdefault(pair, None)
    bonds.between.setdefault(pair, []).append(Between(one, known[0], known[1]))
