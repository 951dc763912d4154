"""Reads the series of a scenario that are booked already."""

from collections.abc import Collection, Mapping

from server.domain.placement import Placement
from server.domain.protocols import VisitDefinition
from server.planner.files.entries import Entry, as_instant, as_text
from server.planner.files.scenario import BookedSeries, ScenarioPatient

NEVER = as_instant("2000-01-01T00:00:00+00:00")


def booked_of(
    top: Entry, patients: Mapping[str, ScenarioPatient], bookables: Collection[str]
) -> tuple[BookedSeries, ...]:
    """Every booked series, whole."""
    found: dict[str, BookedSeries] = {}
    for each in top.objects("booked", needed=False):
        named = each.text("patient")
        if named and named not in patients:
            each.fault("patient", "names no patient of this file")
        elif named in found:
            each.fault("patient", "is booked twice")
        elif named:
            found[named] = _booked(each, patients[named], bookables)
            each.finish()
    return tuple(found.values())


def _booked(entry: Entry, patient: ScenarioPatient, bookables: Collection[str]) -> BookedSeries:
    protocol, codes = patient.protocol, [each.code for each in patient.protocol.visits]
    kept = {each.name for each in protocol.choices if each.kept}
    claimed = {name for visit in protocol.visits for name in claimed_by(visit)}
    choices = chosen(entry, kept, kept & claimed, bookables)
    visits = entry.inside("visits")
    for code in set(visits.names()) - set(codes):
        visits.fault(code, "is no visit of the protocol")
    placements = {}
    for visit in protocol.visits:
        given, one = visits.has(visit.code), visits.inside(visit.code)
        if given:
            placements[visit.code] = _placement(one, visit, kept, bookables)
    frozen = entry.items("frozen", as_text, needed=False)
    for n, code in enumerate(frozen):
        if code not in codes:
            entry.fault(f"frozen[{n}]", "names no visit of the protocol")
    return BookedSeries(
        patient=patient.id, choices=choices, placements=placements, frozen=frozenset(frozen)
    )


def claimed_by(visit: VisitDefinition) -> set[str]:
    """The choices that a visit's parts claim."""
    return {claim.choice for part in visit.parts for claim in part.claims if claim.choice}


def chosen(
    entry: Entry, allowed: set[str], needed: set[str], bookables: Collection[str]
) -> dict[str, str]:
    """The `choices` of an entry: those needed, and none but those allowed."""
    inside = entry.inside("choices", needed=bool(needed))
    for name in set(inside.names()) - allowed:
        inside.fault(name, "is not chosen here")
    found = {}
    for name in sorted(allowed):
        who = inside.text(name, needed=name in needed and entry.has("choices"))
        if who and who not in bookables:
            inside.fault(name, "names no bookable of this file")
        if who:
            found[name] = who
    return found


def _placement(
    entry: Entry, visit: VisitDefinition, kept: set[str], bookables: Collection[str]
) -> Placement:
    own = claimed_by(visit) - kept
    starts_at = entry.read("start", as_instant, NEVER)
    choices = chosen(entry, own, own, bookables)
    entry.finish()
    return Placement(visit=visit.code, starts_at=starts_at, choices=choices)
