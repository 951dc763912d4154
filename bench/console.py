"""Every page of the console at the size of a network: 10,000 patients, 250,000 appointments.

python -m bench console [--patients 10000] [--times 20] [--viewers 50] [--keep]
"""

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg

from bench import big_clinic
from bench.machine import machine, quantile
from server.app import create_app
from server.config import Settings
from server.persistence import migrate
from tests import builders
from tests.databases import postgres_databases

PAGES = (
    ("administrator", "/week"),
    ("nurse", "/today"),
    ("nurse", "/week"),
    ("nurse", "/week?day={next_week}"),
    ("nurse", "/week/timeline"),
    ("nurse", "/week/timeline?days=7"),
    ("nurse", "/week/timeline?days=7&day={next_week}"),
    ("nurse", "/needs"),
    ("nurse", "/waiting"),
    ("nurse", "/find"),
    ("nurse", "{patient}/messages"),
    ("therapist", "/week/timeline"),
    ("therapist", "/patients"),
    ("therapist", "{patient}"),
    ("therapist", "{patient}/course"),
    ("therapist", "/needs"),
    ("therapist", "/waiting"),
    ("therapist", "{move}"),
    ("therapist", "{thread}"),
    ("prescriber", "/patients"),
    ("prescriber", "/patients?page=150"),
    ("prescriber", "{patient}"),
    ("prescriber", "{move}"),
    ("prescriber", "{patient}/course"),
    ("prescriber", "{patient}/details"),
    ("prescriber", "/needs"),
    ("prescriber", "/protocols"),
    ("prescriber", "{edition}"),
    ("prescriber", "{edition}/impact"),
    ("front_desk", "/patients"),
    ("administrator", "/clinic"),
    ("administrator", "{bookable}"),
    ("administrator", "/reports"),
    ("administrator", "/reports/protocol"),
    ("administrator", "/reports/pairing"),
    ("administrator", "/reports/hours"),
    ("administrator", "/reports/messages"),
    ("administrator", "/record"),
    ("administrator", "{patient}/looked"),
    ("administrator", "/clinic/import"),
    ("administrator", "/clinic/people"),
    ("administrator", "/clinic/on-call"),
    ("administrator", "/clinic/house"),
    ("administrator", "/clinic/texts"),
    ("administrator", "/clinic/sites"),
    ("administrator", "/planning"),
)
WAIT = 60.0
SECRET = "only to measure, and of no use elsewhere"  # noqa: S105


def main(arguments: list[str]) -> None:
    """Fill, serve, ask, print a line a page."""
    parser = argparse.ArgumentParser(prog="bench console")
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--url", default="", help="of a database filled before")
    parser.add_argument("--keep", action="store_true", help="wait before all is thrown away")
    asked = parser.parse_args(arguments)
    print(f"Console at size, {machine()}", flush=True)
    if asked.url:
        _measure(asked, asked.url)
        return
    with postgres_databases() as databases, databases.database() as url:
        _fill(url, asked.patients)
        if asked.keep:
            print(url, flush=True)
        _measure(asked, url)
        if asked.keep:
            input("Enter ends it. ")


def _fill(url: str, patients: int) -> None:
    began = time.perf_counter()
    migrate.upgrade(url)
    app = create_app(Settings(database_url=url, secret_key=SECRET, testing=True))
    with app.app_context():
        big = big_clinic.build(datetime.now(UTC))
        written = big_clinic.fill(big, patients, url.replace("+psycopg", ""))
    took = time.perf_counter() - began
    print(f"{patients:,} patients, {written:,} appointments in {took:.0f} s", flush=True)


def _measure(asked: argparse.Namespace, url: str) -> None:
    with served(url) as address:
        browsers = {role: signed_in(address, role) for role in {each for each, _ in PAGES}}
        for role, path in PAGES:
            _page(browsers[role], role, path, asked.times, found(url, role))
        for role in ("prescriber", "therapist"):
            _moves(browsers[role], url, role, asked.times * 5)
        _search(browsers["prescriber"], asked.times)
        _viewers(address, browsers["nurse"], asked.viewers)


def found(url: str, role: str) -> dict[str, str]:
    """Addresses of one patient, one coming visit and one chair."""
    with psycopg.connect(url.replace("+psycopg", "")) as to:
        rows = to.execute(_COMING, {"role": role}).fetchall()
        chair = to.execute("SELECT id FROM bookable WHERE kind = 'chair' LIMIT 1").fetchone()
        edition = to.execute("SELECT id FROM protocol_version LIMIT 1").fetchone()
    appointment_id, patient_id = rows[0]
    return {
        "{patient}": f"/patients/{patient_id}",
        "{move}": f"/appointments/{appointment_id}/move",
        "{thread}": f"/appointments/{appointment_id}/thread",
        "{edition}": f"/editions/{edition[0] if edition else ''}",
        "{next_week}": str(datetime.now(UTC).date() + timedelta(days=7)),
        "{bookable}": f"/clinic/bookables/{chair[0] if chair else ''}",
    }


