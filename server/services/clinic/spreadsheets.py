"""Tables as spreadsheets write them (CSV), read with suspicion and written so that none runs."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
LONGEST_CELL = 500
DELIMITERS = (",", ";", "\t")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run by the program that opens it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFault:
    """One thing wrong: the row as a spreadsheet counts it (the header is row 1), column, why."""

    row: int
    column: str
    reason: str


class UnreadableTable(Exception):
    """The text as a whole cannot be a table with the columns asked for."""

    def __init__(self, faults: Iterable[RowFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("not a table")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One row under the header, its cells by column."""

    row: int
    cells: Mapping[str, str]


def read(text: str, *, needed: Sequence[str], allowed: Sequence[str]) -> list[Line]:
    """The rows under the header. Raises UnreadableTable with everything found wrong.

    Commas, semicolons or tabs; a byte order mark is taken off; empty rows are passed over.
    """
    text = text.removeprefix("\ufeff")
    _require_readable(text)
    records = _records(text)
    header = _header(records[0] if records else [], needed, allowed)
    faults, lines = [], []
    for row, cells in enumerate(records[1:], start=2):
        if any(cell.strip() for cell in cells):
            faults += _cell_faults(row, header, cells)
            lines.append(Line(row=row, cells=dict(zip(header, map(_plain, cells), strict=False))))
    if len(lines) > MOST_ROWS:
        faults = [RowFault(row=1, column="", reason=f"more than {MOST_ROWS} rows; split the file")]
    if faults:
        raise UnreadableTable(faults)
    return lines


def write(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Text that a spreadsheet opens as a table; what looks like a formula is marked as text."""
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return kept.getvalue()


def _require_readable(text: str) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        _refuse(f"more than {MOST_BYTES // 1000} kB; split the file")
    if any("\ud800" <= c <= "\udfff" for c in text):
        _refuse("this is not text")
    if "\0" in text:
        _refuse(
            "a NUL character; save the file again as CSV, UTF-8",
            text.count("\n", 0, text.index("\0")) + 1,
        )


def _refuse(reason: str, row: int = 1) -> None:
    raise UnreadableTable([RowFault(row=row, column="", reason=reason)])


def _records(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    try:
        for cells in reader:
            records.append(cells)
            if len(records) > 2 * MOST_ROWS:
                break
    except csv.Error as error:
        what = "a cell is far too long" if "limit" in str(error) else "a quotation mark is alone"
        _refuse(f"{what}; nothing after this could be read", len(records) + 1)
    return records


def _header(cells: list[str], needed: Sequence[str], allowed: Sequence[str]) -> list[str]:
    names = [cell.strip().casefold() for cell in cells]
    faults = [(name, "this column is missing") for name in needed if name not in names]
    faults += [(name[:80], "there is no such column") for name in names if name not in allowed]
    faults += [(name, "this column stands twice") for name in allowed if names.count(name) > 1]
    if faults:
        raise UnreadableTable(RowFault(row=1, column=name, reason=why) for name, why in faults)
    return names


def _cell_faults(row: int, header: list[str], cells: list[str]) -> list[RowFault]:
    if len(cells) != len(header):
        reason = f"{len(cells)} cells, but the header has {len(header)}"
        return [RowFault(row=row, column="", reason=reason)]
    return [
        RowFault(row=row, column=column, reason=f"longer than {LONGEST_CELL} characters")
        for column, cell in zip(header, cells, strict=True)
        if len(cell) > LONGEST_CELL
    ]


def _plain(cell: str) -> str:
    """Without the mark that `write` or a spreadsheet put before what is no formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
