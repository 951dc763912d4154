"""How fast due messages go out: two clocks, and one, two and four workers side by side.

python -m bench messages [--count 10000] [--workers 1,2,4]

Real processes, real PostgreSQL, a mail server of our own on this machine. Then how late a message
is that becomes due while all is well, and one that was due while everybody was dead.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

from bench.machine import machine, quantile
from server.app import create_app
from server.config import Settings
from server.persistence import migrate, outbox
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.people import PatientRow
from server.persistence.transactions import transaction
from tests.databases import postgres_databases
from tests.faults.harness import Harness, new_message, new_patient
from tests.jobs.mail_server import mail_server
from tests.services.a_series import ShortClinic, short_clinic

CLOCKS = 2


def main(arguments: list[str]) -> None:
    """Send, count, print a line a run."""
    parser = argparse.ArgumentParser(prog="bench messages")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--workers", default="1,2,4")
    asked = parser.parse_args(arguments)
    print(f"Messages by e-mail, {CLOCKS} clocks, {machine()}")
    for workers in map(int, asked.workers.split(",")):
        with postgres_databases() as databases, databases.database() as url:
            _run(url, asked.count, workers)


def _run(url: str, count: int, workers: int) -> None:
    migrate.upgrade(url)
    folder = Path(tempfile.mkdtemp(prefix="tandem-bench-"))
    app = create_app(Settings(database_url=url, secret_key="bench", data_dir=folder))  # noqa: S106
    with app.app_context(), mail_server() as box:
        harness = Harness(app=app, url=url, box=box, chance=random.Random(1))
        clinic = short_clinic()
        _due(clinic, "many", count, 0)
        harness.start({}, clocks=CLOCKS, workers=workers)
        try:
            seconds = _until_sent(harness, count)
            healthy = _trickle(harness, clinic, "trickle", 60)
            restarted = _restart(harness, clinic, workers)
        finally:
            harness.kill_all()
        _report(harness, count, workers, seconds)
        _print_delay("all well", healthy)
        _print_delay("after everybody was dead for 5 s", restarted)
        db.session.remove()
        db.engine.dispose()


def _report(harness: Harness, count: int, workers: int, seconds: float) -> None:
    keys = Counter(str(letter["Message-ID"]) for letter in harness.box.letters)
    again = sum(times - 1 for times in keys.values())
    print(
        f"{workers} workers: {count} messages in {seconds:.0f} s, {count / seconds:.0f} a second; "
        f"{harness.waiting()} left, {again} came again",
        flush=True,
    )


def _print_delay(when: str, delays: list[float]) -> None:
    p50, p99 = quantile(delays, 0.5), quantile(delays, 0.99)
    print(f"    {when}: {len(delays)} late by p50 {p50:.1f} s, p99 {p99:.1f} s", flush=True)


def _due(clinic: ShortClinic, name: str, count: int, within_seconds: float) -> None:
    """So many patients with one message each, due one after the other within that time."""
    with transaction() as session:
        at = outbox.now()
        patients = [new_patient(clinic, f"{name}-{n}", at) for n in range(count)]
        session.execute(insert(PatientRow), [_values(patient) for patient in patients])
        messages = []
        for place, patient in enumerate(patients):
            message = new_message(patient, at, dead=False)
            message.due_at += timedelta(seconds=within_seconds * place / count)
            messages.append(_values(message))
        session.execute(insert(OutboxMessageRow), messages)


def _values(row: PatientRow | OutboxMessageRow) -> dict[str, object]:
    return {key: value for key, value in vars(row).items() if not key.startswith("_")}


def _until_sent(harness: Harness, count: int) -> float:
    """Seconds from the first letter to the last."""
    while not harness.box.letters:
        time.sleep(0.02)
    began = time.perf_counter()
    while harness.waiting() and time.perf_counter() - began < count / 5 + 60:
        time.sleep(0.2)
    return time.perf_counter() - began


def _trickle(harness: Harness, clinic: ShortClinic, name: str, count: int) -> list[float]:
    """How late each was that became due within twenty seconds."""
    _due(clinic, name, count, 20)
    time.sleep(20)
    return _delays(harness, name)


def _restart(harness: Harness, clinic: ShortClinic, workers: int) -> list[float]:
    """Kill everybody amid work, wait, start again: how late is what was due meanwhile."""
    _due(clinic, "restart", 200, 8)
    time.sleep(3)
    harness.kill_all()
    time.sleep(5)
    harness.start({}, clocks=CLOCKS, workers=workers)
    return _delays(harness, "restart")


def _delays(harness: Harness, name: str) -> list[float]:
    until = time.monotonic() + 200
    while harness.waiting() and time.monotonic() < until:
        time.sleep(0.2)
    m = OutboxMessageRow
    query = select(m.due_at, m.sent_at).join(PatientRow, PatientRow.id == m.patient_id)
    pairs = db.session.execute(query.where(PatientRow.full_name.startswith(f"{name}-")))
    return [(sent - due).total_seconds() for due, sent in pairs if sent]
