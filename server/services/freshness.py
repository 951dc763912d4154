"""The thing somebody means: there is one in their clinic, and it is as they read it."""

from typing import Protocol, TypeVar

from server.services.refusals import NotFound, Stale


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


R = TypeVar("R")
V = TypeVar("V", bound=Versioned)


def found(row: R | None) -> R:
    """The row. NotFound where this clinic has none."""
    if row is None:
        raise NotFound
    return row


def unchanged(row: V | None, expected_version: int) -> V:
    """The row. NotFound where there is none, Stale where it changed since it was read."""
    row = found(row)
    if row.version != expected_version:
        raise Stale
    return row


def touch(row: Versioned) -> None:
    """Count a change of what belongs to a row as a change of the row itself."""
    row.version += 1
