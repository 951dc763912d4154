"""What is packaged is whole: it imports only what is in it or in the list of what it needs."""

import ast
import configparser
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_staged_folder_imports_only_itself_and_what_the_package_lists(tmp_path: Path) -> None:
    staged = tmp_path / "phone"
    runpy.run_path(str(ROOT / "scripts" / "stage_phone.py"))["stage"](staged)
    spec = configparser.ConfigParser()
    spec.read(ROOT / "buildozer.spec")
    listed = {each.split("==")[0] for each in spec["app"]["requirements"].split(",")}
    known = {*listed, "mobile", "shared", "argon2", "jnius", "android", *sys.stdlib_module_names}

    strangers = {
        f"{file.relative_to(staged)} imports {name}"
        for file in staged.rglob("*.py")
        for name in imported(file)
        if name.split(".")[0] not in known or not there(staged, name)
    }

    assert not strangers


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def there(staged: Path, name: str) -> bool:
    """Whether a module of our own was staged."""
    if name.split(".", maxsplit=1)[0] not in ("mobile", "shared"):
        return True
    path = staged.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def test_the_package_pins_what_the_locks_pin() -> None:
    spec = configparser.ConfigParser()
    spec.read(ROOT / "buildozer.spec")
    lock = (ROOT / "requirements" / "mobile.txt").read_text(encoding="utf-8")

    pinned = [each for each in spec["app"]["requirements"].split(",") if "==" in each]

    assert [each for each in pinned if f"\n{each} " not in f"\n{lock}"] == []
