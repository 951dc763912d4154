"""Whether a clinic has what a protocol claims: the bookables, the people, the opening hours."""

from collections.abc import Callable, Iterator
from functools import cache, partial

from server.domain import protocol_document, protocol_safety
from server.domain.calendars import WeeklyHours
from server.domain.faults import Fault
from server.domain.protocols import Protocol
from server.persistence import bookables, clinics
from server.persistence.bookables import BookableRow
from server.services.protocols.protocol_documents import Document

Hours = tuple[WeeklyHours, ...]


def against_activation(clinic_id: str, document: Document) -> list[Fault]:
    """All that keeps the clinic from using a protocol, at the site where least does.

    [] where one site at least could run it now.
    """
    # Most sites are open at the same hours, and to try a series in them takes a while.
    in_hours = cache(partial(protocol_safety.may_activate, document))
    there = [_here(clinic_id, each.id) for each in clinics.sites(clinic_id)]
    if not there:
        return [Fault(path="", reason="the clinic has no site")]
    protocol = protocol_document.read(document)
    return min((_at_site(here, protocol, in_hours) for here in there), key=len)


def opening(clinic_id: str, site_id: str) -> list[WeeklyHours]:
    """When anything at all is open at a site, each weekday's hours joined where they touch."""
    return _opening(_here(clinic_id, site_id))


def _opening(here: list[BookableRow]) -> list[WeeklyHours]:
    weekly = [each.to_domain() for row in here for each in row.weekly]
    return [joined for day in range(7) for joined in _joined(day, weekly)]


def _joined(day: int, weekly: list[WeeklyHours]) -> Iterator[WeeklyHours]:
    hours = sorted((row.opens, row.closes) for row in weekly if day in row.days)
    while hours:
        opens, closes = hours.pop(0)
        while hours and hours[0][0] <= closes:
            closes = max(closes, hours.pop(0)[1])
        yield WeeklyHours(days=(day,), opens=opens, closes=closes)


def _at_site(
    here: list[BookableRow], protocol: Protocol, in_hours: Callable[[Hours], list[Fault]]
) -> list[Fault]:
    faults = in_hours(tuple(_opening(here)))
    return [*faults, *_unknown_codes(protocol, here), *_unfilled_choices(protocol, here)]


def _here(clinic_id: str, site_id: str) -> list[BookableRow]:
    return [row for row in bookables.at_site(clinic_id, site_id) if not row.retired]


def _unknown_codes(protocol: Protocol, here: list[BookableRow]) -> Iterator[Fault]:
    known = {row.code for row in here}
    for path, code in _claimed(protocol):
        if code not in known:
            yield Fault(path=path, reason=f"no site has something called {code}; add it first")


def _claimed(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Every code a claim names, with its place in the document."""
    for p, phase in enumerate(protocol.phases):
        for v, visit in enumerate(phase.visits):
            for t, part in enumerate(visit.parts):
                for c, claim in enumerate(part.claims):
                    if claim.bookable:
                        at = f"phases[{p}].visits[{v}].parts[{t}].claims[{c}].bookable"
                        yield at, claim.bookable


def _unfilled_choices(protocol: Protocol, here: list[BookableRow]) -> Iterator[Fault]:
    kinds = {row.kind for row in here if row.practitioner_id}
    for place, choice in enumerate(protocol.choices):
        if choice.kind not in kinds:
            reason = f"nobody can be booked as {choice.kind}; add one first"
            yield Fault(path=f"choices[{place}]", reason=reason)
