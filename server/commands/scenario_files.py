"""Files on the command line: read whole or refused fault by fault, written whole or not."""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from server.planner.files.entries import LONGEST_TEXT, FileFaults
from server.planner.files.reading import read_scenario
from server.planner.files.scenario import Scenario

R = TypeVar("R")
BAD_FILE = 2


def read(path: Path) -> Scenario:
    """The scenario in a file; a bad one is told fault by fault, and the command ends with 2."""
    return read_by(read_scenario, path)


def read_by(reader: Callable[[object], R], path: Path) -> R:
    """What a reader makes of a file; its faults are told like a scenario's."""
    try:
        return reader(_json(path))
    except FileFaults as bad:
        refuse(bad)


def refuse(bad: FileFaults) -> NoReturn:
    """Tell every fault on its own line and end with 2."""
    for fault in bad.faults:
        click.echo(fault, err=True)
    sys.exit(BAD_FILE)


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_bytes(), parse_constant=_refuse, object_pairs_hook=_once)
    except OSError as error:
        raise FileFaults([f"{path.name}: {error.strerror}"]) from error
    except RecursionError as error:
        raise FileFaults(["$: is nested too deeply"]) from error
    except ValueError as error:
        raise FileFaults([f"$: is no JSON: {error}"]) from error


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; of two values for one key, JSON would take the later and never tell."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in found if keys.count(key) > 1)
        raise ValueError(f"an object has the key {json.dumps(twice[:LONGEST_TEXT])} twice")
    return found


def require_writable(out: Path, *read: Path) -> None:
    """Refuse at once what could not be written after a minute's work, or would be lost by it."""
    reasons = {
        "is what is read; it would be lost": any(map(partial(_is_same, out), read)),
        "is a folder": out.is_dir(),
        "is in no folder that there is": not out.parent.is_dir(),
        "may not be written": not os.access(out if out.exists() else out.parent, os.W_OK),
    }
    for reason in (each for each, holds in reasons.items() if holds):
        refuse(FileFaults([f"{out.name}: {reason}"]))


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def write(path: Path, text: str) -> None:
    """All of it or nothing: a reader never sees half a file. What is no file, as a pipe, is written
    to as it is; of a link, what it points to."""
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        click.echo(f"{path.name}: {error.strerror}", err=True)
        sys.exit(BAD_FILE)


SCENARIO = click.argument("scenario", type=click.Path(path_type=Path))
OUT = click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
