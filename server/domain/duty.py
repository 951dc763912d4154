"""When somebody on call is on duty: hours of some weekdays on the clinic's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain.local_time import minute_of_day

DAY_MINUTES = 1440


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """Weekdays (Monday 0) and minutes after midnight. Hours that close before or when they open
    last until the next morning and belong to the day on which they began."""

    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    opens: int = 0
    closes: int = DAY_MINUTES

    def covers(self, at: datetime, zone: ZoneInfo) -> bool:
        """Is this moment one of duty?"""
        minute, today = minute_of_day(at, zone), at.astimezone(zone)
        yesterday = (today.date() - timedelta(days=1)).weekday()
        if self.opens < self.closes:
            return today.weekday() in self.days and self.opens <= minute < self.closes
        began_today = today.weekday() in self.days and minute >= self.opens
        return began_today or (yesterday in self.days and minute < self.closes)
