"""Racing bookings at length: 100,000 on PostgreSQL, 20,000 on SQLite, at capacity 1 and 3.

python -m bench races [--postgresql 100000] [--sqlite 20000] [--processes 12]
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from bench.machine import machine, quantile
from server.persistence import migrate
from tests.databases import postgres_databases, sqlite_url
from tests.races.race import Outcome, Race, broken, false_refusals, run

RACES = ((1, True), (3, True), (3, False))
"""Capacity of the chairs, and whether booked visits are moved as well."""


def main(arguments: list[str]) -> None:
    """Race, count, print a line a race."""
    parser = argparse.ArgumentParser(prog="bench races")
    parser.add_argument("--postgresql", type=int, default=100_000)
    parser.add_argument("--sqlite", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=12)
    asked = parser.parse_args(arguments)
    print(f"Races of {asked.processes} processes, {machine()}")
    for attempts, databases in ((asked.postgresql, _postgresql), (asked.sqlite, _sqlite)):
        if attempts:
            with databases() as fresh:
                for chairs, moving in RACES:
                    _race(next(fresh), attempts // len(RACES), asked.processes, chairs, moving)


def _race(url: str, attempts: int, processes: int, chairs: int, moving: bool) -> None:
    migrate.upgrade(url)
    race = Race(
        url=url,
        attempts=attempts,
        processes=processes,
        chairs=chairs,
        therapists=4,
        days=60,
        patients=max(200, attempts // 20),
        moving=moving,
    )
    began = time.perf_counter()
    outcome = run(race)
    _report(race, outcome, time.perf_counter() - began)


def _report(race: Race, outcome: Outcome, seconds: float) -> None:
    found = broken(race.url)
    wrong = "-"
    if not race.moving:
        sample = outcome.refused[:: max(1, len(outcome.refused) // 5000)]
        wrong = f"{false_refusals(race.url, sample)} of {len(sample)}"
    print(
        f"{race.url.partition(':')[0]:<20} capacity {race.chairs}, "
        f"{'with' if race.moving else 'without'} moves: {len(outcome.seconds)} attempts in "
        f"{seconds:.0f} s, median {1000 * quantile(outcome.seconds, 0.5):.0f} ms, "
        f"p99 {1000 * quantile(outcome.seconds, 0.99):.0f} ms, "
        f"longest {1000 * max(outcome.seconds):.0f} ms; {dict(sorted(outcome.counts.items()))}; "
        f"broken invariants {len(found)}; free times refused {wrong}",
        flush=True,
    )
    for finding in found[:5]:
        print(f"    {finding}")


@contextmanager
def _postgresql() -> Iterator[Iterator[str]]:
    with postgres_databases() as databases:

        def fresh() -> Iterator[str]:
            while True:
                with databases.database() as url:
                    yield url

        yield fresh()


@contextmanager
def _sqlite() -> Iterator[Iterator[str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield (sqlite_url(Path(folder) / f"race-{number}.sqlite3") for number in count())
