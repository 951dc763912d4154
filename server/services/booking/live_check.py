"""The answer while a visit is dragged or stepped over the page, asked many times a minute: what it
takes is read once and put on record once."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from server.domain.breaches import Refused
from server.persistence.series import ProposedPlanRow
from server.persistence.transactions import transaction
from server.services.access import Caller
from server.services.booking import appointments, moves
from server.services.booking.moves import Wish
from server.services.planning import pictures
from server.services.planning.pictures import SeriesPicture
from server.services.record import audit


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """How far from where a visit stands, on the site's clock face."""

    days: int
    slots: int
    """Steps of the site's grid."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the rules say of the wished time: what is on offer now, or why nothing is."""

    visit: str
    version: int
    """Of the appointment as it was asked about."""
    wished: datetime
    """On the site's clock."""
    offered: ProposedPlanRow | None = None
    refusal: Refused | None = None


def ask(by: Caller, appointment_id: str, steps: Steps, *, now: datetime) -> Answer:
    """As `moves.preview` for a time so far away; a refusal is an answer here."""
    row = appointments.within_reach(by, "appointments.move", appointment_id)
    picture = pictures.of_series(by.clinic_id, row.series_id)
    wished = _stepped(picture, row.starts_at, steps)
    answer = Answer(visit=row.visit_code, version=row.version, wished=wished)
    try:
        found = moves.offered(by, picture, row, Wish(starts_at=wished, choices={}), now=now)
    except Refused as refusal:
        with transaction():
            audit.looked(by, "appointments.move", [picture.patient.id], now=now)
        return replace(answer, refusal=refusal)
    return replace(answer, offered=found)


def _stepped(picture: SeriesPicture, starts_at: datetime, steps: Steps) -> datetime:
    face = starts_at.astimezone(picture.zone).replace(tzinfo=None)
    face += timedelta(days=steps.days, minutes=steps.slots * picture.site.grid_minutes)
    # A clock time that a change of clocks leaves out becomes the one after it.
    return face.replace(tzinfo=picture.zone).astimezone(UTC).astimezone(picture.zone)