_COMING = """
SELECT a.id, a.patient_id FROM appointment a JOIN series s ON s.id = a.series_id
WHERE a.status = 'booked' AND a.starts_at > now() + interval '3 days'
AND (%(role)s <> 'therapist' OR s.choices ->> 'therapist' = (
    SELECT b.id FROM bookable b JOIN "user" u ON u.practitioner_id = b.practitioner_id
    WHERE u.role = 'therapist'))
ORDER BY a.starts_at, a.id LIMIT 200
"""


def _page(browser: httpx.Client, role: str, path: str, times: int, ids: dict[str, str]) -> None:
    address = path
    for name, found_at in ids.items():
        address = address.replace(name, found_at)
    took, size = [], 0
    for _ in range(times + 1):
        began = time.perf_counter()
        reply = browser.get(address)
        took.append(time.perf_counter() - began)
        size = len(reply.content)
        if reply.status_code != 200:
            print(f"{role:14} {path:28} answers {reply.status_code}", flush=True)
            return
    _line(role, path, took[1:], f"{size / 1024:.0f} kB, first {took[0] * 1000:.0f} ms")


def _line(role: str, what: str, took: list[float], more: str = "") -> None:
    half, most = (1000 * quantile(took, share) for share in (0.5, 0.95))
    print(f"{role:14} {what:28} p50 {half:5.0f} ms  p95 {most:5.0f} ms  {more}", flush=True)


def _moves(browser: httpx.Client, url: str, role: str, times: int) -> None:
    """Live checks of moves, as a drag asks them: other days, other times, other visits."""
    with psycopg.connect(url.replace("+psycopg", "")) as to:
        rows = to.execute(_COMING, {"role": role}).fetchall()
    form, took, said = form_of(browser.get("/patients").text), [], []
    for n in range(times):
        data = {"form": form, "days": str(n % 5 - 2), "slots": str(n % 7 - 3)}
        began = time.perf_counter()
        reply = browser.post(f"/appointments/{rows[n % len(rows)][0]}/check", data=data)
        took.append(time.perf_counter() - began)
        said.append(reply.json()["verdict"])
    counts = ", ".join(f"{said.count(each)} {each}" for each in sorted(set(said)))
    _line(role, "live check of a move", took, counts)


def _search(browser: httpx.Client, times: int) -> None:
    form, took = form_of(browser.get("/patients").text), []
    for n in range(times):
        began = time.perf_counter()
        reply = browser.post("/patients", data={"form": form, "name": f"ample {n}"})
        took.append(time.perf_counter() - began)
        reply.raise_for_status()
    _line("prescriber", "search by name", took)


def _viewers(address: str, browser: httpx.Client, count: int) -> None:
    """So many boards, each asking every one and a half seconds for half a minute."""
    took: list[float] = []
    until = time.monotonic() + 30
    cookies = dict(browser.cookies)
    each = [
        threading.Thread(target=_watch, args=(address, cookies, until, took)) for _ in range(count)
    ]
    for one in each:
        one.start()
        time.sleep(1.5 / count)
    for one in each:
        one.join()
    _line("nurse", f"board, {count} viewers", took, f"mean {1000 * statistics.mean(took):.0f} ms")


def _watch(address: str, cookies: dict[str, str], until: float, took: list[float]) -> None:
    mark = ""
    with httpx.Client(base_url=address, cookies=cookies, timeout=WAIT) as browser:
        while time.monotonic() < until:
            began = time.perf_counter()
            reply = browser.get("/today/visits", headers={"If-None-Match": mark})
            took.append(time.perf_counter() - began)
            mark = reply.headers.get("ETag", mark)
            time.sleep(1.5)


def signed_in(address: str, role: str) -> httpx.Client:
    """A browser of one of the staff."""
    browser = httpx.Client(base_url=address, follow_redirects=True, timeout=WAIT)
    form = form_of(browser.get("/sign-in").text)
    data = {"form": form, "email": f"{role}@example.org", "password": builders.PASSWORD}
    browser.post("/sign-in", data=data).raise_for_status()
    return browser


def form_of(page: str) -> str:
    """What a form of this page carries."""
    had = re.search(r'name="form" value="(\w+)"', page)
    return had[1] if had else ""


@contextmanager
def served(url: str) -> Iterator[str]:
    """The real server on this database, two workers; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET}
    environment.pop("TANDEM_DATA", None)
    tandem = str(Path(sys.executable).with_name("tandem"))
    command = [tandem, "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError(address)
