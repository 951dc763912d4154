"""Is each window, gap and length sound by itself?"""

from collections.abc import Iterator

from server.domain.faults import Fault
from server.domain.protocol_references import check_in_places, visit_places
from server.domain.protocol_templates import VisitTemplate, WindowTemplate
from server.domain.protocols import Protocol
from shared.vocabulary import VisitKind


def faults_of_windows(protocol: Protocol) -> Iterator[Fault]:
    """Bounds in the wrong order, lengths not set, infusions repeated without a least gap."""
    for path, visit in visit_places(protocol):
        yield from _lengths(path, visit)
        yield from _repeat(path, visit)
        for index, window in enumerate(visit.windows):
            yield from _order(f"{path}.windows[{index}]", window)
        for code in set(visit.same_day_as) & set(visit.never_same_day_as):
            reason = f"{code} is also in same_day_as: both cannot hold"
            yield Fault(path=f"{path}.never_same_day_as", reason=reason)
    for path, check_in in check_in_places(protocol):
        yield from _order(path, check_in.window)


def _lengths(path: str, visit: VisitTemplate) -> Iterator[Fault]:
    for index, part in enumerate(visit.parts):
        if part.minutes is None:
            reason = f"how long {part.name} of {visit.title} takes is not set"
            yield Fault(path=f"{path}.parts[{index}].minutes", reason=reason)
    if visit.parts and not any(part.with_patient for part in visit.parts):
        yield Fault(path=f"{path}.parts", reason="the patient takes part in none of them")


def _repeat(path: str, visit: VisitTemplate) -> Iterator[Fault]:
    if visit.repeat is None:
        return
    gap, several = visit.repeat.gap, visit.repeat.times != 1
    if gap is not None:
        yield from _order(f"{path}.repeat.gap", gap)
    if several and visit.kind is VisitKind.INFUSION and (gap is None or gap.opens is None):
        reason = f"the least gap between two of {visit.title} is not set"
        yield Fault(path=f"{path}.repeat.gap.min", reason=reason)


def _order(path: str, window: WindowTemplate) -> Iterator[Fault]:
    opens, target, closes = window.opens, window.target, window.closes
    if window.before:
        return
    if opens is not None and closes is not None and opens > closes:
        yield Fault(path=f"{path}.min", reason="is later than max: no time can lie between them")
    elif target is not None and opens is not None and target < opens:
        yield Fault(path=f"{path}.target", reason="is earlier than min")
    elif target is not None and closes is not None and target > closes:
        yield Fault(path=f"{path}.target", reason="is later than max")
