"""What a tandem.plan/1 file says, as far as it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.planner.files.entries import Entry, FileFaults, as_instant, as_number, as_text

FORMAT = "tandem.plan/1"
NEVER = as_instant("2000-01-01T00:00:00+00:00")
PARTS = ("unplaced", "delay", "choice", "preference", "moves")


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedVisit:
    """A visit's start and the choices made for it alone."""

    starts_at: datetime
    choices: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedSeries:
    """One patient's series."""

    patient: str
    choices: Mapping[str, str]
    visits: Mapping[str, PlacedVisit]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFile:
    """The series in the order of the file, the patients left out, and what is claimed of it."""

    scenario: str
    series: tuple[PlacedSeries, ...]
    unplaced: tuple[str, ...]
    cost: float
    parts: Mapping[str, float]
    lower_bound: float | None


def read_plan(content: object) -> PlanFile:
    """The plan that parsed JSON holds. Raises FileFaults naming every fault."""
    faults: list[str] = []
    top = Entry(content, "", faults)
    if faults:
        raise FileFaults(faults)
    if top.text("format") not in ("", FORMAT):
        top.fault("format", f"must be {FORMAT}")
    parts = top.inside("cost_parts")
    found = PlanFile(
        scenario=top.text("scenario"),
        series=tuple(_series(each) for each in top.objects("series")),
        unplaced=tuple(each.text("patient") for each in top.objects("unplaced")),
        cost=top.read("cost", as_number, 0.0),
        parts={name: parts.read(name, as_number, 0.0) for name in PARTS},
        lower_bound=top.read("lower_bound", as_number, None, needed=False),
    )
    if faults:
        raise FileFaults(faults)
    return found


def _series(entry: Entry) -> PlacedSeries:
    visits = entry.inside("visits")
    return PlacedSeries(
        patient=entry.text("patient"),
        choices=_choices(entry),
        visits={code: _visit(visits.inside(code)) for code in visits.names()},
    )


def _visit(entry: Entry) -> PlacedVisit:
    starts_at = entry.read("start", as_instant, NEVER)
    return PlacedVisit(starts_at=starts_at, choices=_choices(entry))


def _choices(entry: Entry) -> dict[str, str]:
    inside = entry.inside("choices", needed=False)
    return {name: inside.read(name, as_text, "") for name in inside.names()}
