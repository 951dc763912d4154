import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.backup import bundle
from server.cli import main
from server.config import embedded


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A demo clinic's folder would take long; an empty clinic is enough to be lost."""
    from server.persistence import migrate

    folder = tmp_path / "clinic"
    migrate.upgrade(embedded(folder).database_url)
    return folder


def run(*words: object) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words])
    return f"{done.exit_code} {done.output}"


def everything(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "tandem.db")) as database:
        return list(database.iterdump())


def ledger_in(said: str) -> str:
    return re.search(r"ledger +([0-9a-f]{64})", said)[1]


def test_a_clinic_comes_back_from_its_backup_as_it_was(clinic: Path, tmp_path: Path) -> None:
    file, again = tmp_path / "copy.tandem", tmp_path / "again"
    made = run("backup", file, "--data", clinic)
    assert made.startswith("0")
    assert file.stat().st_mode & 0o077 == 0

    back = run("restore", file, "--data", again)

    assert back.startswith("0")
    assert everything(again) == everything(clinic)
    assert ledger_in(back) == ledger_in(made)
    assert ledger_in(run("backup", tmp_path / "second", "--data", again)) == ledger_in(made)


def test_a_backup_of_before_there_were_manifests_is_still_restored(
    clinic: Path, tmp_path: Path
) -> None:
    assert run("restore", clinic / "tandem.db", "--data", tmp_path / "again").startswith("0")

    assert everything(tmp_path / "again") == everything(clinic)


def altered(whole: bytes, how: str) -> bytes:
    middle = len(whole) // 2
    return {
        "half of it": whole[:middle],
        "its first kilobytes": whole[:3000],
        "nothing": b"",
        "no end": whole[: -len(whole) // 3],
        "one bit turned": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "another form": whole.replace(b"tandem.backup/1", b"tandem.backup/9"),
        "a letter to the printer": b"Dear printer, " * 2000,
    }[how]


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("half of it", "damaged"),
        ("its first kilobytes", "damaged"),
        ("nothing", "no backup"),
        ("no end", "damaged"),
        ("one bit turned", "damaged"),
        ("another form", "newer"),
        ("a letter to the printer", "no backup"),
    ],
)
def test_what_is_not_whole_is_refused_and_leaves_nothing_behind(
    clinic: Path, tmp_path: Path, how: str, says: str
) -> None:
    file, again = tmp_path / "copy.tandem", tmp_path / "again"
    run("backup", file, "--data", clinic)
    file.write_bytes(altered(file.read_bytes(), how))

    said = run("restore", file, "--data", again)

    assert said.startswith("1")
    assert says in said
    assert not list(again.glob("tandem*"))


def test_who_changes_a_backup_and_its_digest_is_found_by_ledger_and_fingerprint(
    clinic: Path, tmp_path: Path
) -> None:
    file, again = tmp_path / "copy.tandem", tmp_path / "again"
    made = run("backup", file, "--data", clinic)
    payload = tmp_path / "payload"
    manifest = bundle.unpack(file, payload)
    with closing(sqlite3.connect(payload)) as database:
        database.execute("INSERT INTO clinic (id, title, made_at) VALUES ('x', 'y', '2027')")
        database.commit()
    changed = {"sha256": bundle.digest_of(payload), "bytes": payload.stat().st_size}
    bundle.pack(file, payload, replace(manifest, **changed))

    assert "ledgers differ" in run("restore", file, "--data", again)

    true = re.search(r"fingerprint +([0-9a-f]{64})", made)[1]
    assert "not the file" in run("restore", file, "--data", again, "--fingerprint", true)
    assert not list(again.glob("tandem*"))


def test_a_backup_of_a_newer_tandem_is_refused(clinic: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.tandem"
    with closing(sqlite3.connect(clinic / "tandem.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    run("backup", file, "--data", clinic)

    assert "newer Tandem" in run("restore", file, "--data", tmp_path / "again")


def test_a_backup_never_overwrites_a_clinic_or_a_file(clinic: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    run("backup", file, "--data", clinic)

    assert "exists" in run("backup", file, "--data", clinic)
    assert "already" in run("restore", file, "--data", clinic)


def test_somebody_elses_database_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    file, again = tmp_path / "other.db", tmp_path / "again"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE recipe (title TEXT)")

    assert "not one of Tandem's" in run("restore", file, "--data", again)

    assert not list(again.glob("tandem*"))


def test_what_stood_in_the_outbox_is_stopped_before_the_clinic_is_there(
    clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.commands import backup as backup_commands

    file, again = tmp_path / "copy.db", tmp_path / "again"
    run("backup", file, "--data", clinic)

    def dies() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(backup_commands.outbox, "quarantine", dies)
    run("restore", file, "--data", again)
    assert not (again / "tandem.db").exists()
    monkeypatch.undo()

    assert run("restore", file, "--data", again).startswith("0")
    assert (again / "tandem.db").exists()
    assert not list(again.glob("*.half*"))
