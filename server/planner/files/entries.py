"""Reads JSON content key by key, and notes every fault with its path: `patients[3].ready_on`."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)
LONGEST_TEXT = 200
LARGEST = 10**9
MOST_FAULTS = 1000
"""So many faults of one file are told; a file may have millions."""


class FileFaults(Exception):
    """A file that cannot be used: every fault is a path, a colon and a reason."""

    def __init__(self, faults: list[str]) -> None:
        told = faults[:MOST_FAULTS]
        if len(faults) > MOST_FAULTS:
            told.append(f"$: has more faults than these {MOST_FAULTS}")
        super().__init__("\n".join(told))
        self.faults = told


@dataclass
class Entry:
    """One object of the file and its path. A faulty value reads as the `empty` one given."""

    content: object
    path: str
    faults: list[str]
    _known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not isinstance(self.content, Mapping):
            self.faults.append(f"{self.path or '$'}: must be an object")

    def place(self, key: str) -> str:
        """The path of a key of this object, on one line whatever the key."""
        told = key if key.isprintable() and key.strip() else json.dumps(key)
        return f"{self.path}.{told}" if self.path else told

    def fault(self, key: str, reason: str) -> None:
        """Note a fault."""
        if len(self.faults) <= MOST_FAULTS:
            self.faults.append(f"{self.place(key)}: {reason}")

    def has(self, key: str) -> bool:
        """Is there such a key with a value that is not null?"""
        return self.raw(key) is not None

    def raw(self, key: str) -> object:
        """The value as it stands; None where absent."""
        self._known.add(key)
        return self.content.get(key) if isinstance(self.content, Mapping) else None

    def read(self, key: str, parse: Callable[[object], T], empty: T, *, needed: bool = True) -> T:
        """A value by `parse`, which raises ValueError with the reason."""
        value = self.raw(key)
        if value is None:
            if needed and isinstance(self.content, Mapping):
                self.fault(key, "is missing")
            return empty
        try:
            return parse(value)
        except ValueError as error:
            self.fault(key, str(error))
            return empty

    def text(self, key: str, *, needed: bool = True) -> str:
        """A name: text that is not blank."""
        return self.read(key, as_text, "", needed=needed)

    def whole(
        self, key: str, least: int, most: int = LARGEST, *, default: int | None = None
    ) -> int:
        """A whole number within bounds."""
        empty = least if default is None else default
        return self.read(
            key, lambda value: as_whole(value, least, most), empty, needed=default is None
        )

    def objects(self, key: str, *, needed: bool = True) -> "Iterator[Entry]":
        """The objects of a list."""
        for n, each in enumerate(self._listed(key, needed)):
            if len(self.faults) > MOST_FAULTS:
                break
            yield Entry(each, f"{self.place(key)}[{n}]", self.faults)

    def items(self, key: str, parse: Callable[[object], T], *, needed: bool = True) -> list[T]:
        """The values of a list, each by `parse`."""
        found = []
        for n, each in enumerate(self._listed(key, needed)):
            if len(self.faults) > MOST_FAULTS:
                break
            try:
                found.append(parse(each))
            except ValueError as error:
                self.fault(f"{key}[{n}]", str(error))
        return found

    def _listed(self, key: str, needed: bool) -> list[object]:
        nothing: list[object] = []
        return self.read(key, as_list, nothing, needed=needed)

    def inside(self, key: str, *, needed: bool = True) -> "Entry":
        """An object inside this one; an empty one where absent."""
        value = self.raw(key)
        if value is None and needed and isinstance(self.content, Mapping):
            self.fault(key, "is missing")
        return Entry({} if value is None else value, self.place(key), self.faults)

    def names(self) -> list[str]:
        """All keys, for objects whose keys are names; each counts as known."""
        found = [str(key) for key in self.content] if isinstance(self.content, Mapping) else []
        self._known.update(found)
        return found

    def finish(self) -> None:
        """Every key that nobody asked for is a fault."""
        if isinstance(self.content, Mapping):
            for key in self.content:
                if key not in self._known:
                    self.fault(str(key)[:LONGEST_TEXT], "is not known here")


def as_text(value: object) -> str:
    """Raises ValueError for what is no short text."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text")
    if len(value) > LONGEST_TEXT or not value.isprintable():
        raise ValueError(f"must be printable and at most {LONGEST_TEXT} characters long")
    return value


def as_whole(value: object, least: int, most: int) -> int:
    """Raises ValueError for what is no whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")  # noqa: TRY004 - a fault, not a bug
    if not least <= value <= most:
        raise ValueError(f"must be from {least} to {most}")
    return value


def as_number(value: object) -> float:
    """Raises ValueError for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")  # noqa: TRY004 - a fault, not a bug
    if not -LARGEST <= value <= LARGEST:  # nor is NaN, which is not within either
        raise ValueError("is too large")
    return value


def word_of(kind: type[W]) -> Callable[[object], W]:
    """A parser for one of the words of an enum."""

    def parse(value: object) -> W:
        words = [each.value for each in kind]
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return kind(str(value))

    return parse


def kind_of(kind: type[W], otherwise: W) -> Callable[[object], W]:
    """A parser for what a thing is called; no rule of a plan hangs on it, so a clinic's own word
    ("check-in") is taken too and means `otherwise`. Raises ValueError for what is no word."""
    words = {each.value: each for each in kind}

    def parse(value: object) -> W:
        return words.get(as_text(value).replace("-", "_"), otherwise)

    return parse


def as_flag(value: object) -> bool:
    """Raises ValueError for what is neither true nor false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - a fault, not a bug
    return value


def as_list(value: object) -> list[object]:
    """Raises ValueError for what is no list."""
    if not isinstance(value, list):
        raise ValueError("must be a list")  # noqa: TRY004 - a fault, not a bug
    return value


def as_date(value: object) -> date:
    """Raises ValueError for what is no date like 2027-01-04."""
    try:
        found = date.fromisoformat(as_text(value))
    except ValueError as error:
        raise ValueError("must be a date like 2027-01-04") from error
    if found.isoformat() != value or not 1900 <= found.year <= 2199:
        raise ValueError("must be a date like 2027-01-04")
    return found


def as_instant(value: object) -> datetime:
    """Raises ValueError for what is no time with its offset."""
    try:
        found = datetime.fromisoformat(as_text(value))
    except ValueError as error:
        raise ValueError("must be a time like 2027-01-04T07:00:00-05:00") from error
    if found.utcoffset() is None:
        raise ValueError("must say its offset, as in 2027-01-04T07:00:00-05:00")
    if not 1900 <= found.year <= 2199:
        raise ValueError("must lie from 1900 to 2199")
    return found


def as_clock(value: object) -> int:
    """Local minutes after midnight, up to 1440 for "24:00". Raises ValueError otherwise."""
    text = as_text(value)
    hours, colon, minutes = text.partition(":")
    digits = (
        len(text) == 5 and colon and (hours + minutes).isascii() and (hours + minutes).isdigit()
    )
    if not digits or int(minutes) > 59 or int(hours) * 60 + int(minutes) > 1440:
        raise ValueError("must be a clock time like 08:00, at most 24:00")
    return int(hours) * 60 + int(minutes)
