"""What stands in a cell: one entry for each stretch that a visit holds of a bookable."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from server.services.days.weeks import Cell, ClaimedStretch, Week
from shared.vocabulary import AppointmentStatus

STATUSES = {
    AppointmentStatus.PROPOSED: "proposed",
    AppointmentStatus.PENDING: "to be confirmed",
    AppointmentStatus.BOOKED: "",
    AppointmentStatus.ARRIVED: "arrived",
    AppointmentStatus.FULFILLED: "took place",
    AppointmentStatus.CANCELLED: "cancelled",
    AppointmentStatus.NO_SHOW: "did not come",
}
"""What people say for the standard's words; what is simply booked needs none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A visit in a cell, from when to when it holds the bookable without a break."""

    starts_at: datetime
    ends_at: datetime
    visit: str
    patient: str
    kind: str
    status: str
    move: str
    """The id of an appointment that the reader may move; "" for others."""
    of: str
    """The id of an appointment whose patient the reader may see; "" for others."""
    series: str
    patient_id: str
    standby: bool
    """Somebody has to be there, and is not used up by it."""


def of_cell(cell: Cell, week: Week) -> tuple[Entry, ...]:
    """The entries in order of time."""
    found = [_entry(stretches, week) for stretches in unbroken(cell.claims)]
    return tuple(sorted(found, key=lambda entry: (entry.starts_at, entry.ends_at, entry.patient)))


def unbroken(claims: Iterable[ClaimedStretch]) -> Iterator[list[ClaimedStretch]]:
    """The parts of a visit that follow each other without a gap, together."""
    open_: dict[str, list[ClaimedStretch]] = {}
    for claim in sorted(claims, key=lambda claim: claim.starts_at):
        so_far = open_.get(claim.appointment_id, [])
        if so_far and claim.starts_at <= max(each.ends_at for each in so_far):
            so_far.append(claim)
            continue
        if so_far:
            yield so_far
        open_[claim.appointment_id] = [claim]
    yield from open_.values()


def _entry(stretches: list[ClaimedStretch], week: Week) -> Entry:
    first, status = stretches[0], AppointmentStatus(stretches[0].status)
    title = week.titles.get((first.protocol_version_id, first.visit_code))
    return Entry(
        starts_at=first.starts_at.astimezone(week.zone),
        ends_at=max(each.ends_at for each in stretches).astimezone(week.zone),
        visit=title or first.visit_code.replace("-", " ").capitalize(),
        patient=first.patient_name,
        kind=first.kind,
        status=STATUSES[status],
        move=first.appointment_id if first.appointment_id in week.movable else "",
        of=first.appointment_id if first.appointment_id in week.reachable else "",
        series=first.series_id,
        patient_id=first.patient_id,
        standby=not any(each.units for each in stretches),
    )
