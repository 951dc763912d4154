"""How much of each bookable is in use on a few days: for people who ask why, not for the search."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from server.domain.calendars import Claim, ClinicCalendar
from server.domain.capacity import capacity_steps, peak
from server.domain.local_time import utc
from server.domain.placement import SeriesPlan


class Crowd:
    """Everybody else's claims on the given days (of UTC), by bookable and day."""

    def __init__(self, calendar: ClinicCalendar, days: Collection[date]) -> None:
        self._calendar = calendar
        around = {day + timedelta(days=n) for day in days for n in (-1, 0, 1)}
        self._claims: dict[tuple[str, date], list[Claim]] = defaultdict(list)
        self._days: dict[tuple[str, date], list[tuple[datetime, int]]] = {}
        for claim in calendar.claims:
            day = claim.starts_at.date()
            if day in around:
                self._claims[claim.bookable_id, day].append(claim)

    @classmethod
    def of_plans(cls, calendar: ClinicCalendar, plans: Iterable[SeriesPlan]) -> "Crowd":
        """Everybody else's claims on all days of some plans."""
        return cls(calendar, {utc(e.starts_at).date() for plan in plans for e in plan.placements})

    def title(self, bookable: str) -> str:
        """What people call it."""
        found = self._calendar.bookables.get(bookable)
        return (found.title if found else "") or bookable

    def kind(self, bookable: str) -> str:
        """What kind of bookable it is."""
        return self._calendar.bookables[bookable].kind.value

    def tightest(self, bookable: str, own: Sequence[Claim]) -> tuple[int, int]:
        """(units used, these claims included, and units there are) when least is left."""
        found = [self._at_worst(bookable, claim) for claim in own if claim.units]
        return min(found, key=lambda each: each[1] - each[0])

    def _at_worst(self, bookable: str, own: Claim) -> tuple[int, int]:
        start, end = utc(own.starts_at), utc(own.ends_at)
        near = (start.date() + timedelta(days=n) for n in (-1, 0, 1))
        others = [claim for day in near for claim in self._claims.get((bookable, day), ())]
        steps = self._steps(bookable, start, end)
        ends = [at for at, _ in steps[1:]] + [end]
        pieces = [
            (own.units + peak(others, at, until), capacity)
            for (at, capacity), until in zip(steps, ends, strict=True)
        ]
        return min(pieces, key=lambda each: each[1] - each[0])

    def _steps(self, bookable: str, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
        """As `capacity_steps`, worked out once for a whole day of UTC."""
        day, calendar = start.date(), self._calendar
        midnight = datetime.combine(day, time(), UTC)
        one, whole = calendar.bookables[bookable], midnight + timedelta(days=1)
        if end > whole:
            return capacity_steps(one, start, end, calendar.zone)
        if (bookable, day) not in self._days:
            self._days[bookable, day] = capacity_steps(one, midnight, whole, calendar.zone)
        steps = self._days[bookable, day]
        before = [capacity for at, capacity in steps if at <= start]
        return [(start, before[-1]), *(each for each in steps if start < each[0] < end)]
