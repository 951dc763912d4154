"""When a bookable works: its week, and the dates on which it is otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.domain.calendars import WeeklyHours
from server.domain.opening_hours import exception_faults, weekly_faults
from server.persistence.bookables import AvailabilityExceptionRow, AvailabilityRow, BookableRow
from server.persistence.types import new_id
from server.services.access import Caller, require
from server.services.clinic import affected
from server.services.clinic.bookables import ChangedBookable, changing
from server.services.freshness import found
from server.services.refusals import Conflict, Invalid
from shared.problems import FieldFault

__all__ = ["Absence", "WeeklyHours", "add_absence", "remove_exception", "set_weekly", "write_week"]

MOST_EXCEPTIONS = 2000
LONGEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """Another capacity from one local date to another, both inclusive: leave, out of service.

    Without hours it is for whole days.
    """

    first_on: date
    last_on: date
    opens: int | None = None
    closes: int | None = None
    capacity: int = 0
    reason: str = ""

    def dates(self) -> Iterator[date]:
        """Every date of it."""
        for days in range((self.last_on - self.first_on).days + 1):
            yield self.first_on + timedelta(days=days)


def set_weekly(
    by: Caller,
    bookable_id: str,
    weekly: Sequence[WeeklyHours],
    *,
    expected_version: int,
    now: datetime,
) -> ChangedBookable:
    """Replace its whole week; rows that overlap add up."""
    require(by, "bookables.change")
    with changing(by, bookable_id, expected_version, now) as done:
        write_week(done.bookable, weekly)
        done.affected = affected.appointments([done.bookable], now=now)
    return done


def add_absence(
    by: Caller, bookable_id: str, absence: Absence, *, expected_version: int, now: datetime
) -> ChangedBookable:
    """Another capacity on some dates; where two meet, the one added later counts."""
    require(by, "bookables.change")
    with changing(by, bookable_id, expected_version, now) as done:
        row, first, last = done.bookable, absence.first_on, absence.last_on
        _require_sensible(row, absence)
        place = max((each.place for each in row.exceptions), default=-1) + 1
        row.exceptions += [_exception(absence, on, place) for on in absence.dates()]
        done.affected = affected.on_dates([row], first, last, now=now)
    return done


def remove_exception(
    by: Caller, bookable_id: str, exception_id: str, *, expected_version: int, now: datetime
) -> ChangedBookable:
    """Take back what was said about one date."""
    require(by, "bookables.change")
    with changing(by, bookable_id, expected_version, now) as done:
        row = done.bookable
        gone = found(next((each for each in row.exceptions if each.id == exception_id), None))
        row.exceptions.remove(gone)
        done.affected = affected.on_dates([row], gone.on, gone.on, now=now)
    return done


def write_week(row: BookableRow, weekly: Sequence[WeeklyHours]) -> None:
    """Give a bookable these hours, in a transaction that holds the opening hours."""
    if faults := weekly_faults(weekly, most=row.capacity):
        raise Invalid(FieldFault(f"weekly.{path}", reason) for path, reason in faults)
    row.weekly = [_weekly_row(place, each) for place, each in enumerate(weekly)]


def _weekly_row(place: int, hours: WeeklyHours) -> AvailabilityRow:
    return AvailabilityRow(
        place=place,
        days=sorted(hours.days),
        opens=hours.opens,
        closes=hours.closes,
        capacity=hours.capacity,
    )


def _require_sensible(row: BookableRow, absence: Absence) -> None:
    if not timedelta() <= absence.last_on - absence.first_on < LONGEST:
        raise Invalid.field("last_on", "from first_on on, for a year at most")
    example = _exception(absence, absence.first_on, 0).to_domain()
    if faults := list(exception_faults(example, most=row.capacity)):
        raise Invalid(FieldFault(path, reason) for path, reason in faults)
    if len(row.exceptions) + sum(1 for _ in absence.dates()) > MOST_EXCEPTIONS:
        raise Conflict(f"At most {MOST_EXCEPTIONS} dates; remove those long past.")


def _exception(absence: Absence, on: date, place: int) -> AvailabilityExceptionRow:
    return AvailabilityExceptionRow(
        id=new_id(),
        place=place,
        on=on,
        opens=absence.opens,
        closes=absence.closes,
        capacity=absence.capacity,
        reason=absence.reason,
    )
