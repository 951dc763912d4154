"""How much of a bookable there is at an instant: looked up minute by minute, nothing remembered."""

from datetime import datetime
from zoneinfo import ZoneInfo

from server.domain.calendars import Bookable, PatientTimes, WeeklyHours


def capacity_at(bookable: Bookable, at: datetime, zone: ZoneInfo) -> int:
    """Units configured at an instant, exceptions applied."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    units = sum(row.capacity for row in bookable.weekly if covers(row, local.weekday(), minute))
    for whole_day in (True, False):
        for each in bookable.exceptions:
            opens = 0 if each.opens is None else each.opens
            closes = 1440 if each.closes is None else each.closes
            is_whole = each.opens is None and each.closes is None
            if is_whole == whole_day and each.on == local.date() and opens <= minute < closes:
                units = each.capacity
    return units


def can_come(times: PatientTimes, at: datetime, zone: ZoneInfo) -> bool:
    """May the patient be there at an instant?"""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    if local.date() in times.away:
        return False
    if times.weekly is None:
        return True
    return any(covers(row, local.weekday(), minute) for row in times.weekly)


def covers(row: WeeklyHours, weekday: int, minute: int) -> bool:
    """Is a weekly row open then?"""
    return weekday in row.days and row.opens <= minute < row.closes
