"""The phone app: first frame, home from what it kept, a round, memory. No display is needed."""

import json
import os
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
    print(f"sync of that year, one change sent: {_sync(folder):.2f} s")
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _sync(folder: Path) -> float:
    """A whole round over a real connection: renew, send one change, fetch and seal the year."""
    from mobile import sync
    from mobile.api_client import ApiClient
    from mobile.offline_store import OfflineStore

    store, now = OfflineStore(folder / "phone.sqlite3"), datetime.now(UTC)
    store.unlock("4826", now=now)
    store.wait("confirm", {"appointment_id": "a", "schedule_version": 1}, now=now)
    with _clinic(_a_year(now)) as address:
        client = ApiClient(address, refresh_token="r")  # noqa: S106  (nobody's)
        began = time.perf_counter()
        outcome = sync.round_trip(store, client, now=now)
        took = time.perf_counter() - began
    assert outcome.reached
    assert outcome.left == 0
    store.close()
    return took


@contextmanager
def _clinic(document: dict[str, Any]) -> Iterator[str]:
    """Answers at once: what is measured is the phone and not the clinic."""
    tokens = {"access_token": "a", "refresh_token": "r", "user": {"id": "1"}}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = document if "today" in self.path else tokens if "refresh" in self.path else {}
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  (the name that http.server calls)

        def log_message(self, *_: object) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        served.server_close()


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
        "series": {"status": "active", "path": [{**each, "state": "booked"} for each in visits]},
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
        "tell_before": {"en": "Wear loose clothes."},
        "tell_after": {},
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
