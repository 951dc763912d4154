"""When a bookable works and what is already claimed of it, on the clinic's own clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.vocabulary import BookableKind, DayPart

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeklyHours:
    """A weekly row of opening: local minutes after midnight, `closes` up to 1440.

    `days` are weekdays with Monday 0. Where rows of a bookable overlap, capacities add.
    """

    days: tuple[int, ...]
    opens: int
    closes: int
    capacity: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class AvailabilityException:
    """Another capacity on one local date: for the hours given, or for the whole day (None, None).

    A whole-day exception applies first; those with hours then replace their hours; of two for the
    same time the later in the list wins.
    """

    on: date
    opens: int | None = None
    closes: int | None = None
    capacity: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Bookable:
    """A chair pool, a nurse pool, a room or a practitioner, with its availability."""

    id: str
    kind: BookableKind
    title: str = ""
    weekly: tuple[WeeklyHours, ...] = ()
    exceptions: tuple[AvailabilityException, ...] = ()
    usable_until: date | None = None
    """The last date its credentials allow; None without a limit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A stretch of a bookable taken by an appointment; instants are aware."""

    bookable_id: str
    starts_at: datetime
    ends_at: datetime
    units: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Busy:
    """A stretch in which the patient already has another appointment; instants are aware."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientTimes:
    """When a patient can come. `weekly` None means always, () means never."""

    weekly: tuple[WeeklyHours, ...] | None = None
    away: frozenset[date] = frozenset()
    prefers: DayPart | None = None
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicCalendar:
    """One site's bookables and all that is claimed of them, but for the visits being placed."""

    zone: ZoneInfo
    grid_minutes: int
    bookables: Mapping[str, Bookable] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
