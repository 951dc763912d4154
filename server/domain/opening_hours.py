"""What a bookable's weekly hours and exceptions may say."""

from collections.abc import Iterator, Sequence

from server.domain.calendars import DAY_MINUTES, AvailabilityException, WeeklyHours

Fault = tuple[str, str]
"""Where, as a path into the list, and why."""


def weekly_faults(rows: Sequence[WeeklyHours], *, most: int) -> list[Fault]:
    """Everything wrong with a week; `most` is what the bookable can ever hold."""
    found = [fault for place, row in enumerate(rows) for fault in _row_faults(row, place)]
    return found or list(_over_ceiling(rows, most))


def exception_faults(exception: AvailabilityException, *, most: int) -> Iterator[Fault]:
    """Everything wrong with another capacity on one date."""
    opens, closes = exception.opens, exception.closes
    if (opens is None) != (closes is None):
        yield "closes", "give both opens and closes, or neither for the whole day"
    if opens is not None and closes is not None:
        yield from _hours_faults(opens, closes, "")
    if not 0 <= exception.capacity <= most:
        yield "capacity", f"from 0 to {most}, the most this can ever hold"


def _row_faults(row: WeeklyHours, place: int) -> Iterator[Fault]:
    at = f"{place}."
    if not row.days or len(set(row.days)) != len(row.days):
        yield f"{at}days", "name each weekday once, and at least one"
    if any(not 0 <= day <= 6 for day in row.days):
        yield f"{at}days", "weekdays go from 0 (Monday) to 6 (Sunday)"
    if row.capacity < 1:
        yield f"{at}capacity", "at least 1; leave out hours in which nothing is open"
    yield from _hours_faults(row.opens, row.closes, at)


def _hours_faults(opens: int, closes: int, at: str) -> Iterator[Fault]:
    if not 0 <= opens < DAY_MINUTES:
        yield f"{at}opens", "minutes after midnight, from 0 to 1439"
    if not opens < closes <= DAY_MINUTES:
        yield f"{at}closes", "later than opens, at most 1440 minutes after midnight"


def _over_ceiling(rows: Sequence[WeeklyHours], most: int) -> Iterator[Fault]:
    """Rows that overlap add up; the sum is highest where one of them begins."""
    for place, row in enumerate(rows):
        for day in row.days:
            together = sum(
                other.capacity
                for other in rows
                if day in other.days and other.opens <= row.opens < other.closes
            )
            if together > most:
                yield f"{place}.capacity", f"{together} at once, but this holds at most {most}"
                break
