"""The queue between clock and workers. It carries the numbers of rows only, may lose one, and that
does no harm: what was lost is claimed again once its lease has run out."""

from pathlib import Path
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey

from server.jobs import send
from server.jobs.send import Queue
from server.jobs.work import Work, told
from server.persistence.leader import one_at_a_time

NAME = "tandem"
SILENCE_SECONDS = 10.0
"""How long Redis may say nothing: a clock that waits for ever hands on nothing."""


def queue_for(database_url: str, data_dir: Path | None, queue_url: str | None = None) -> Huey:
    """The queue that belongs to a database: a file beside SQLite, tables in PostgreSQL; or Redis,
    where there is one."""
    if queue_url:
        return _in_redis(queue_url)
    if database_url.startswith("sqlite"):
        folder = data_dir or Path(database_url.removeprefix("sqlite:///")).parent
        return SqliteHuey(NAME, filename=str(folder / "queue.db"), results=False)
    dsn = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with one_at_a_time(
        database_url
    ):  # "IF NOT EXISTS" fails where two make a table at the same moment
        return PostgresHuey(NAME, dsn=dsn, results=False)


def _in_redis(url: str) -> Huey:
    from huey.storage import ConnectionPool  # redis's own; not there without Redis's package

    pool = ConnectionPool.from_url(
        url, socket_timeout=SILENCE_SECONDS, socket_connect_timeout=SILENCE_SECONDS
    )
    return RedisHuey(NAME, connection_pool=pool, results=False)


def sender(huey: Huey, work: Work) -> Queue:
    """Declare the one task there is; calling it puts bundles for one worker into the queue."""

    def carry_out(leases: list[tuple[str, str]]) -> None:
        try:
            send.several(work, leases)
        except Exception as error:  # noqa: BLE001 - else the queue would log what the error says
            told("send", error)

    task: Any = huey.task(name="send")(carry_out)
    return task  # type: ignore[no-any-return]


def work_off(huey: Huey, work: Work, threads: int) -> None:
    """Do what comes in, until the process is told to stop (SIGINT, SIGTERM)."""
    sender(huey, work)
    huey.create_consumer(workers=threads, worker_type="thread", periodic=False, max_delay=1.0).run()
