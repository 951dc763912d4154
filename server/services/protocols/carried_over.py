"""A running series as it would be on another edition of its protocol.

What took place stays, and every booked visit that the edition knows stays booked. Visits that the
edition adds are planned, and sought a time where they can still have one. Those it no longer knows
are given up; where one of them took place, the series stays where it is: a visit that was held is
never without its definition.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from server.domain import series as rules
from server.domain.protocols import Protocol, VisitDefinition
from server.persistence.appointments import AppointmentRow
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.series import PlannedVisitRow
from server.services.planning import calendars, pictures
from server.services.planning.pictures import SeriesPicture
from server.services.refusals import Conflict
from shared.vocabulary import PlannedVisitStatus, SeriesStatus

V = PlannedVisitStatus


class StaysBehind(Exception):
    """The series cannot be carried over; the text says why, and names nobody."""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """The series on the other edition, before anything was looked for."""

    picture: SeriesPicture
    planned: tuple[PlannedVisitRow, ...]
    """Its planned visits then: those there are, and new ones not yet kept."""
    free: frozenset[str]
    """Visits whose time may change, or that have none yet and seek one."""
    late: tuple[str, ...]
    """New visits whose time is over already: given up from the start."""
    gone: Mapping[str, AppointmentRow]
    """Booked visits that the edition no longer knows."""


def carried(before: SeriesPicture, version: ProtocolVersionRow, *, now: datetime) -> Carried:
    """The series as it would be. Raises StaysBehind."""
    protocol = pictures.read_protocol(version)
    known = {visit.code for visit in protocol.visits}
    gone = {code: row for code, row in before.live.items() if code not in known}
    _require_possible(before, protocol, gone, now)
    after, planned, late = _after(before, protocol, now)
    return Carried(
        picture=after,
        planned=tuple(planned),
        free=frozenset(after.movable(now) | _seeking(after, before)),
        late=tuple(late),
        gone=gone,
    )


def _require_possible(
    before: SeriesPicture, protocol: Protocol, gone: Collection[str], now: datetime
) -> None:
    known = {visit.code for visit in protocol.visits}
    rows = before.row.planned_visits
    done = {row.code for row in rows if row.status == V.COMPLETED and row.code not in known}
    if held := sorted(done | (set(gone) - before.movable(now))):
        raise StaysBehind(f"{held[0]} took place, and the new edition has no such visit.")
    if before.row.status == SeriesStatus.ON_HOLD:
        raise StaysBehind("It is on hold. A prescriber resumes it first.")
    if before.row.arm and before.row.arm not in {arm.code for arm in protocol.arms}:
        raise StaysBehind(f"It is on the arm {before.row.arm}, which the new edition has not.")


def _after(
    before: SeriesPicture, protocol: Protocol, now: datetime
) -> tuple[SeriesPicture, list[PlannedVisitRow], list[str]]:
    planned = list(_planned(before, protocol))
    after = _picture(before, protocol, planned)
    happened = {code: after.placement(code) for code in after.live}
    due = rules.due_windows(after.visits, happened, after.zone)
    fresh = _fresh(before, protocol)
    late = [code for code in fresh if code in due and due[code].is_over(now, after.zone)]
    for row in planned:
        if row.code in late:
            row.status = V.REVOKED
    return _picture(before, protocol, planned), planned, late


def _fresh(before: SeriesPicture, protocol: Protocol) -> list[str]:
    had = {row.code for row in before.row.planned_visits}
    return [visit.code for visit in protocol.visits if visit.code not in had]


def _picture(
    before: SeriesPicture, protocol: Protocol, planned: list[PlannedVisitRow]
) -> SeriesPicture:
    try:
        visits = calendars.bound(pictures.decided(protocol, planned), before.site)
    except Conflict as missing:
        raise StaysBehind(str(missing)) from None
    known = {visit.code for visit in visits}
    live = {code: row for code, row in before.live.items() if code in known}
    return replace(before, protocol=protocol, visits=visits, live=live)


def _planned(before: SeriesPicture, protocol: Protocol) -> Iterable[PlannedVisitRow]:
    """A copy of each planned visit the edition knows, and a new one for each it adds."""
    had = {row.code: row for row in before.row.planned_visits}
    for place, visit in enumerate(protocol.visits):
        row = had.get(visit.code)
        yield PlannedVisitRow(
            clinic_id=before.row.clinic_id,
            place=place,
            code=visit.code,
            status=_status(row, visit),
            decision=row.decision if row else None,
            decision_reason=row.decision_reason if row else "",
        )


def _status(row: PlannedVisitRow | None, visit: VisitDefinition) -> str:
    asked = V.DRAFT if visit.awaits_decision else V.ACTIVE
    if row is None:
        return asked
    return asked if row.status == V.DRAFT else row.status


def _seeking(after: SeriesPicture, before: SeriesPicture) -> set[str]:
    """New visits that can be sought a time: everything they are counted from has one."""
    if after.row.status != SeriesStatus.ACTIVE:
        return set()
    fresh, found = set(_fresh(before, after.protocol)), set[str]()
    for visit in after.visits:
        anchors = {window.anchor for window in visit.windows}
        ready = bool(anchors) and anchors <= {*after.live, *found}
        if visit.code in fresh and ready and not visit.awaits_decision:
            found.add(visit.code)
    return found
