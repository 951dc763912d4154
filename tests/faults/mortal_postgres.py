"""A PostgreSQL server that is killed and started again while others work on it."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.persistence import migrate
from tests.postgres import SETTINGS, Cluster, new_cluster, wait_until_ready

# What was said to be kept must be: the log is written at each commit. It need not reach the disk,
# because only processes die here and not the machine.
KEPT = {**SETTINGS, "synchronous_commit": "on", "full_page_writes": "on"}
# Whatever ends the test process closes the pipe; then the last server stops and its folder goes.
GUARD = """
read -r _
kill -QUIT $(head -n 1 data/postmaster.pid)
sleep 1
rm -rf "$0"
"""


@dataclass
class MortalPostgres:
    """One cluster, and the server that runs on it now."""

    cluster: Cluster
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.cluster.folder}"

    def start(self) -> None:
        """Start it; tried again while the dead one's last processes hold on to their memory."""
        deadline = time.monotonic() + 30
        while True:
            self.server = self._begun()
            try:
                wait_until_ready(self.cluster, self.server)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def _begun(self) -> subprocess.Popen[bytes]:
        made = self.cluster
        settings = [f"--{name}={value}" for name, value in KEPT.items()]
        with (made.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [
                    *(made.programs / "postgres", "-D", made.folder / "data", "-k", made.folder),
                    *settings,
                ],
                stderr=log,
                cwd=made.folder,
                start_new_session=True,
                **made.user,
            )

    def kill(self) -> None:
        """kill -9 of the server; what it has started ends when it notices."""
        assert self.server is not None
        self.server.kill()
        self.server.wait()

    def kill_a_child(self, place: int) -> None:
        """kill -9 of one of its processes: the server ends all connections and recovers."""
        assert self.server is not None
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        pids = [int(word) for word in children.split()]
        os.kill(pids[place % len(pids)], signal.SIGKILL)


@contextmanager
def mortal_postgres() -> Iterator[MortalPostgres]:
    """Such a server with a database in its newest form."""
    made = new_cluster()
    guard = subprocess.Popen(
        ["sh", "-c", GUARD, made.folder],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=made.folder,
        start_new_session=True,
    )
    database = MortalPostgres(cluster=made)
    try:
        database.start()
        migrate.upgrade(database.url)
        yield database
    finally:
        if database.server and database.server.poll() is None:
            database.server.send_signal(signal.SIGINT)
            database.server.wait(20)
        guard.stdin.close()
        guard.wait()
        shutil.rmtree(made.folder, ignore_errors=True)
