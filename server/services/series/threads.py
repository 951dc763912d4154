"""A visit among those of its series: which come before and after, how far apart, and its window."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain import series as rules
from server.domain.windows import Span
from server.persistence.appointments import AppointmentRow
from server.persistence.transactions import transaction
from server.services.access import Caller
from server.services.booking import appointments
from server.services.days.weeks import midnight
from server.services.planning import pictures
from server.services.planning.pictures import SeriesPicture
from server.services.record import audit


@dataclass(frozen=True, kw_only=True, slots=True)
class Knot:
    """One booked visit of the series."""

    appointment_id: str
    title: str
    starts_at: datetime
    """On the site's clock."""


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The booked visits of a series in order, and when the visit asked for may be."""

    knots: tuple[Knot, ...]
    opens: datetime | None
    closes: datetime | None


def thread(by: Caller, appointment_id: str, *, now: datetime) -> Thread:
    """The series of a visit as a thread; that somebody looked is on record."""
    row = appointments.within_reach(by, "appointments.read", appointment_id)
    picture = pictures.of_series(by.clinic_id, row.series_id)
    with transaction():
        audit.looked(by, "appointments.read", [row.patient_id], now=now)
    opens, closes = _window(picture, row)
    return Thread(knots=tuple(_knots(picture)), opens=opens, closes=closes)


def _knots(picture: SeriesPicture) -> list[Knot]:
    titles = {visit.code: visit.title or visit.code for visit in picture.visits}
    return [
        Knot(
            appointment_id=row.id,
            title=titles.get(row.visit_code, row.visit_code),
            starts_at=row.starts_at.astimezone(picture.zone),
        )
        for row in sorted(picture.live.values(), key=lambda row: row.starts_at)
    ]


def _window(picture: SeriesPicture, row: AppointmentRow) -> tuple[datetime | None, datetime | None]:
    others = {code: picture.placement(code) for code in picture.live if code != row.visit_code}
    due = rules.due_windows(picture.visits, others, picture.zone).get(row.visit_code)
    return _bounds(due.span, picture) if due else (None, None)


def _bounds(span: Span, picture: SeriesPicture) -> tuple[datetime | None, datetime | None]:
    """Days as instants: a window of days opens and closes at midnight of the clinic."""
    zone = picture.zone
    opens = [span.opens_at] if span.opens_at else []
    closes = [span.closes_at] if span.closes_at else []
    if span.opens_on:
        opens.append(midnight(span.opens_on, zone))
    if span.closes_on:
        closes.append(midnight(span.closes_on + timedelta(days=1), zone))
    first, last = max(opens, default=None), min(closes, default=None)
    return first and first.astimezone(zone), last and last.astimezone(zone)
