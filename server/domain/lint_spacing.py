"""Can the windows hold together, whatever the calendar? Does every visit hang on the series?"""

import math
from collections.abc import Iterable, Iterator
from itertools import product

from server.domain.faults import Fault
from server.domain.protocol_references import visit_places
from server.domain.protocols import Protocol
from server.domain.spacing_graph import day_bounds, hour_bounds, reach_from, ring
from server.domain.visit_definitions import VisitDefinition
from shared.vocabulary import VisitKind, WindowUnit


def faults_of_spacing(protocol: Protocol) -> Iterator[Fault]:
    """Visits that hang on nothing, rings of windows that cannot hold, infusions too close."""
    paths = {visit.code: path for path, visit in visit_places(protocol)}
    families = {visit.code: visit.family for visit in protocol.visits}
    yield from _unanchored(protocol, paths)
    codes = list(families)
    for bounds in (hour_bounds(protocol.visits), day_bounds(protocol.visits)):
        if found := ring(codes, bounds):
            yield _ring(found, families, paths)
            return
    yield from _too_close(protocol, paths)


def _ring(found: list[str], families: dict[str, str], paths: dict[str, str]) -> Fault:
    named = ", ".join(sorted(set(found)))
    blamed = max((paths[families[code]] for code in found), key=_place)
    return Fault(path=f"{blamed}.windows", reason=f"the windows between {named} cannot all hold")


def _place(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in "".join(c if c.isdigit() else " " for c in path).split())


def _unanchored(protocol: Protocol, paths: dict[str, str]) -> Iterator[Fault]:
    """Windows are followed in both directions: preparation may be counted from the infusion."""
    beside: dict[str, set[str]] = {visit.code: set() for visit in protocol.visits}
    for visit in protocol.visits:
        for window in visit.windows:
            beside[visit.code].add(window.anchor)
            beside[window.anchor].add(visit.code)
    found, fresh = {protocol.start_visit}, {protocol.start_visit}
    while fresh:
        fresh = set().union(*(beside[code] for code in fresh)) - found
        found |= fresh
    loose = [visit for visit in protocol.visits if visit.code not in found]
    for family in dict.fromkeys(visit.family for visit in loose):
        codes = _named(visit.code for visit in loose if visit.family == family)
        reason = f"{codes} hangs on nothing: no window leads to it from {protocol.start_visit}"
        yield Fault(path=f"{paths[family]}.windows", reason=reason)


def _named(codes: Iterable[str]) -> str:
    listed = list(codes)
    return listed[0] if len(listed) == 1 else f"{listed[0]} to {listed[-1]}"


def _too_close(protocol: Protocol, paths: dict[str, str]) -> Iterator[Fault]:
    """Two infusions of different visits that nothing keeps as far apart as the least gap."""
    infusions = [visit for visit in protocol.visits if visit.kind is VisitKind.INFUSION]
    families = list(dict.fromkeys(visit.family for visit in infusions))
    if len(families) < 2:
        return
    needed, bounds = _least_gap(protocol), day_bounds(protocol.visits)
    codes = [visit.code for visit in protocol.visits]
    reach = {visit.code: reach_from(visit.code, codes, bounds) for visit in infusions}
    for index, family in enumerate(families[1:], start=1):
        if close := _closest(family, families[:index], infusions, reach, needed):
            reason = f"{close[0]} may come closer to {close[1]} than the least gap, {needed:g} days"
            yield Fault(path=f"{paths[family]}.windows", reason=reason)


def _least_gap(protocol: Protocol) -> float:
    """In days: the smallest least gap between infusions that the protocol names, or one day."""
    found = []
    for visit in protocol.templates:
        gap = visit.repeat.gap if visit.repeat else None
        if visit.kind is VisitKind.INFUSION and gap is not None and gap.opens is not None:
            days = gap.opens if gap.unit is WindowUnit.DAYS else gap.opens / 24
            found.append(math.floor(days))
    return max(1, min(found, default=1))


def _closest(
    family: str,
    earlier: list[str],
    infusions: list[VisitDefinition],
    reach: dict[str, dict[str, float]],
    needed: float,
) -> tuple[str, str] | None:
    """A pair that is kept neither `needed` days after nor before each other."""
    ours = [each.code for each in infusions if each.family == family]
    theirs = [each.code for each in infusions if each.family in earlier]
    for one, other in product(ours, theirs):
        if -reach[one][other] < needed > -reach[other][one]:
            return one, other
    return None
