"""Is everybody chosen who has to be, out of those open to this patient?"""

from collections.abc import Iterator

from server.domain.breaches import Breach, BreachCode
from server.domain.laid_out import LaidOutPlan, TimedVisit


def breaches_of_choices(plan: LaidOutPlan) -> Iterator[Breach]:
    """Kept choices once for the series, the others visit by visit."""
    kept = {each.name for each in plan.series.choices if each.kept}
    asked = {name for visit in plan.visits for name in _asked(visit)}
    for name in sorted((asked & kept) | set(plan.plan.choices)):
        chosen = plan.plan.choices.get(name)
        if name not in kept or not _open(plan, name, chosen):
            yield _unknown(plan, name, chosen)
    for visit in plan.visits:
        yield from _per_visit(plan, visit, kept)


def _per_visit(plan: LaidOutPlan, visit: TimedVisit, kept: set[str]) -> Iterator[Breach]:
    known = {each.name for each in plan.series.choices}
    made = visit.placement.choices
    for name in sorted((_asked(visit) - kept) | set(made)):
        chosen = made.get(name)
        if name in kept:
            yield from _differs(plan, visit, name)
        elif name not in known or not _open(plan, name, chosen):
            yield _unknown(plan, name, chosen, visit.code)


def _differs(plan: LaidOutPlan, visit: TimedVisit, name: str) -> Iterator[Breach]:
    here, everywhere = visit.placement.choices[name], plan.plan.choices.get(name)
    if here != everywhere:
        facts = {
            "choice": name,
            "chosen": here,
            "kept": everywhere,
            "title": _title(plan, here),
            "kept_title": _title(plan, everywhere),
        }
        yield Breach(code=BreachCode.KEPT_CHOICE_DIFFERS, visit=visit.code, facts=facts)


def _open(plan: LaidOutPlan, name: str, chosen: str | None) -> bool:
    return chosen is not None and chosen in plan.series.candidates.get(name, ())


def _unknown(plan: LaidOutPlan, name: str, chosen: str | None, visit: str | None = None) -> Breach:
    facts = {"choice": name}
    if chosen is not None:
        facts |= {"chosen": chosen, "title": _title(plan, chosen)}
    return Breach(code=BreachCode.UNKNOWN_CHOICE, visit=visit, facts=facts)


def _title(plan: LaidOutPlan, bookable_id: str | None) -> str:
    bookable = plan.calendar.bookables.get(bookable_id or "")
    return (bookable.title if bookable else "") or bookable_id or "nobody"


def _asked(visit: TimedVisit) -> set[str]:
    """Names of the choices that the visit's parts claim."""
    return {
        claim.choice
        for part in visit.definition.parts
        for claim in part.claims
        if claim.choice is not None
    }
