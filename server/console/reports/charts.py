"""Drawings beside the tables of reports; every one says less than its table and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass

SHADES = 5
HEIGHT = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A stretch of a column, from below, of a hundred."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column and what stands below it."""

    label: str
    says: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Columns on one scale; `legend` names the kinds of their parts."""

    most: int
    legend: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A share of a hundred and its shade; None where there is nothing to share."""

    share: int | None
    shade: int


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Shares by row and column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def columns(
    legend: tuple[tuple[str, str], ...], rows: Iterable[tuple[str, tuple[int, ...]]]
) -> Columns | None:
    """Columns of counts, a kind above the other; None where all is nothing."""
    known = list(rows)
    most = max((sum(counts) for _, counts in known), default=0)
    if not most:
        return None
    return Columns(
        most=most,
        legend=legend,
        columns=tuple(_column(label, counts, legend, most) for label, counts in known),
    )


def _column(
    label: str, counts: tuple[int, ...], legend: tuple[tuple[str, str], ...], most: int
) -> Column:
    parts, below = [], 0.0
    for (kind, _), count in zip(legend, counts, strict=True):
        height = round(HEIGHT * count / most, 1)
        below += height
        parts.append(Part(kind=kind, y=round(HEIGHT - below, 1), height=height))
    said = ", ".join(f"{n} {words}" for (_, words), n in zip(legend, counts, strict=True) if n)
    return Column(label=label, says=f"{label}: {said or 'nothing'}", parts=tuple(parts))


def grid(shares: Iterable[tuple[str, str, int | None]]) -> Grid | None:
    """A grid from shares by row and column, both in the order in which they sort."""
    known = {(row, column): share for row, column, share in shares}
    names = tuple(sorted({column for _, column in known}))
    if not names:
        return None
    return Grid(
        columns=names,
        rows=tuple(
            (row, tuple(_cell(known.get((row, name))) for name in names))
            for row in sorted({row for row, _ in known})
        ),
    )


def _cell(share: int | None) -> Cell:
    return Cell(share=share, shade=0 if not share else min(SHADES, 1 + share * SHADES // 101))
