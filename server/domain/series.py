"""One patient's run of a protocol: what may become of it, when its visits are due, and what
follows a visit that is moved or held. What follows a missed one stands in `missed`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from server.domain.breaches import Breach, BreachCode, Refused
from server.domain.local_time import local_date, utc
from server.domain.placement import Placement
from server.domain.protocols import VisitDefinition, Window
from server.domain.windows import Span, edge_at, span, target_on
from shared.vocabulary import AppointmentStatus, PlannedVisitStatus, SeriesStatus, VisitKind

Status = TypeVar("Status", SeriesStatus, AppointmentStatus, PlannedVisitStatus)

SERIES_CHANGES: Mapping[SeriesStatus, frozenset[SeriesStatus]] = {
    SeriesStatus.DRAFT: frozenset({SeriesStatus.ACTIVE, SeriesStatus.REVOKED}),
    SeriesStatus.ACTIVE: frozenset(
        {SeriesStatus.ON_HOLD, SeriesStatus.REVOKED, SeriesStatus.COMPLETED}
    ),
    SeriesStatus.ON_HOLD: frozenset({SeriesStatus.ACTIVE, SeriesStatus.REVOKED}),
    SeriesStatus.REVOKED: frozenset(),
    SeriesStatus.COMPLETED: frozenset(),
}
APPOINTMENT_CHANGES: Mapping[AppointmentStatus, frozenset[AppointmentStatus]] = {
    AppointmentStatus.PROPOSED: frozenset(
        {AppointmentStatus.PENDING, AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED}
    ),
    AppointmentStatus.PENDING: frozenset({AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED}),
    AppointmentStatus.BOOKED: frozenset(
        {
            AppointmentStatus.ARRIVED,
            AppointmentStatus.FULFILLED,  # a remote session has no arrival
            AppointmentStatus.CANCELLED,
            AppointmentStatus.NO_SHOW,
        }
    ),
    AppointmentStatus.ARRIVED: frozenset(
        {
            AppointmentStatus.BOOKED,  # the wrong patient was checked in
            AppointmentStatus.FULFILLED,
            AppointmentStatus.CANCELLED,  # a gate before the infusion was not met
        }
    ),
    AppointmentStatus.FULFILLED: frozenset(
        {AppointmentStatus.ARRIVED}  # pressed on the wrong line; services say for how long
    ),
    AppointmentStatus.CANCELLED: frozenset(),
    AppointmentStatus.NO_SHOW: frozenset(
        {AppointmentStatus.FULFILLED}  # they did come, and nobody had said so
    ),
}
PLANNED_VISIT_CHANGES: Mapping[PlannedVisitStatus, frozenset[PlannedVisitStatus]] = {
    PlannedVisitStatus.DRAFT: frozenset({PlannedVisitStatus.ACTIVE, PlannedVisitStatus.REVOKED}),
    PlannedVisitStatus.ACTIVE: frozenset(
        {PlannedVisitStatus.ON_HOLD, PlannedVisitStatus.REVOKED, PlannedVisitStatus.COMPLETED}
    ),
    PlannedVisitStatus.ON_HOLD: frozenset({PlannedVisitStatus.ACTIVE, PlannedVisitStatus.REVOKED}),
    PlannedVisitStatus.REVOKED: frozenset(),
    PlannedVisitStatus.COMPLETED: frozenset(),
}
PAIRED_KINDS = frozenset({VisitKind.INTEGRATION, VisitKind.THERAPY})
"""The psychotherapy that belongs with infusions."""


class NotAllowedChange(Refused):
    """A status that cannot follow from the present one; both are named."""

    def __init__(self, what: str, before: StrEnum, after: StrEnum) -> None:
        facts = {"what": what, "before": before.value, "after": after.value}
        super().__init__([Breach(code=BreachCode.NOT_ALLOWED_CHANGE, facts=facts)])
        self.before, self.after = before, after


def change(before: Status, after: Status) -> Status:
    """The status after an allowed change. Raises NotAllowedChange; staying is no change."""
    what, allowed = _changes_from(before)
    if after not in allowed:
        raise NotAllowedChange(what, before, after)
    return after


def _changes_from(
    before: SeriesStatus | AppointmentStatus | PlannedVisitStatus,
) -> tuple[str, Collection[StrEnum]]:
    if isinstance(before, SeriesStatus):
        return "a series", SERIES_CHANGES[before]
    if isinstance(before, AppointmentStatus):
        return "an appointment", APPOINTMENT_CHANGES[before]
    return "a planned visit", PLANNED_VISIT_CHANGES[before]


def is_complete(statuses: Iterable[PlannedVisitStatus]) -> bool:
    """True when something took place and nothing is due any more, nor waits for a decision."""
    left = set(statuses) - {PlannedVisitStatus.REVOKED}
    return left == {PlannedVisitStatus.COMPLETED}


def followers(visit_code: str, visits: Sequence[VisitDefinition]) -> tuple[str, ...]:
    """Visits whose windows hang on this one, directly or through others, in protocol order."""
    found = {visit_code}
    while True:
        more = {each.code for each in visits if any(w.anchor in found for w in each.windows)}
        if more <= found:
            return tuple(each.code for each in visits if each.code in found - {visit_code})
        found |= more


def unpaired(visits: Sequence[VisitDefinition], placements: Collection[str]) -> tuple[str, ...]:
    """Infusions with a time whose psychotherapy has none; `placements` are codes with a time."""
    return tuple(
        each.code
        for each in visits
        if each.kind is VisitKind.INFUSION
        and each.code in placements
        and any(partner not in placements for partner in partners(each.code, visits))
    )


def partners(infusion_code: str, visits: Iterable[VisitDefinition]) -> list[str]:
    """The psychotherapy that a window ties to an infusion."""
    return [
        each.code
        for each in visits
        if each.kind in PAIRED_KINDS and any(w.anchor == infusion_code for w in each.windows)
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """When a visit is due, given what took place. Bounds as in Span: all of them hold at once.

    `waits_for` are anchors that have no time yet; what they add to the bounds is not known.
    """

    visit: str
    span: Span
    target_on: date | None = None
    waits_for: tuple[str, ...] = ()

    def is_over(self, now: datetime, zone: ZoneInfo) -> bool:
        """Can the visit no longer take place in its windows?"""
        closes_at, closes_on = self.span.closes_at, self.span.closes_on
        return (closes_at is not None and utc(now) > closes_at) or (
            closes_on is not None and local_date(now, zone) > closes_on
        )


def due_windows(
    visits: Sequence[VisitDefinition], happened: Mapping[str, Placement], zone: ZoneInfo
) -> dict[str, Due]:
    """For every visit that has no time yet, when it is due; `happened` by visit code."""
    defined = {each.code: each for each in visits}
    edges = {code: (defined[code], placed.starts_at) for code, placed in happened.items()}
    return {each.code: _due(each, edges, zone) for each in visits if each.code not in happened}


def _due(
    visit: VisitDefinition,
    had: Mapping[str, tuple[VisitDefinition, datetime]],
    zone: ZoneInfo,
) -> Due:
    known = [(w, edge_at(*had[w.anchor], w.edge)) for w in visit.windows if w.anchor in had]
    spans = [span(window, edge, zone) for window, edge in known]
    targets = [target_on(window, edge, zone) for window, edge in known]
    return Due(
        visit=visit.code,
        span=Span(
            opens_at=max((s.opens_at for s in spans if s.opens_at), default=None),
            closes_at=min((s.closes_at for s in spans if s.closes_at), default=None),
            opens_on=max((s.opens_on for s in spans if s.opens_on), default=None),
            closes_on=min((s.closes_on for s in spans if s.closes_on), default=None),
        ),
        target_on=next((on for on in targets if on is not None), None),
        waits_for=tuple(w.anchor for w in visit.windows if w.anchor not in had),
    )


def overdue(
    visits: Sequence[VisitDefinition],
    happened: Mapping[str, Placement],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[str, ...]:
    """Visits whose windows closed while nothing took place, as after a hold; protocol order."""
    due = due_windows(visits, happened, zone)
    return tuple(code for code, each in due.items() if each.is_over(now, zone))


def resumed(visit: VisitDefinition) -> VisitDefinition:
    """The visit as a prescriber's decision to resume leaves it: no latest time, and the least
    gaps as before."""
    return replace(visit, windows=tuple(_without_close(each) for each in visit.windows))


def without(given_up: str, visits: Sequence[VisitDefinition]) -> tuple[VisitDefinition, ...]:
    """The series' visits after one was recorded as a deviation: it is gone, and so are the windows
    counted from it. Raises ValueError for an infusion: gaps between infusions are never dropped.
    """
    left = tuple(each for each in visits if each.code != given_up)
    if any(each.code == given_up and each.kind is VisitKind.INFUSION for each in visits):
        raise ValueError(f"{given_up} is an infusion; a prescriber decides what follows it.")
    return tuple(
        replace(each, windows=tuple(w for w in each.windows if w.anchor != given_up))
        for each in left
    )


def _without_close(window: Window) -> Window:
    return replace(window, closes=None)
