"""One planning run: how far it is, and what it found."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.clock import day_words
from server.console.days import a_day
from server.console.pages import page, staff_page
from server.console.patients.planning import said
from server.console.planning import calendars
from server.console.planning.asking import STATUS, what
from server.services.access import Caller
from server.services.people import patients
from server.services.planning import planning_runs
from server.services.refusals import Conflict, Refused

UNDER_WAY = ("waiting", "running")
MOST_NAMED = 200
"""So many patients are named; a longer list is told in numbers."""


def show(run_id: str, status: int = 200, fault: str = "") -> Any:
    """How far it is, or what it found."""
    by = caller()
    row = planning_runs.read(by, run_id)
    found = _found(by, run_id) if row.status == "done" else None
    return staff_page(
        "planning/run.html",
        by,
        status,
        here="planning",
        fault=fault,
        found=found,
        bookable=_bookable(row),
        may_book=_bookable(row) and row.booked_at is None and bool(found and found["placed"]),
        done=request.args.get("done") == "booked",
        **_progress(row),
    )


def _bookable(row: Any) -> bool:
    return bool(row.asked["scope"] == "waiting" and not row.asked["changes"])


def progress(run_id: str) -> Any:
    """The part of the page that tells how far it is."""
    return page("planning/progress.html", **_progress(planning_runs.read(caller(), run_id)))


def _progress(row: Any) -> dict[str, Any]:
    return {
        "run_id": row.id,
        "word": STATUS[row.status],
        "under_way": row.status in UNDER_WAY,
        "again": row.status in ("cancelled", "failed", "interrupted"),
        "percent": row.percent,
        "series": row.series,
        "placed": row.placed,
        "cost": row.cost,
        "bound": row.bound,
        "seconds": row.asked["seconds"],
        "what": what(row.asked),
        "booked": row.booked_at is not None,
    }


def _found(by: Caller, run_id: str) -> dict[str, Any]:
    result: Any = planning_runs.result(by, run_id, now=utc_now())
    before, after = result["before"], result["after"]
    return {
        "placed": len(after["series"]),
        "left_out": list(_left_out(by, after["unplaced"])),
        "more_left_out": max(0, len(after["unplaced"]) - MOST_NAMED),
        "sums": _sums(before, after),
        "calendars": calendars.side_by_side(before, after),
        "weeks": list(_weeks(before, after)),
        "compared": before is not None,
        "differences": list(_named(by, result["differences"])),
        "more_differences": max(0, len(result["differences"]) - MOST_NAMED),
    }


def _sums(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """What is counted of both plans: what, as it is (None where only one was made), as found."""

    def counted(found: Mapping[str, Any] | None) -> tuple[Any, ...]:
        if found is None:
            return (None, None, None)
        return len(found["series"]), len(found["unplaced"]), found["cost"]

    words = ("series with times", "series without", "cost, the less the better")
    return list(zip(words, counted(before), counted(after), strict=True))


def _weeks(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Week by week how much happens in either plan."""
    one = {each["monday"]: each for each in (before or {}).get("weeks", ())}
    other = {each["monday"]: each for each in after["weeks"]}
    most = max((_all(each) for each in (*one.values(), *other.values())), default=1)
    for monday in sorted({*one, *other}):
        day = a_day(monday)
        yield {
            "week": day_words(day) if day else monday,
            "before": one.get(monday),
            "after": other.get(monday),
            "before_all": _all(one.get(monday)),
            "after_all": _all(other.get(monday)),
            "most": most,
        }


def _all(week: Mapping[str, int] | None) -> int:
    return week["infusions"] + week["others"] if week else 0


def _named(by: Caller, differences: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    known = list(differences)[:MOST_NAMED]
    names = patients.named(by, [each["patient_id"] for each in known], now=utc_now())
    for each in known:
        yield names.get(each["patient_id"], ""), each["patient_id"], each["text"]


def _left_out(
    by: Caller, unplaced: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, str, list[str]]]:
    known = list(unplaced)[:MOST_NAMED]
    names = patients.named(by, [each["patient_id"] for each in known], now=utc_now())
    for each in known:
        name = names.get(each["patient_id"], "")
        texts = [why.get("text") or why.get("sentence") or "" for why in each["reasons"]]
        yield name, each["patient_id"], [text for text in texts if text]


def cancel(run_id: str) -> Any:
    """Stop it."""
    return _acted(run_id, lambda by: planning_runs.cancel(by, run_id, now=utc_now()))


def restart(run_id: str) -> Any:
    """Begin it anew."""
    return _acted(run_id, lambda by: planning_runs.restart(by, run_id, now=utc_now()))


def book(run_id: str) -> Any:
    """Book everything it found, or nothing."""
    return _acted(run_id, lambda by: planning_runs.book(by, run_id, now=utc_now()), done="booked")


def _acted(run_id: str, act: Callable[[Caller], object], done: str | None = None) -> Any:
    by = poster()
    try:
        act(by)
    except Conflict as conflict:
        return show(run_id, 409, str(conflict))
    except Refused as refused:
        return show(run_id, 409, " ".join(("Nothing was booked.", *dict.fromkeys(said(refused)))))
    return redirect(url_for("console.planning_run", run_id=run_id, done=done), 303)
