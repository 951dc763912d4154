"""The administrator's first page: what waits for somebody, what ends, how full the days are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from server.console.asking import caller, utc_now
from server.console.clock import time_words
from server.console.pages import staff_page
from server.services.access import ACTIONS, Caller
from server.services.clinic import clinic_health, clinics
from server.services.clinic.clinic_health import ChairDay, Health

FULL = 90
"""From this share of a hundred on a day is called nearly full."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """One figure: what is counted, whether somebody should act, and where it is seen to."""

    count: int
    title: str
    more: str
    act: bool
    link: str
    """"" where the reader has no page for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A day's chairs: `share` of a hundred taken, None where none is open."""

    day: str
    weekday: str
    share: int | None
    says: str


def show() -> Any:
    """The whole page."""
    by = caller()
    found = clinic_health.health(by, now=utc_now())
    sites = clinics.sites(by)
    zone = ZoneInfo(sites[0].time_zone if sites else "UTC")
    now = utc_now().astimezone(zone)
    return staff_page(
        "health/health.html",
        by,
        here="health",
        found=found,
        tiles=tuple(_tiles(by, found, zone)),
        as_of=now,
        today=now.date(),
        chairs=[(title, tuple(_bars(days))) for title, days in found.chairs],
        full=FULL,
    )


def _tiles(by: Caller, found: Health, zone: ZoneInfo) -> Iterator[Tile]:
    def tile(count: int, title: str, more: str, page: str, action: str, *, act: bool) -> Tile:
        link = url_for(f"console.{page}") if by.role in ACTIONS[action] else ""
        return Tile(count=count, title=title, more=more, act=act and count > 0, link=link)

    since = f"the oldest since {time_words(found.alerts_since, zone)}" if found.alerts_since else ""
    yield tile(found.alerts, "answers nobody has taken on", since, "needs", "alerts.read", act=True)
    yield tile(
        found.follow_ups,
        "visits to put right",
        "missed, cancelled, or no longer fitting",
        "needs",
        "follow_ups.read",
        act=True,
    )
    yield tile(
        found.without_times,
        "series without times",
        "begun, and not planned yet",
        "planning",
        "planning_runs.make",
        act=True,
    )
    yield tile(
        found.overdue,
        "check-ins overdue",
        "still to be answered",
        "patients",
        "patients.list",
        act=False,
    )
    free = f"{found.freed} time{'' if found.freed == 1 else 's'} came free"
    yield tile(found.waiting, "on the waiting list", free, "waiting", "waiting.list", act=False)
    stuck = f"{found.stuck} should have gone and did not" if found.stuck else "none is stuck"
    given_up = "messages given up this week"
    yield tile(found.failed, given_up, stuck, "message_reports", "reports.read", act=True)


def _bars(days: Iterable[ChairDay]) -> Iterator[Bar]:
    for each in days:
        there, used = each.open_minutes, each.taken_minutes
        share = min(100, round(100 * used / there)) if there else None
        says = f"{used / 60:.1f} of {there / 60:.0f} chair hours taken" if there else "closed"
        yield Bar(
            day=f"{each.on.day} {each.on:%b}", weekday=f"{each.on:%a}", share=share, says=says
        )
