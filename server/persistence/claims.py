"""What is still claimed of a bookable, looked at from the bookable's side."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from server.domain.calendars import Claim
from server.domain.capacity import peak
from server.persistence.appointments import AppointmentRow, ClaimRow
from server.persistence.database import db


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A live claim with the appointment that holds it and the site whose clock it goes by."""

    appointment_id: str
    site_id: str
    claim: Claim


def standing(
    bookable_ids: Collection[str], *, since: datetime, until: datetime | None = None
) -> list[Standing]:
    """Live claims of these bookables that touch the time from `since` on, soonest first."""
    query = (
        select(AppointmentRow.site_id, ClaimRow)
        .join(ClaimRow, ClaimRow.appointment_id == AppointmentRow.id)
        .where(ClaimRow.bookable_id.in_(bookable_ids), ClaimRow.live, ClaimRow.ends_at > since)
        .order_by(ClaimRow.starts_at, ClaimRow.id)
    )
    if until is not None:
        query = query.where(ClaimRow.starts_at < until)
    return [
        Standing(appointment_id=row.appointment_id, site_id=site_id, claim=row.to_domain())
        for site_id, row in db.session.execute(query)
    ]


def most_at_once(bookable_id: str) -> int:
    """The most units of a bookable ever claimed at one instant, past and to come."""
    query = select(ClaimRow).where(ClaimRow.bookable_id == bookable_id, ClaimRow.live)
    held = [row.to_domain() for row in db.session.scalars(query)]
    if not held:
        return 0
    first, last = min(each.starts_at for each in held), max(each.ends_at for each in held)
    return peak(held, first, last)


def beginnings(site_id: str, *, since: datetime) -> list[datetime]:
    """When a site's live appointments begin, as far as that is later than `since`."""
    held = select(ClaimRow.appointment_id).where(ClaimRow.live)
    query = select(AppointmentRow.starts_at).where(
        AppointmentRow.site_id == site_id,
        AppointmentRow.starts_at > since,
        AppointmentRow.id.in_(held),
    )
    return list(db.session.scalars(query))


def set_exclusive(bookable_id: str, *, exclusive: bool) -> None:
    """Tell the database's own guard whether a bookable holds one at a time."""
    db.session.execute(
        update(ClaimRow)
        .where(ClaimRow.bookable_id == bookable_id, ClaimRow.live, ClaimRow.units > 0)
        .values(exclusive=exclusive)
        .execution_options(synchronize_session=False)
    )
