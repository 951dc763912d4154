"""Is the plan a plan for this series: each visit once, none foreign, none undecided?"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from server.domain.breaches import Breach, BreachCode
from server.domain.laid_out import LaidOutPlan
from server.domain.local_time import is_instant
from server.domain.protocols import VisitDefinition


def breaches_of_shape(plan: LaidOutPlan) -> Iterator[Breach]:
    """Missing, foreign, doubled, fixed and undecided visits; times that are none."""
    placed = Counter(each.visit for each in plan.plan.placements)
    for code in missing(plan):
        yield Breach(code=BreachCode.MISSING_VISIT, visit=code)
    for code, times in placed.items():
        if times > 1:
            yield Breach(code=BreachCode.VISIT_TWICE, visit=code, facts={"times": times})
        yield from _foreign(plan, code)
    for each in plan.plan.placements:
        if not is_instant(each.starts_at):
            facts = {"given": each.starts_at.isoformat()}
            yield Breach(code=BreachCode.NOT_AN_INSTANT, visit=each.visit, facts=facts)
    for visit in plan.visits:
        yield from _unready(visit.definition)


def missing(plan: LaidOutPlan) -> list[str]:
    """Codes of the visits that the plan should place and does not."""
    series = plan.series
    had = {each.visit for each in plan.plan.placements} | set(series.fixed)
    waiting = undecided(series.visits, had)
    return [each.code for each in series.visits if each.code not in had | waiting]


def undecided(visits: Iterable[VisitDefinition], had: Collection[str] = ()) -> set[str]:
    """Codes of visits that wait for a prescriber's decision, and of those counted from them.

    `had` are codes that have a time; nothing waits for these.
    """
    visits = tuple(visits)
    waiting = {each.code for each in visits if each.awaits_decision} - set(had)
    while True:
        more = {
            each.code
            for each in visits
            if each.code not in had and any(window.anchor in waiting for window in each.windows)
        }
        if more <= waiting:
            return waiting
        waiting |= more


def _foreign(plan: LaidOutPlan, code: str) -> Iterator[Breach]:
    if code in plan.series.fixed:
        yield Breach(code=BreachCode.VISIT_IS_FIXED, visit=code)
    elif all(code != each.code for each in plan.series.visits):
        yield Breach(code=BreachCode.UNKNOWN_VISIT, visit=code)


def _unready(visit: VisitDefinition) -> Iterator[Breach]:
    if visit.awaits_decision:
        yield Breach(code=BreachCode.AWAITS_DECISION, visit=visit.code)
    for part in visit.parts:
        if part.minutes is None:
            facts = {"part": part.name}
            yield Breach(code=BreachCode.LENGTH_NOT_SET, visit=visit.code, facts=facts)
