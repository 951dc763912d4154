"""Do the visits of a plan keep the protocol's distances from each other?

A window between a placed visit and a fixed one must hold whichever of them it belongs to; one
between two fixed visits is no concern of the plan.
"""

from collections.abc import Iterator
from itertools import combinations

from server.domain.booking_shape import missing
from server.domain.breaches import Breach, BreachCode
from server.domain.laid_out import LaidOutPlan, TimedVisit
from server.domain.protocols import VisitDefinition, Window
from server.domain.windows import miss, span


def breaches_of_spacing(plan: LaidOutPlan) -> Iterator[Breach]:
    """Windows missed, windows that hang on nothing, and days shared that must not be."""
    timed = {each.code: each for each in (*plan.visits, *plan.fixed)}
    explained = {*missing(plan), *(each.visit for each in plan.plan.placements)}
    for visit in timed.values():
        for window in visit.definition.windows:
            anchor = timed.get(window.anchor)
            if anchor is not None:
                yield from _outside(plan, visit, window, anchor)
            elif visit.code not in plan.series.fixed and window.anchor not in explained:
                yield from _hangs_on_nothing(visit, window)
    for one, other in combinations(timed.values(), 2):
        yield from _same_day(plan, one, other)


def _outside(
    plan: LaidOutPlan, visit: TimedVisit, window: Window, anchor: TimedVisit
) -> Iterator[Breach]:
    if _both_fixed(plan, visit, anchor):
        return
    edge = anchor.edge_at(window.edge)
    by = miss(window, visit.starts_at, edge, plan.zone)
    if by == 0:
        return
    within = span(window, edge, plan.zone)
    nearest_at = within.opens_at if by < 0 else within.closes_at
    facts: dict[str, object] = {
        "anchor": anchor.code,
        "edge": window.edge.value,
        "unit": window.unit.value,
        "opens": window.opens,
        "closes": window.closes,
        "starts_at": plan.local(visit.starts_at),
        "too": "early" if by < 0 else "late",
        "by": abs(by),
        "nearest_on": within.opens_on if by < 0 else within.closes_on,
        "nearest_at": None if nearest_at is None else plan.local(nearest_at),
    }
    known = {name: fact for name, fact in facts.items() if fact is not None}
    yield Breach(code=BreachCode.OUTSIDE_WINDOW, visit=visit.code, facts=known)


def _hangs_on_nothing(visit: TimedVisit, window: Window) -> Iterator[Breach]:
    if window.opens is not None or window.closes is not None:
        facts = {"anchor": window.anchor}
        yield Breach(code=BreachCode.ANCHOR_MISSING, visit=visit.code, facts=facts)


def _same_day(plan: LaidOutPlan, one: TimedVisit, other: TimedVisit) -> Iterator[Breach]:
    if _both_fixed(plan, one, other) or plan.on(one) != plan.on(other):
        return
    if keeps_apart(one.definition, other.definition):
        first, second = sorted((one, other), key=lambda each: (each.starts_at, each.code))
        facts = {"other": first.code, "on": plan.on(second)}
        yield Breach(code=BreachCode.SAME_DAY, visit=second.code, facts=facts)


def _both_fixed(plan: LaidOutPlan, one: TimedVisit, other: TimedVisit) -> bool:
    return {one.code, other.code} <= set(plan.series.fixed)


def keeps_apart(one: VisitDefinition, other: VisitDefinition) -> bool:
    """Must these two be on different days? Visits name each other by code or by family."""
    return bool(
        {other.code, other.family} & set(one.never_same_day_as)
        or {one.code, one.family} & set(other.never_same_day_as)
    )
