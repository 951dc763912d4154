"""The forms that the clinic must fill in, as the page shows them and as they come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import request

from server.console.clock import time_words
from server.services.access import ACTIONS, Caller
from server.services.check_ins import paperwork
from server.services.check_ins.paperwork import Filled
from server.services.people import patients

MANY = 100


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A form that is due."""

    id: str
    patient_id: str
    name: str
    title: str
    instrument: str
    due: str
    closes: str
    overdue: bool
    version: int


def due(by: Caller, zone: ZoneInfo, now: datetime) -> Iterator[Paper]:
    """Every form that is due by now, what has waited longest first."""
    if by.role not in ACTIONS["paperwork.read"]:
        return
    found, _ = paperwork.listed(by, status="requested", due_by=now, page=1, page_size=MANY, now=now)
    rows = list(found)
    names = patients.named(by, [row.patient_id for row in rows], now=now)
    for row in rows:
        yield Paper(
            id=row.id,
            patient_id=row.patient_id,
            name=names.get(row.patient_id, ""),
            title=row.title,
            instrument=row.instrument,
            due=time_words(row.due_at, zone),
            closes=time_words(row.closes_at, zone),
            overdue=row.closes_at <= now,
            version=row.version,
        )


def sent(zone: ZoneInfo, now: datetime) -> Filled:
    """What the form holds. ValueError says what is wrong with it, in words for the page."""
    return Filled(
        done_at=_moment(request.form.get("on", ""), zone, now),
        total=_total(request.form.get("total", "").strip()),
        note=" ".join(request.form.get("outcome", "").split())[:200],
    )


def _moment(written: str, zone: ZoneInfo, now: datetime) -> datetime:
    today = now.astimezone(zone).date()
    try:
        on = date.fromisoformat(written)
    except ValueError:
        raise ValueError("Please give the day on which it was filled in.") from None
    if on > today:
        raise ValueError("The day on which it was filled in lies in the future.")
    return now if on == today else datetime(on.year, on.month, on.day, 12, tzinfo=zone)


def _total(written: str) -> int | None:
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or len(written) > 5:
        raise ValueError("The score is a whole number, or stays empty.")
    return int(written)
