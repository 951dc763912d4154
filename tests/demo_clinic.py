"""The demo clinic in a folder to copy, and a real server process on such a folder."""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

EMAIL, PASSWORD = "patient@demo.invalid", "only-for-the-demo-clinic"
ROOT = Path(__file__).parents[1]
KEPT_SECONDS = 3600
MAKERS = (
    *("server/domain", "server/services", "server/persistence", "server/planner"),
    *("server/library", "shared", "migrations"),
)
"""The code that makes the demo clinic."""
SERVE = "import sys; sys.argv[0] = 'tandem'; from server.cli import main; main()"


def folder() -> Path:
    """The demo clinic's folder: made once an hour for all test runs of this code on this machine,
    since making it takes longer than all that is tried on it."""
    name = f"tandem-demo-{os.getuid()}-"
    kept = Path(tempfile.gettempdir()) / f"{name}{_code()}"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists() or time.time() - kept.stat().st_mtime > KEPT_SECONDS:
            for older in Path(tempfile.gettempdir()).glob(f"{name}*[!k]"):
                shutil.rmtree(older, ignore_errors=True)
            fresh = Path(tempfile.mkdtemp())
            _make(fresh)
            fresh.replace(kept)
            os.utime(kept)
    return kept


def _code() -> str:
    """Which code makes the clinic: another edition makes another."""
    files = (file for room in MAKERS for file in (ROOT / room).rglob("*"))
    found = sorted(each for each in files if each.suffix in (".py", ".yaml"))
    said = [f"{each} {each.stat().st_mtime_ns}" for each in found]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _make(folder: Path) -> None:
    from server import config
    from server.app import create_app
    from server.persistence import migrate
    from server.persistence.database import db
    from server.services.demo import opening

    settings = config.embedded(folder)
    migrate.upgrade(settings.database_url)
    app = create_app(settings)
    with app.app_context():
        opening.ensure(now=datetime.now(UTC))
        db.session.remove()
        db.engine.dispose()


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """A server process; on a port of its own if none is named."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", SERVE, "serve", "--data", str(folder), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*command, "--no-demo"], env=environment, stdout=subprocess.DEVNULL
    ) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(address, timeout=1)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the server did not begin to answer")
