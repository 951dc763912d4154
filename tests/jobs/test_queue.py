"""The queue: its tables in a database that several processes find empty at the same moment, and
the same messages carried by Redis."""

import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from server.config import BadSettings, embedded
from server.jobs import send
from server.jobs.workers import queue_for, sender
from tests.faults.harness import Harness
from tests.jobs.a_post import Post
from tests.services.a_series import short_clinic

AT_ONCE = 6
TABLES = "DROP TABLE huey_kv, huey_schedule, huey_task, huey_counter"


@pytest.mark.parametrize("_once_more", range(5))
def test_clocks_and_workers_that_start_together_on_an_empty_database_all_come_up(
    empty_postgres_url: str, _once_more: int
) -> None:
    ready = Barrier(AT_ONCE)

    def start(_: int) -> int:
        ready.wait()
        return queue_for(empty_postgres_url, None).pending_count()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = list(pool.map(start, range(AT_ONCE)))

    assert waiting == [0] * AT_ONCE
    with psycopg.connect(empty_postgres_url.replace("+psycopg", "")) as database:
        database.execute(TABLES)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("needs redis-server (Debian: redis-server)")
    socket = tmp_path / "redis"
    words = [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", tmp_path]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(socket.exists)
            yield f"unix://{socket}"
        finally:
            server.kill()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_redis_carries_the_same_messages_from_the_clock_to_a_worker(
    post: Post, redis_url: str
) -> None:
    queue = queue_for("sqlite:///unused", None, redis_url)
    harness = Harness(app=post.app, url="", box=post.box, chance=random.Random(5))
    harness.fill(short_clinic(), "p", 30)

    send.sweep(post.work, sender(queue, post.work))
    assert queue.pending_count() == 10
    while task := queue.dequeue():
        queue.execute(task)

    report = harness.counted()
    assert (report.lost, report.doubled, report.repeated, report.dead_versions) == (0, 0, 0, 0)
    assert queue.pending_count() == 0


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_an_address_of_no_redis_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUEUE_URL", "amqp://elsewhere")
    with pytest.raises(BadSettings, match="QUEUE_URL"):
        embedded(tmp_path)
