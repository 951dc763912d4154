"""Days and hours in words."""

from collections.abc import Mapping
from datetime import datetime

DAYS: Mapping[str, str] = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}
MONTHS: Mapping[str, str] = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}
WRITTEN = {"en": "{day} {date} {month}, {clock}", "es": "{day} {date} de {month}, {clock}"}


def moment(at: datetime, language: str) -> str:
    """A local time in words: "Thursday 26 November, 10:00"."""
    known = language if language in WRITTEN else "en"
    return WRITTEN[known].format(
        day=DAYS[known].split()[at.weekday()],
        date=at.day,
        month=MONTHS[known].split()[at.month - 1],
        clock=f"{at:%H:%M}",
    )


def clock(at: datetime) -> str:
    """A local time of day: "14:30"."""
    return f"{at:%H:%M}"
