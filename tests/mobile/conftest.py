"""A demo clinic behind a real server process, and a phone that knows nothing yet."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from mobile.offline_store import OfflineStore
from mobile.sealing import Effort

QUICK = Effort(passes=1, kibibytes=64, lanes=1)
"""Tests need the form of the lock, not its weight."""
EMAIL, PASSWORD = "patient@demo.invalid", "only-for-the-demo-clinic"
SERVE = "import sys; sys.argv[0] = 'tandem'; from server.cli import main; main()"


@pytest.fixture(scope="session")
def demo_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo clinic's folder, made once."""
    from server import config
    from server.app import create_app
    from server.persistence import migrate
    from server.persistence.database import db
    from server.services.demo import opening

    folder = tmp_path_factory.mktemp("demo")
    settings = config.embedded(folder)
    migrate.upgrade(settings.database_url)
    app = create_app(settings)
    with app.app_context():
        opening.ensure(now=datetime.now(UTC))
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="module")
def server(demo_clinic: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server process on a copy of the demo clinic."""
    folder = tmp_path_factory.mktemp("served") / "clinic"
    shutil.copytree(demo_clinic, folder)
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def open_clinic(demo_clinic: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose patients' check-ins are all open now, whatever the day."""
    folder = tmp_path_factory.mktemp("open") / "clinic"
    shutil.copytree(demo_clinic, folder)
    rows = sqlite3.connect(folder / "tandem.db")
    times = {"opens_at": -2, "due_at": 0, "closes_at": 2}
    now = datetime.now(UTC).replace(tzinfo=None)
    values = [str(now + timedelta(days=days)) for days in times.values()]
    named = ", ".join(f"{name} = ?" for name in times)
    rows.execute(f"UPDATE check_in SET {named} WHERE status = 'requested'", values)
    rows.commit()
    rows.close()
    with serving(folder) as address:
        yield address


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """A server process; on a port of its own if none is named."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", SERVE, "serve", "--data", str(folder), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
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


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OfflineStore]:
    store = OfflineStore(tmp_path / "phone.sqlite3", effort=QUICK)
    store.set_pin("4826")
    yield store
    store.close()
