"""Which reminders an appointment or a check-in calls for, and when.

Times of day are the clinic's habits (`Habits`), not clinical facts. Everything is counted on the
patient's clock, from where it is read; a reminder whose time is already over is not planned.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.domain.local_time import local_date, minute_of_day, utc
from shared.vocabulary import ReminderKind, VisitKind

DAY = timedelta(days=1)
R = ReminderKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """When a clinic writes: minutes after midnight, and hours before a visit."""

    confirm_hours: int = 72
    evening: int = 18 * 60
    morning: int = 7 * 60
    ride_home_hours: int = 48
    least_hours_before: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiet:
    """From when to when (minutes after midnight) somebody is not to be disturbed; may run over
    midnight. Equal: never quiet."""

    begins: int = 21 * 60
    ends: int = 7 * 60

    def holds(self, minute: float) -> bool:
        """Whether a minute of the day lies within."""
        if self.begins <= self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """Something to write, not before `due_at` and not after `not_after` (UTC)."""

    kind: ReminderKind
    due_at: datetime
    not_after: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """What a reminder needs to know of an appointment."""

    kind: VisitKind
    starts_at: datetime
    needs_preparing: bool = False
    """There is something to do before it: fasting, medicines, clothes."""
    needs_escort: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Whose clock and quiet hours count."""

    zone: ZoneInfo
    quiet: Quiet = Quiet()


def for_visit(
    visit: Occasion, reader: Reader, *, now: datetime, habits: Habits = Habits()
) -> list[Reminder]:
    """The reminders of an appointment, soonest first; those whose time is over are left out."""
    latest = utc(visit.starts_at) - timedelta(hours=habits.least_hours_before)
    planned = [
        Reminder(kind=kind, due_at=outside_quiet(at, latest, reader), not_after=latest)
        for kind, at in _wanted(visit, reader.zone, habits)
    ]
    return sorted(
        (each for each in planned if now < each.due_at <= each.not_after),
        key=lambda each: (each.due_at, each.kind),
    )


def _wanted(
    visit: Occasion, zone: ZoneInfo, habits: Habits
) -> Iterator[tuple[ReminderKind, datetime]]:
    starts_at, on = utc(visit.starts_at), local_date(visit.starts_at, zone)
    yield R.CONFIRM, starts_at - timedelta(hours=habits.confirm_hours)
    if visit.needs_escort:
        yield R.RIDE_HOME, starts_at - timedelta(hours=habits.ride_home_hours)
    yield R.BEFORE, clock_at(on - DAY, habits.evening, zone)
    if visit.needs_preparing:
        yield R.MORNING, clock_at(on, habits.morning, zone)


def for_check_in(
    opens_at: datetime, closes_at: datetime, reader: Reader, *, now: datetime
) -> list[Reminder]:
    """A check-in is asked for when it opens, and once more half-way to its end."""
    opens_at, closes_at = utc(opens_at), utc(closes_at)
    half_way = opens_at + (closes_at - opens_at) / 2
    times = [(R.CHECK_IN_DUE, max(opens_at, utc(now))), (R.CHECK_IN_OVERDUE, half_way)]
    return [
        Reminder(kind=kind, due_at=outside_quiet(at, closes_at, reader), not_after=closes_at)
        for kind, at in times
        if now <= at < closes_at
    ]


def at_once(kind: ReminderKind, reader: Reader, *, now: datetime, not_after: datetime) -> Reminder:
    """Something to be told as soon as it does not disturb."""
    latest = max(utc(not_after), utc(now))
    return Reminder(kind=kind, due_at=outside_quiet(now, latest, reader), not_after=latest)


def outside_quiet(at: datetime, latest: datetime, reader: Reader) -> datetime:
    """The same instant, or the end of the quiet hours it falls into; where that is too late, the
    moment before they begin."""
    at = utc(at)
    if not reader.quiet.holds(minute_of_day(at, reader.zone)):
        return at
    begins, ends = _night(at, reader)
    return ends if ends <= latest else begins


def _night(at: datetime, reader: Reader) -> tuple[datetime, datetime]:
    on, quiet = local_date(at, reader.zone), reader.quiet
    over_midnight = quiet.begins > quiet.ends
    began_yesterday = over_midnight and minute_of_day(at, reader.zone) < quiet.ends
    first = on - DAY if began_yesterday else on
    last = first + DAY if over_midnight else first
    return clock_at(first, quiet.begins, reader.zone), clock_at(last, quiet.ends, reader.zone)


def clock_at(on: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a clock shows this; in a skipped hour the moment after it."""
    wall = datetime.combine(on, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)
