"""Small made-up clinics and series for trying everything: windows of every kind, every rule."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from server.domain.calendars import (
    AvailabilityException,
    Bookable,
    Busy,
    Claim,
    ClinicCalendar,
    PatientTimes,
    WeeklyHours,
)
from server.domain.placement import Placement, SeriesToPlace
from server.domain.protocols import Choice, Part, PartClaim, VisitDefinition, Window
from shared.vocabulary import BookableKind, DayPart, Edge, VisitKind, WindowUnit

# Zones and days around which clocks change, by an hour, by half an hour, at midnight, or not.
PLACES = (
    ("America/New_York", date(2027, 3, 11)),
    ("America/New_York", date(2027, 11, 4)),
    ("Europe/Berlin", date(2027, 10, 29)),
    ("Australia/Lord_Howe", date(2027, 4, 1)),
    ("Australia/Lord_Howe", date(2027, 10, 1)),
    ("America/Havana", date(2027, 11, 5)),
    ("Asia/Beirut", date(2027, 3, 26)),
    ("Asia/Kathmandu", date(2027, 5, 3)),
    ("UTC", date(2028, 2, 27)),
)
BOOKABLES = ("chairs", "nurses", "on-site", "th-1", "th-2", "dr-a", "dr-b")


class Instance:
    """A series to place on a calendar, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        name, self.first = self.random.choice(PLACES)
        self.zone = ZoneInfo(name)
        self.visits = self.random.choice((1, 2, 3, 3, 3, 4))
        self.grid = self.random.choice((30, 60)) if self.visits < 4 else 60
        self.days = self.random.randint(3, max(3, 7 - self.visits))
        self.night = self.random.random() < 0.15
        self.calendar = self._calendar()
        self.series = self._series()

    def _maybe(self, share: float) -> bool:
        return self.random.random() < share

    def _at(self, day: int, minute: int) -> datetime:
        wall = datetime.combine(self.first + timedelta(days=day), time()) + timedelta(
            minutes=minute
        )
        return wall.replace(tzinfo=self.zone).astimezone(UTC)

    # The clinic

    def _calendar(self) -> ClinicCalendar:
        bookables = {code: self._bookable(code) for code in BOOKABLES}
        claims = tuple(self._claim() for _ in range(self.random.randint(0, 6)))
        return ClinicCalendar(
            zone=self.zone, grid_minutes=self.grid, bookables=bookables, claims=claims
        )

    def _hours(self) -> tuple[int, int]:
        """At night clocks change and days end."""
        if self.night:
            return self.random.choice(((0, 240), (22 * 60, 1440), (60, 195)))
        opens = self.random.choice((9, 10, 11, 12)) * 60 + self.random.choice((0, 0, 0, 30, 15))
        return opens, opens + self.random.choice((180, 300, 360))

    def _bookable(self, code: str) -> Bookable:
        rows = []
        for _ in range(self.random.choice((1, 1, 2))):
            opens, closes = self._hours()
            days = tuple(day for day in range(7) if self._maybe(0.93))
            capacity = self.random.choice((1, 2, 2, 3))
            rows.append(WeeklyHours(days=days, opens=opens, closes=closes, capacity=capacity))
        kinds = {"chairs": BookableKind.CHAIR, "nurses": BookableKind.NURSE}
        return Bookable(
            id=code,
            kind=kinds.get(code, BookableKind.PRESCRIBER),
            weekly=tuple(rows),
            exceptions=tuple(self._exception() for _ in range(self.random.choice((0, 0, 0, 1)))),
            usable_until=self._day() if self._maybe(0.04) else None,
        )

    def _day(self) -> date:
        return self.first + timedelta(days=self.random.randrange(self.days))

    def _exception(self) -> AvailabilityException:
        if self._maybe(0.4):
            return AvailabilityException(on=self._day(), capacity=self.random.choice((0, 1)))
        opens, closes = self._hours()
        capacity = self.random.choice((0, 1, 2))
        return AvailabilityException(on=self._day(), opens=opens, closes=closes, capacity=capacity)

    def _stay(self) -> tuple[datetime, datetime]:
        opens, _ = self._hours()
        starts_at = self._at(self.random.randrange(self.days), opens)
        return starts_at, starts_at + timedelta(minutes=self.random.choice((30, 45, 60, 120)))

    def _claim(self) -> Claim:
        starts_at, ends_at = self._stay()
        return Claim(
            bookable_id=self.random.choice(BOOKABLES), starts_at=starts_at, ends_at=ends_at
        )

    # The series

    def _series(self) -> SeriesToPlace:
        codes = [f"v-{n}" for n in range(self.visits)]
        visits = tuple(self._visit(code, codes) for code in codes)
        fixed = {code: self._placement(code) for code in codes[:-1] if self._maybe(0.07)}
        held = {
            code: self._placement(code) for code in codes if code not in fixed and self._maybe(0.15)
        }
        return SeriesToPlace(
            visits=visits,
            start_visit=self.random.choice((codes[0], codes[0], codes[-1])),
            choices=(
                Choice(name="therapist", kind=BookableKind.THERAPIST, kept=True),
                Choice(name="prescriber", kind=BookableKind.PRESCRIBER, kept=False),
            ),
            candidates={
                "therapist": self.random.choice((("th-1", "th-2"), ("th-2",), ("th-2", "th-1"))),
                "prescriber": self.random.choice((("dr-a", "dr-b"), ("dr-b", "nurses"), ("dr-a",))),
            },
            patient=self._patient(),
            ready_on=self.first,
            last_day=self.first + timedelta(days=self.days - 1),
            start_by=self._day() if self._maybe(0.2) else None,
            not_before=self._at(0, self.random.choice((0, 0, 600, 1500))),
            fixed=fixed,
            held=held,
            held_choices={"therapist": self.random.choice(("th-1", "th-2"))} if held else {},
        )

    def _placement(self, code: str) -> Placement:
        starts_at, _ = self._stay()
        choices = {"prescriber": self.random.choice(("dr-a", "dr-b"))} if self._maybe(0.8) else {}
        return Placement(visit=code, starts_at=starts_at, choices=choices)

    def _patient(self) -> PatientTimes:
        weekly = None
        if self._maybe(0.2):
            opens, closes = self._hours()
            days = tuple(day for day in range(7) if self._maybe(0.9))
            weekly = (WeeklyHours(days=days, opens=opens - opens % 60, closes=closes),)
        busy = [Busy(starts_at=a, ends_at=b) for a, b in [self._stay()] if self._maybe(0.2)]
        return PatientTimes(
            weekly=weekly,
            away=frozenset({self._day()} if self._maybe(0.15) else ()),
            prefers=self.random.choice((None, DayPart.MORNING, DayPart.AFTERNOON)),
            busy=tuple(busy),
        )

    def _visit(self, code: str, codes: list[str]) -> VisitDefinition:
        others = [each for each in codes if each != code]
        count = self.random.choice((0, 1, 1, 1, 1, 2)) if others else 0
        apart = tuple(other for other in others if self._maybe(0.12))
        if self._maybe(0.05):
            apart = ("v",)
        return VisitDefinition(
            code=code,
            family="v" if self._maybe(0.5) else code,
            kind=VisitKind.THERAPY,
            parts=tuple(self._part(n) for n in range(self.random.choice((1, 1, 2, 3)))),
            windows=tuple(self._window(self.random.choice(others)) for _ in range(count)),
            never_same_day_as=apart,
        )

    def _part(self, n: int) -> Part:
        claims = [self._part_claim() for _ in range(self.random.choice((0, 1, 1, 1, 2)))]
        return Part(
            name=f"part {n}",
            minutes=self.grid * self.random.choice((1, 1, 2)),
            claims=tuple(claims),
            with_patient=self._maybe(0.75),
        )

    def _part_claim(self) -> PartClaim:
        units = self.random.choice((1, 1, 1, 1, 0, 2))
        if self._maybe(0.5):
            return PartClaim(choice=self.random.choice(("therapist", "prescriber")))
        return PartClaim(bookable=self.random.choice(BOOKABLES[:3]), units=units)

    def _window(self, anchor: str) -> Window:
        unit = self.random.choice((WindowUnit.DAYS, WindowUnit.HOURS))
        opens, closes = sorted(self.random.choices((-2, -1, 0, 0, 1, 2, 3, 4), k=2))
        scale = 1 if unit is WindowUnit.DAYS else self.random.choice((24, 24, 12, 5.5))
        target = self.random.randint(-2, 4) * scale if self._maybe(0.4) else None
        return Window(
            anchor=anchor,
            edge=self.random.choice((Edge.START, Edge.END)),
            unit=unit,
            opens=None if self._maybe(0.25) else opens * scale,
            target=target,
            closes=None if self._maybe(0.25) else closes * scale,
        )
