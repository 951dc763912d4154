"""A patient's visits for the calendar of their telephone (RFC 5545). It lies open to whoever picks
the telephone up, so it says when, and never what for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

TITLES = {"en": "Appointment", "es": "Cita"}
LONGEST_LINE = 75
"""Octets, without the end of the line."""


def calendar(visits: Iterable[Mapping[str, Any]], language: str, *, now: datetime) -> str:
    """A file that a calendar takes up. A visit read in again replaces itself."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tandem//Visits//EN", "METHOD:PUBLISH"]
    for visit in visits:
        lines += _entry(visit, TITLES.get(language, TITLES["en"]), now)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _entry(visit: Mapping[str, Any], title: str, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{visit['id']}@tandem",
        f"DTSTAMP:{_utc(now)}",
        f"SEQUENCE:{visit['schedule_version']}",
        f"DTSTART:{_utc(visit['starts_at'])}",
        f"DTEND:{_utc(visit['ends_at'])}",
        f"SUMMARY:{_escaped(title)}",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A long line in pieces, none of which cuts a letter in two."""
    piece, size = "", 0
    for letter in line:
        size += len(letter.encode())
        if size > LONGEST_LINE:
            yield piece
            piece, size = " ", 1 + len(letter.encode())
        piece += letter
    yield piece
