"""The queue's tables in a database that several processes find empty at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

from server.jobs.workers import queue_for

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
