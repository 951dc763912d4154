"""A demo clinic behind a real server process, and a phone that knows nothing yet."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mobile import api_client
from mobile.offline_store import OfflineStore
from mobile.sealing import Effort
from tests.demo_clinic import serving

QUICK = Effort(passes=1, kibibytes=64, lanes=1)
"""Tests need the form of the lock, not its weight."""


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """Beside other tests a server may take longer than a patient would wait."""
    api_client.TIMEOUT_SECONDS = 60.0


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


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OfflineStore]:
    store = OfflineStore(tmp_path / "phone.sqlite3", effort=QUICK)
    store.set_pin("4826")
    yield store
    store.close()
