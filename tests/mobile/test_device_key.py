"""A file copied off the telephone does not open elsewhere, not even with the PIN."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from mobile import sealing
from mobile.offline_store import OfflineStore
from mobile.sealing import Seal, WrongPin
from tests.mobile.conftest import QUICK

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)


class Telephone:
    """What a keystore does, with the key in memory: the real one needs a telephone."""

    def __init__(self) -> None:
        self._seal = Seal(sealing.new_key())

    def close(self, plain: bytes) -> bytes:
        return self._seal.close(plain, "device")

    def open(self, sealed: bytes) -> bytes:
        try:
            return self._seal.open(sealed, "device")
        except InvalidTag:
            raise WrongPin from None


def opened(folder: Path, device: Telephone | None) -> OfflineStore:
    return OfflineStore(folder / "phone.sqlite3", effort=QUICK, device=device)


def kept(folder: Path, device: Telephone | None) -> None:
    store = opened(folder, device)
    store.set_pin("4826")
    store.wait("confirm", {"n": 1}, now=NOW)
    store.close()


def test_the_right_pin_opens_it_on_the_telephone_it_was_made_on(tmp_path: Path) -> None:
    device = Telephone()
    kept(tmp_path, device)

    store = opened(tmp_path, device)
    with pytest.raises(WrongPin):
        store.unlock("0000", now=NOW)
    store.unlock("4826", now=NOW)

    assert [each.body for each in store.waiting()] == [{"n": 1}]
    store.close()


@pytest.mark.parametrize("elsewhere", [Telephone(), None])
def test_the_right_pin_opens_a_copied_file_nowhere_else(
    tmp_path: Path, elsewhere: Telephone | None
) -> None:
    kept(tmp_path, Telephone())

    store = opened(tmp_path, elsewhere)
    with pytest.raises(WrongPin):
        store.unlock("4826", now=NOW)
    store.close()


def test_an_older_file_with_its_queue_is_bound_to_the_telephone_when_it_is_next_opened(
    tmp_path: Path,
) -> None:
    kept(tmp_path, None)
    device = Telephone()

    store = opened(tmp_path, device)
    store.unlock("4826", now=NOW)
    assert store.count_waiting() == 1
    store.close()

    copied = opened(tmp_path, None)
    with pytest.raises(WrongPin):
        copied.unlock("4826", now=NOW)
    copied.close()
    again = opened(tmp_path, device)
    again.unlock("4826", now=NOW)
    again.close()
