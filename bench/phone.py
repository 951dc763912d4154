"""The phone app: first frame, home from what it kept, and memory. No display is needed."""

import os
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.machine import machine

VISITS, CHECK_INS = 60, 200
"""About a year of one patient."""


def main(_arguments: list[str]) -> None:
    """Print the figures."""
    os.environ |= {
        "SDL_VIDEODRIVER": "offscreen",
        "KIVY_HOME": tempfile.mkdtemp(),
        "KIVY_NO_ARGS": "1",
        "KIVY_NO_CONSOLELOG": "1",
        "KIVY_NO_FILELOG": "1",
    }
    folder = Path(tempfile.mkdtemp())
    _fill(folder)
    filled = time.perf_counter()
    from kivy.base import EventLoop, runTouchApp, stopTouchApp

    from mobile import background
    from mobile.main import TandemPhone

    app = TandemPhone(folder, run=background.at_once)
    app._run_prepare()
    runTouchApp(embedded=True)
    EventLoop.idle()
    framed = time.perf_counter()
    app.phone.unlock("4826")
    unlocked = time.perf_counter()
    app.phone._client._refresh = "kept"
    app.go("today")
    EventLoop.idle()
    home = time.perf_counter()
    stopTouchApp()
    print(machine())
    print(f"first frame, imports included: {framed - filled:.2f} s")
    print(f"the PIN (argon2): {unlocked - framed:.2f} s")
    print(f"home from {VISITS} visits and {CHECK_INS} check-ins kept: {home - unlocked:.3f} s")
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _fill(folder: Path) -> None:
    from mobile.offline_store import OfflineStore

    store = OfflineStore(folder / "phone.sqlite3")
    store.set_pin("4826")
    store.keep("today", _a_year(datetime.now(UTC)))
    store.close()


def _a_year(now: datetime) -> dict[str, Any]:
    visits = [_visit(now + timedelta(days=6 * (n - VISITS // 2)), n) for n in range(VISITS)]
    return {
        "as_of": now.isoformat(),
        "help_line": None,
        "series": {"path": [{**each, "state": "booked"} for each in visits]},
        "appointments": visits,
        "check_ins": [_check_in(now - timedelta(days=n), n) for n in range(CHECK_INS)],
    }


def _visit(begins: datetime, n: int) -> dict[str, Any]:
    ends = (begins + timedelta(hours=2)).isoformat()
    part = {"name": "infusion", "starts_at": begins.isoformat(), "ends_at": ends}
    named = {"visit_code": f"infusion-{n}", "kind": "infusion", "title": "Infusion"}
    return {
        **named,
        "id": f"{n:032}",
        "ordinal": n + 1,
        "of": VISITS,
        "status": "booked",
        "starts_at": begins.isoformat(),
        "ends_at": ends,
        "remote": False,
        "place": "Harbour",
        "people": ["Theo"],
        "parts": [part],
        "before": [{"code": "no-food", "at": (begins - timedelta(hours=6)).isoformat()}],
        "after": [{"code": "no-drive", "at": None}],
        "ride_needed": True,
        "ride": None,
        "confirmed_at": None,
        "may_confirm": True,
        "may_move": True,
        "schedule_version": 1,
    }


def _check_in(at: datetime, n: int) -> dict[str, Any]:
    return {
        "id": f"{n:032}",
        "title": "PTSD symptoms",
        "questionnaire": "pcl-5",
        "status": "completed",
        "opens_at": at.isoformat(),
        "closes_at": at.isoformat(),
        "answered_at": at.isoformat(),
        "total": n % 80,
    }
