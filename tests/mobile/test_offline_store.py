"""What the phone keeps cannot be read without the PIN, and nothing that waits is lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mobile.offline_store import Locked, OfflineStore
from mobile.pin_lock import Wait
from mobile.sealing import WrongPin
from tests.mobile.conftest import QUICK

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
CANARY = "Rowan Canary takes me home"


def reopened(store: OfflineStore, folder: Path) -> OfflineStore:
    store.close()
    return OfflineStore(folder / "phone.sqlite3", effort=QUICK)


def test_nothing_written_can_be_read_in_any_file(store: OfflineStore, tmp_path: Path) -> None:
    store.keep("today", {"said": CANARY})
    change = store.wait("ride", {"name": CANARY}, now=NOW)
    store.refuse(change.id, {"reason": CANARY})
    store.keep("today", {"said": CANARY * 2})
    store.drop("today")

    files = [file for file in tmp_path.rglob("*") if file.is_file()]

    assert files
    assert not [file for file in files if b"Canary" in file.read_bytes()]


def test_a_document_expires(store: OfflineStore) -> None:
    store.keep("today", {"n": 1}, expires_at=NOW + timedelta(days=14))

    assert store.document("today", now=NOW) == {"n": 1}
    assert store.document("today", now=NOW + timedelta(days=14)) is None
    assert store.document("today", now=NOW) is None


def test_changes_wait_in_order_through_a_restart(store: OfflineStore, tmp_path: Path) -> None:
    made = [store.wait("confirm", {"n": n}, now=NOW + timedelta(minutes=n)) for n in range(3)]

    again = reopened(store, tmp_path)
    with pytest.raises(Locked):
        again.waiting()
    again.unlock("4826", now=NOW)

    assert again.waiting() == made
    again.close()


def test_a_refused_change_is_kept_with_its_reason_until_it_was_seen(store: OfflineStore) -> None:
    change = store.wait("confirm", {}, now=NOW)
    store.refuse(change.id, {"code": "stale"})

    assert store.waiting() == []
    assert [each.refused for each in store.refused()] == [{"code": "stale"}]
    store.done(change.id)
    assert store.refused() == []


def test_a_sealed_document_put_in_anothers_place_does_not_open(
    store: OfflineStore, tmp_path: Path
) -> None:
    import sqlite3

    store.keep("today", {"n": 1})
    store.keep("tokens", {"n": 2})
    with sqlite3.connect(tmp_path / "phone.sqlite3") as rows:
        moved = "(SELECT sealed FROM document WHERE name = 'tokens')"
        rows.execute(f"UPDATE document SET sealed = {moved} WHERE name = 'today'")
    rows.close()

    assert store.document("today", now=NOW) is None


def test_wrong_pins_have_to_wait_longer_and_longer(store: OfflineStore) -> None:
    store.lock()
    now, waits = NOW, []
    for _ in range(6):
        with pytest.raises(WrongPin):
            store.unlock("0000", now=now)
        try:
            store.unlock("0000", now=now)
        except Wait as wait:
            waits.append((wait.until - now).total_seconds())
            now = wait.until
        except WrongPin:
            continue

    assert waits == sorted(waits)
    assert waits[0] == 15
    store.unlock("4826", now=now)
    assert store.is_open


def test_too_many_wrong_pins_are_known_and_what_waits_is_still_there(store: OfflineStore) -> None:
    store.wait("confirm", {}, now=NOW)
    store.lock()
    now = NOW
    for _ in range(10):
        now += timedelta(hours=1)
        with pytest.raises(WrongPin):
            store.unlock("0000", now=now)

    assert store.pin.too_many
    assert store.count_waiting() == 1
    store.erase()
    assert not store.pin.is_set
    assert store.count_waiting() == 0


def test_another_pin_opens_what_was_kept_before(store: OfflineStore, tmp_path: Path) -> None:
    store.keep("today", {"n": 1})
    store.set_pin("1379")

    again = reopened(store, tmp_path)
    with pytest.raises(WrongPin):
        again.unlock("4826", now=NOW)
    again.unlock("1379", now=NOW)

    assert again.document("today", now=NOW) == {"n": 1}
    again.close()
