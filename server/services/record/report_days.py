"""The days that a report is of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.persistence import clinics
from server.persistence.clinics import SiteRow
from server.persistence.transactions import transaction
from server.services.access import Caller, require
from server.services.refusals import Invalid

LONGEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Days:
    """Local dates of a clinic, both inclusive, and the instants between which they lie."""

    clinic_id: str
    sites: tuple[SiteRow, ...]
    first: date
    last: date
    start: datetime
    end: datetime


@contextmanager
def reported(by: Caller, first: date, last: date) -> Iterator[Days]:
    """One reading of a span of dates, by the clock of the clinic's first site. NotAllowed for those
    who read no reports; Invalid for a span that is empty or over a year."""
    require(by, "reports.read")
    if not timedelta() <= last - first < LONGEST:
        raise Invalid.field("last", "from the first day on, for a year at most")
    with transaction():
        sites = tuple(clinics.sites(by.clinic_id))
        zone = ZoneInfo(sites[0].time_zone if sites else "UTC")
        yield Days(
            clinic_id=by.clinic_id,
            sites=sites,
            first=first,
            last=last,
            start=datetime.combine(first, time(), zone),
            end=datetime.combine(last + timedelta(days=1), time(), zone),
        )
