"""On a network that drops, doubles, delays and cuts, everything arrives once.

TANDEM_FLAKY_RUNS=1000 tries it a thousand times.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mobile import sync
from mobile.api_client import ApiClient
from mobile.offline_store import OfflineStore
from tests.demo_clinic import EMAIL, PASSWORD, serving
from tests.mobile.flaky_network import flaky

RUNS = int(os.environ.get("TANDEM_FLAKY_RUNS", "60"))


@pytest.fixture
def clinic(demo_clinic: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "clinic"
    shutil.copytree(demo_clinic, folder)
    with serving(folder) as address:
        yield address, folder


def named(folder: Path) -> list[str]:
    """Every time the clinic wrote down a ride home, by appointment."""
    file = folder / "tandem.db"
    rows = sqlite3.connect(file)
    query = "SELECT subject_id FROM audit_event WHERE action = 'appointments.ride'"
    found = [subject for (subject,) in rows.execute(query)]
    rows.close()
    return found


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_is_lost_and_nothing_is_done_twice(
    clinic: tuple[str, Path], store: OfflineStore
) -> None:
    server, folder = clinic
    direct = ApiClient(server)
    direct.sign_in(EMAIL, PASSWORD, device="Test phone")
    sync.round_trip(store, direct, now=datetime.now(UTC))
    document = store.document(sync.TODAY, now=datetime.now(UTC)) or {}
    infusions = [each["id"] for each in document["appointments"] if each["kind"] == "infusion"]

    with flaky(server, seed=2027) as (address, done):
        phone = ApiClient(address, refresh_token=direct.refresh_token)
        for run in range(RUNS):
            ride = {"appointment_id": infusions[run % 6], "name": f"Sam {run}", "phone": ""}
            store.wait("ride", ride, now=datetime.now(UTC))
            outcome = sync.round_trip(store, phone, now=datetime.now(UTC))
            assert not outcome.signed_out
        rounds = 0
        while store.waiting():
            rounds += 1
            assert rounds < 50 + RUNS, "the queue does not empty"
            sync.round_trip(store, phone, now=datetime.now(UTC))
        phone.close()

    assert store.refused() == []
    assert sorted(named(folder)) == sorted(infusions[run % 6] for run in range(RUNS))
    assert {"drop", "lose", "cut", "twice", "late"} <= set(done)
    sync.round_trip(store, direct, now=datetime.now(UTC))
    document = store.document(sync.TODAY, now=datetime.now(UTC)) or {}
    rides = {each["id"]: each["ride"] for each in document["appointments"]}
    assert rides[infusions[(RUNS - 1) % 6]]["name"] == f"Sam {RUNS - 1}"
    direct.close()
