"""Each report as a table: a name, its columns, its rows, and a sentence that says it all."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from server.console.reports import charts
from server.console.reports.charts import Columns, Grid
from server.services.clinic import spreadsheets
from server.services.record.reports import Kept, Missed, Waiting

Cell = str | int | float
LEGEND = (("done", "took place"), ("missed", "did not come"), ("off", "cancelled"))


@dataclass(frozen=True, kw_only=True)
class Table:
    """One report. `bars` are shares of one hundred beside each row, None where a row has none."""

    code: str
    title: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[int | None, ...]
    chart: Columns | None = None
    grid: Grid | None = None


def as_csv(table: Table) -> str:
    """The same for a spreadsheet."""
    return spreadsheets.write(table.columns, table.rows)


def windows(kept: Iterable[Kept]) -> Table:
    """How visits lay in their windows."""
    rows = tuple(
        (each.kind.replace("_", " "), each.fulfilled, each.windowed, each.inside) for each in kept
    )
    windowed, inside = (sum(int(row[n]) for row in rows) for n in (2, 3))
    return Table(
        code="windows",
        title="Visits inside their window",
        says=f"{inside} of {windowed} visits with a window took place inside it"
        f"{_share(inside, windowed)}.",
        columns=("Kind of visit", "Took place", "Had a window", "Inside it"),
        rows=rows,
        bars=tuple(_percent(int(row[3]), int(row[2])) for row in rows),
    )


def no_shows(weeks: Collection[Missed]) -> Table:
    """How visits ended, week by week."""
    rows = tuple(
        (each.week.isoformat(), each.fulfilled, each.no_shows, each.cancelled) for each in weeks
    )
    came, missed = (sum(int(row[n]) for row in rows) for n in (1, 2))
    return Table(
        code="no-shows",
        title="Did not come",
        says=f"{missed} of {came + missed} visits were missed{_share(missed, came + missed)}. "
        "Cancelled ones are counted apart.",
        columns=("Week from", "Took place", "Did not come", "Cancelled"),
        rows=rows,
        bars=tuple(_percent(int(row[2]), int(row[1]) + int(row[2])) for row in rows),
        chart=charts.columns(
            LEGEND,
            (
                (
                    f"{each.week.day} {each.week:%b}",
                    (each.fulfilled, each.no_shows, each.cancelled),
                )
                for each in weeks
            ),
        ),
    )


def waits(waiting: Waiting) -> Table:
    """How long people wait, and waited."""
    rows = (
        (
            "had their first infusion",
            waiting.finished,
            *_days(waiting.median_days, waiting.longest_days),
        ),
        (
            "still wait for it",
            waiting.still_waiting,
            *_days(waiting.waiting_median_days, waiting.waiting_longest_days),
        ),
    )
    return Table(
        code="waiting",
        title="From the start of a series to the first infusion",
        says=f"{waiting.finished} series had their first infusion, {waiting.still_waiting} still "
        "wait. Both are told, for an average of finished waits hides those who wait longest.",
        columns=("Series that", "How many", "Median days", "Longest, days"),
        rows=rows,
        bars=(None, None),
    )


def _days(middle: float | None, longest: int | None) -> tuple[Cell, Cell]:
    return ("none" if middle is None else middle, "none" if longest is None else longest)


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _share(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.1f} %)" if whole else ""
