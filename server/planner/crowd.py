"""How much of each bookable is in use on a few days: for people who ask why, not for the search."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from server.domain.calendars import Claim, ClinicCalendar
from server.domain.capacity import capacity_steps, peak
from server.domain.local_time import utc


class Crowd:
    """Everybody else's claims on the given days (of UTC), by bookable and day."""

    def __init__(self, calendar: ClinicCalendar, days: Collection[date]) -> None:
        self._calendar = calendar
        around = {day + timedelta(days=n) for day in days for n in (-1, 0, 1)}
        self._claims: dict[tuple[str, date], list[Claim]] = defaultdict(list)
        for claim in calendar.claims:
            day = claim.starts_at.date()
            if day in around:
                self._claims[claim.bookable_id, day].append(claim)

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
        calendar = self._calendar
        steps = capacity_steps(calendar.bookables[bookable], start, end, calendar.zone)
        ends = [at for at, _ in steps[1:]] + [end]
        pieces = [
            (own.units + peak(others, at, until), capacity)
            for (at, capacity), until in zip(steps, ends, strict=True)
        ]
        return min(pieces, key=lambda each: each[1] - each[0])
