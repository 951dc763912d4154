"""Proposals asked of the real server over HTTP, so many a second, whether it keeps up or not.

`python -m bench proposals_api [A SECOND] [SECONDS] [PROCESSES]`: `tandem serve` on the demo clinic,
and for its patients who wait three plans each, asked by the front desk; 20 a second for 10 seconds,
answered by one process.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.machine import machine, quantile

WAIT = 120.0
AT_ONCE = 64
USUAL = (20.0, 10.0, 1.0)
WHO = {"email": "fay@demo.invalid", "password": "only-for-the-demo-clinic"}


def main(arguments: list[str]) -> None:
    """Serve, ask, print one line."""
    asked = [float(each) for each in arguments]
    rate, seconds, processes = [*asked, *USUAL[len(asked) :]]
    with (
        tempfile.TemporaryDirectory() as folder,
        served(folder, int(processes)) as address,
        httpx.Client(base_url=f"{address}/api/v1", timeout=WAIT) as client,
    ):
        client.headers["Authorization"] = f"Bearer {_token(client)}"
        waiting = _waiting(client)
        for each in waiting:
            client.post(f"/series/{each}/plans", json={}).raise_for_status()
        took, said = _asked(client, waiting, rate, seconds)
        alive = client.get(f"{address}/healthz").status_code
    print(f"{rate:.0f} proposals a second for {seconds:.0f} s, {len(waiting)} series ({machine()})")
    half, most = (1000 * quantile(took, share) for share in (0.5, 0.99))
    answers = ", ".join(f"{count} x {code}" for code, count in sorted(said.items()))
    print(f"p50 {half:.0f} ms, p99 {most:.0f} ms from when each was due; {answers}; then {alive}")


def _token(client: httpx.Client) -> str:
    reply = client.post("/sign-in", json=WHO).raise_for_status()
    found: str = reply.json()["access_token"]
    return found


def _waiting(client: httpx.Client) -> list[str]:
    """The series that have no time yet."""
    reply = client.get("/series", params={"status": "draft"}).raise_for_status()
    return [each["id"] for each in reply.json()]


def _asked(
    client: httpx.Client, series: list[str], rate: float, seconds: float
) -> tuple[list[float], Counter[str]]:
    """Every request at its time; how long until each was answered, and what came."""
    began, count = time.perf_counter(), int(rate * seconds)

    def ask(number: int) -> tuple[float, str]:
        due = began + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        try:
            path = f"/series/{series[number % len(series)]}/plans"
            said = str(client.post(path, json={}).status_code)
        except httpx.HTTPError as error:
            said = type(error).__name__
        return time.perf_counter() - due, said

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(ask, range(count)))
    return [took for took, _ in answers], Counter(said for _, said in answers)


@contextmanager
def served(folder: str, processes: int) -> Iterator[str]:
    """The real server, by so many processes, on a demo clinic of its own; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    tandem = str(Path(sys.executable).with_name("tandem"))
    how = ["--port", str(port), "--workers", str(processes)]
    command = [tandem, "serve", "--data", folder, "--demo", *how]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait(address: str) -> None:
    """Until it answers; filling the demo clinic takes a while. Raises TimeoutError."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise TimeoutError("the server did not come up")
