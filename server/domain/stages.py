"""The order of an infusion's day: arrived, checks, infusing, observing, ready."""

from server.domain.breaches import Breach, BreachCode
from shared.vocabulary import Stage

ORDER = tuple(Stage)


def following(stage: Stage) -> Stage | None:
    """What comes next; None once the patient is ready to go."""
    place = ORDER.index(stage) + 1
    return ORDER[place] if place < len(ORDER) else None


def before(stage: Stage) -> Stage | None:
    """What it was before; None for who has just arrived."""
    place = ORDER.index(stage)
    return ORDER[place - 1] if place else None


def against(now: Stage, then: Stage, visit: str) -> list[Breach]:
    """One step on, or one step back where it was pressed too soon; nothing is passed over."""
    if then in (following(now), before(now)):
        return []
    facts = {"what": "a stage", "before": now.value, "after": then.value}
    return [Breach(code=BreachCode.NOT_ALLOWED_CHANGE, visit=visit, facts=facts)]
