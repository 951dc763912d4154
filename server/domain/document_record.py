"""Reads one mapping of a document key by key, and notes every fault with its place.

Nothing here raises on bad content: a faulty value reads as an empty one, and the caller refuses
the whole document at the end. Values are never quoted in a fault, so none can be dangerous there.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from server.domain.faults import Fault

E = TypeVar("E", bound=StrEnum)

CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_CODE = 60
LONGEST_TEXT = 2000
MOST_RECORDS = 60
MOST_FAULTS = 200


@dataclass
class Notes:
    """What reading one document has found so far."""

    faults: list[Fault] = field(default_factory=list)
    cited: list[tuple[str, str]] = field(default_factory=list)
    """Every source id used, with its place."""

    def add(self, path: str, reason: str) -> None:
        """Note a fault; past `MOST_FAULTS` no more are kept."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(path=path, reason=reason))


class Record:
    """One mapping of the document and its place."""

    def __init__(self, content: object, path: str, notes: Notes) -> None:
        self.path, self.notes = path, notes
        self._known: set[str] = set()
        self._broken = not isinstance(content, Mapping)
        self._content: Mapping[object, object] = content if isinstance(content, Mapping) else {}
        if self._broken:
            notes.add(path, f"must be a record with named entries, not {_kind(content)}")

    def place(self, key: str) -> str:
        """The path of one of this record's keys."""
        return f"{self.path}.{key}" if self.path else key

    def fault(self, key: str, reason: str) -> None:
        """Note a fault at a key; "" is the record itself."""
        self.notes.add(self.place(key) if key else self.path, reason)

    def get(self, key: str) -> object:
        """The raw value of a key, None where absent."""
        self._known.add(key)
        return self._content.get(key)

    def has(self, key: str) -> bool:
        """Is the key written, even as null?"""
        return key in self._content

    def text(self, key: str, *, longest: int = 200, default: str | None = None) -> str:
        """A line or paragraph without control characters; required where no default is given."""
        value = self.get(key)
        if value is None:
            return self._absent(key, default)
        if not isinstance(value, str):
            self.fault(key, f"must be text, not {_kind(value)}")
        elif not value.strip():
            self.fault(key, "must not be blank")
        elif len(value) > longest:
            self.fault(key, f"is longer than {longest} characters")
        elif any(not (c.isprintable() or c in "\n\t") for c in value):
            self.fault(key, "holds a character that cannot be shown")
        else:
            return value.strip()
        return ""

    def code(self, key: str, *, default: str | None = None) -> str:
        """A short name in small letters, digits and single hyphens: "infusion", "pcl-5"."""
        value = self.get(key)
        if value is None:
            return self._absent(key, default)
        return self._code(value, self.place(key))

    def codes(self, key: str) -> tuple[str, ...]:
        """A list of codes, possibly empty."""
        found = self._items(key)
        return tuple(self._code(v, f"{self.place(key)}[{i}]") for i, v in enumerate(found))

    def code_or_codes(self, key: str) -> tuple[str, ...]:
        """At least one code: written alone or in a list."""
        if isinstance(self.get(key), list | tuple):
            found = self.codes(key)
            if not found:
                self.fault(key, "must name at least one")
            return found
        return (self.code(key),)

    def enum(self, key: str, kind: type[E], default: E | None = None) -> E:
        """One of the words of `kind`; required where no default is given."""
        value, words = self.get(key), [each.value for each in kind]
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value in words:
            return kind(value)
        self._absent(key, None) if value is None else self.fault(
            key, f"must be one of: {', '.join(words)}"
        )
        return next(iter(kind))

    def flag(self, key: str, default: bool | None = None) -> bool | None:
        """True, false, or the default where absent or null."""
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.fault(key, f"must be true or false, not {_kind(value)}")
        return default

    def number(self, key: str, *, least: float = -5000, most: float = 5000) -> float | None:
        """A number within bounds; None where absent or null."""
        return self._number(self.get(key), self.place(key), least, most)

    def whole(self, key: str, *, least: int = 0, most: int = 5000) -> int | None:
        """A whole number within bounds; None where absent or null."""
        value = self.number(key, least=least, most=most)
        if value is not None and value != int(value):
            self.fault(key, "must be a whole number")
        return None if value is None else int(value)

    def whole_list(self, key: str, *, most: int) -> tuple[int, ...]:
        """A list of whole numbers from 0 to `most`."""
        found = []
        for index, value in enumerate(self._items(key)):
            path = f"{self.place(key)}[{index}]"
            number = self._number(value, path, 0, most)
            if number is None or number != int(number):
                self.notes.add(path, "must be a whole number")
            else:
                found.append(int(number))
        return tuple(found)

    def record(self, key: str) -> "Record | None":
        """A record inside this one; None where absent or null."""
        value = self.get(key)
        return None if value is None else Record(value, self.place(key), self.notes)

    def needed(self, key: str) -> "Record":
        """A record inside this one that has to be there."""
        value = self.get(key)
        if value is None:
            self._absent(key, None)
        inner = Record({} if value is None else value, self.place(key), self.notes)
        inner._broken = inner._broken or value is None
        return inner

    def records(self, key: str) -> "list[Record]":
        """A list of records, possibly empty."""
        place = self.place(key)
        return [Record(v, f"{place}[{i}]", self.notes) for i, v in enumerate(self._items(key))]

    def finish(self) -> None:
        """Call when all is taken: every key not asked for is a fault."""
        for key in self._content:
            if not isinstance(key, str):
                self.fault("", "has an entry whose name is not text")
            elif key not in self._known:
                self.fault(_shown(key), "is not known here" + self._meant(key))

    def _meant(self, key: str) -> str:
        close = get_close_matches(key[:LONGEST_CODE], sorted(self._known), n=1)
        return f"; did you mean {close[0]}?" if close else ""

    def _absent(self, key: str, default: str | None) -> str:
        if default is None and not self._broken:
            self.fault(key, "is missing")
        return default or ""

    def _items(self, key: str) -> Sequence[object]:
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self.fault(key, f"must be a list, not {_kind(value)}")
        elif len(value) > MOST_RECORDS:
            self.fault(key, f"holds more than {MOST_RECORDS} entries")
        else:
            return value
        return ()

    def _code(self, value: object, path: str) -> str:
        if not isinstance(value, str):
            self.notes.add(path, f"must be a code, not {_kind(value)}")
        elif len(value) > LONGEST_CODE or not CODE.fullmatch(value):
            self.notes.add(
                path, f"must be small letters, digits and hyphens, at most {LONGEST_CODE} long"
            )
        else:
            return value
        return ""

    def _number(self, value: object, path: str, least: float, most: float) -> float | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.notes.add(path, f"must be a number, not {_kind(value)}")
        elif isinstance(value, float) and not math.isfinite(value):
            self.notes.add(path, "must be a finite number")
        elif not least <= value <= most:
            self.notes.add(path, f"must lie between {least:g} and {most:g}")
        else:
            return float(value)
        return None


_KINDS = {dict: "a record", list: "a list", str: "text", bool: "true or false", type(None): "null"}


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a number" if isinstance(value, int | float) else "this")


def _shown(key: str) -> str:
    printable = "".join(c if c.isprintable() else "?" for c in key[:LONGEST_CODE])
    return printable or "(blank)"
