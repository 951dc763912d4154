"""Names for visits, windows, weekdays and bookables, as people at a clinic say them."""

from datetime import date

from server.domain.calendars import ClinicCalendar
from server.domain.protocols import Window
from server.domain.windows import plain
from server.planner.reasons.obstacles import ObstacleCode
from shared.vocabulary import Edge

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def visit_name(code: str) -> str:
    """infusion-3 is "infusion 3"."""
    return code.replace("-", " ")


def weekday_name(day: int) -> str:
    """Monday is 0."""
    return _WEEKDAYS[day]


def day_name(day: date) -> str:
    """ "Wed 2 Dec 2026" """
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def bookable_name(calendar: ClinicCalendar, bookable_id: str) -> str:
    """Its title, or its id."""
    found = calendar.bookables.get(bookable_id)
    return (found.title if found else "") or bookable_id


def window_name(window: Window) -> str:
    """ "24 to 72 hours after the end of infusion 1" """
    after = "the end of " if window.edge is Edge.END else ""
    opens, closes = window.opens, window.closes
    if opens is None or closes is None:
        some = f"at least {plain(opens)}" if opens is not None else f"at most {plain(closes or 0)}"
    else:
        some = plain(opens) if opens == closes else f"{plain(opens)} to {plain(closes)}"
    return f"{some} {window.unit.value} after {after}{visit_name(window.anchor)}"


def sentence_case(text: str) -> str:
    """The first letter large."""
    return text[:1].upper() + text[1:]


def obstacle_sentence(
    visit: str, code: ObstacleCode, bookable: str | None, calendar: ClinicCalendar
) -> str:
    """What fails, in one sentence."""
    name = bookable_name(calendar, bookable) if bookable else "the clinic"
    said = _FAILS[code].format(visit=visit_name(visit), bookable=name)
    return sentence_case(said)


_FAILS = {
    ObstacleCode.NO_CAPACITY: "{visit} finds no time that is free for {bookable}.",
    ObstacleCode.OUTSIDE_HOURS: "{visit} would need {bookable} outside the hours they have.",
    ObstacleCode.CREDENTIALS: "{visit} would be after the credentials of {bookable} run out.",
    ObstacleCode.NO_CHOICE: "nobody who may be chosen has room for {visit}.",
    ObstacleCode.KEPT_CHOICE: "nobody has room for every visit they would have to keep, {visit} "
    "among them.",
    ObstacleCode.WINDOW: "{visit} finds no place in its window.",
    ObstacleCode.SAME_DAY: "{visit} finds no day that it need not share.",
    ObstacleCode.PATIENT_UNAVAILABLE: "the patient cannot come when {visit} could be.",
    ObstacleCode.PATIENT_DOUBLE_BOOKED: "the patient has other appointments when {visit} could be.",
    ObstacleCode.START_BY: "{visit} cannot be as early as the series should start.",
    ObstacleCode.LAST_DAY: "{visit} would be later than is planned for.",
}
