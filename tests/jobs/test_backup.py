from pathlib import Path

import pytest
from click.testing import CliRunner

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


def test_a_clinic_comes_back_from_its_backup_as_it_was(clinic: Path, tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    file, again = tmp_path / "copy.db", tmp_path / "again"
    assert run("backup", file, "--data", clinic).startswith("0")

    assert run("restore", file, "--data", again).startswith("0")

    def everything(folder: Path) -> list[str]:
        with closing(sqlite3.connect(folder / "tandem.db")) as database:
            return list(database.iterdump())

    assert everything(again) == everything(clinic)


def test_a_damaged_backup_is_refused_and_leaves_nothing_behind(
    clinic: Path, tmp_path: Path
) -> None:
    file, again = tmp_path / "copy.db", tmp_path / "again"
    run("backup", file, "--data", clinic)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    assert "no backup" in run("restore", file, "--data", again)

    assert not list(again.glob("tandem*"))


def test_a_backup_never_overwrites_a_clinic_or_a_file(clinic: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    run("backup", file, "--data", clinic)

    assert "exists" in run("backup", file, "--data", clinic)
    assert "already" in run("restore", file, "--data", clinic)


def test_somebody_elses_database_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    file, again = tmp_path / "other.db", tmp_path / "again"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE recipe (title TEXT)")

    assert "not one of Tandem's" in run("restore", file, "--data", again)

    assert not list(again.glob("tandem*"))


def test_what_stood_in_the_outbox_is_stopped_before_the_clinic_is_there(
    clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server import backup_commands

    file, again = tmp_path / "copy.db", tmp_path / "again"
    run("backup", file, "--data", clinic)

    def dies() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(backup_commands.outbox, "quarantine", dies)
    run("restore", file, "--data", again)
    assert not (again / "tandem.db").exists()
    monkeypatch.undo()

    assert run("restore", file, "--data", again).startswith("0")
    assert [found.name for found in again.glob("tandem*")] == ["tandem.db"]
